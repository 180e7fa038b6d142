import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RUNTIME, RUNTIME_NAME } from '../support/server-process.ts';

const REPLAY = fileURLToPath(new URL('../../examples/replay-http2.js', import.meta.url));
const CAPTURED = fileURLToPath(new URL('../../../examples/captured-client.h2', import.meta.url));

function run(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const flags = RUNTIME_NAME === 'deno' ? ['run', '-A', '--no-lock'] : [];
  return spawnSync(RUNTIME, [...flags, REPLAY, ...words], { encoding: 'utf8' });
}

/** What it prints for these octets. */
function replayed(octets: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'serval-replay-'));
  try {
    writeFileSync(join(folder, 'captured.h2'), octets);
    return run(join(folder, 'captured.h2')).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('replay: the captured file begins with the preface', () => {
  assert.match(readFileSync(CAPTURED, 'latin1'), /^PRI \* HTTP\/2\.0\r\n\r\nSM\r\n\r\n/);
});

test('replay: prints the parts of each captured request, and the frames of its response', () => {
  const { status, stdout, stderr } = run(CAPTURED);
  assert.deepEqual([status, stderr], [0, '']);
  const [start = '', first = '', second = '', third = ''] = stdout.split(/^request on stream \d+$/m);
  assert.match(start, /^output\n {2}SETTINGS {7}stream 0 {2}30 octets/);
  for (const request of [first, second, third])
    assert.match(request, /\n {2}field {10}"user-agent" {2}"pocket-notes\/2\.1"\n/);
  for (const stream of [1, 3, 5])
    assert.match(
      stdout,
      new RegExp(`\\n {2}HEADERS {8}stream ${stream} .*\\n {2}DATA {11}stream ${stream} `),
    );
  assert.match(third, /\n {2}target {9}"http" {2}"notes\.example" {2}"\/notes\?draft"\n/);
  const pieces = [...third.matchAll(/content {8}(\d+) {2}"(.*)"/g)];
  assert.equal(pieces.map((piece) => piece[2]).join(''), 'Servals can leap three metres upwards');
  assert.match(third, /\n {2}trailer field {2}"content-digest" {2}"sha-256=:/);
  assert.match(third, /the client goes away/);
});

test('replay: says which rule was broken, and that more octets are needed', () => {
  const captured = readFileSync(CAPTURED);
  assert.match(replayed(captured.subarray(0, 100)), /\n… more octets are needed\n$/);
  const broken = Buffer.from(captured);
  broken[0] = 0x21;
  assert.match(replayed(broken), /failed {9}"PrefaceInvalid" {2}"RFC 9113 §3\.4"\noutput\n {2}GOAWAY /);
});

test('replay: says how it is used when no file is named', () => {
  const { status, stderr } = run();
  assert.equal(status, 2);
  assert.match(stderr, /^usage: node build\/examples\/replay-http2\.js /);
});
