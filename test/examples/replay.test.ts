import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RUNTIME, RUNTIME_NAME } from '../support/server-process.ts';

const REPLAY = fileURLToPath(new URL('../../examples/replay.js', import.meta.url));
const CAPTURED = fileURLToPath(new URL('../../../examples/captured-request.http', import.meta.url));

function run(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const flags = RUNTIME_NAME === 'deno' ? ['run', '-A', '--no-lock'] : [];
  return spawnSync(RUNTIME, [...flags, REPLAY, ...words], { encoding: 'utf8' });
}

/** What it prints for these octets. */
function replayed(octets: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'serval-replay-'));
  try {
    writeFileSync(join(folder, 'captured.http'), octets, 'latin1');
    return run(join(folder, 'captured.http')).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('replay: the captured file has kept the line ends of the wire', () => {
  const captured = readFileSync(CAPTURED, 'latin1');
  assert.match(captured, /^POST /);
  assert.doesNotMatch(captured, /[^\r]\n/);
});

test('replay: prints the parts of each captured request, and the octets of its response', () => {
  const { status, stdout, stderr } = run(CAPTURED);
  assert.deepEqual([status, stderr], [0, '']);
  const [, posted = '', headed = '', got = ''] = stdout.split(/^request \d$/m);
  for (const part of [
    '  method         "POST"',
    '  target         "/notes?draft"  "origin-form"',
    '  authority      "notes.example"',
    '  field          "transfer-encoding"  "chunked"',
    '  framing        "chunked"',
    '  trailer field  "content-digest"  "sha-256=:',
    '  HTTP/1.1 200 OK␍␊',
    '  Transfer-Encoding: chunked␍␊',
    '  You sent POST /notes?draft␊',
    '  0␍␊',
    'the connection persists',
  ]) {
    assert.ok(posted.includes(`\n${part}`), `${part} in ${posted}`);
  }
  const pieces = [...posted.matchAll(/content {8}(\d+) {2}"(.*)"/g)];
  assert.equal(pieces.map((piece) => piece[2]).join(''), 'Servals can leap three metres upwards');
  assert.match(headed, /"absolute-form".*HTTP\/1\.1 200 OK␍␊.* {2}␍␊\nthe connection persists/s);
  assert.match(got, /Connection: close␍␊.*You sent GET \/notes␊.*the connection closes/s);
});

test('replay: says which rule a request broke, and how it is answered', () => {
  const printed = replayed('GET / HTTP/1.1\r\nHost : a\r\n\r\n');
  assert.match(printed, /refused {8}"FieldNameSyntax" {2}"RFC 9112 §5\.1"/);
  assert.match(printed, / {2}HTTP\/1\.1 400 Bad Request␍␊\n.*Connection: close␍␊/s);
});

test('replay: reports an incomplete request, and octets after the end of the connection', () => {
  assert.match(replayed('GET / HTTP/1.1\r\nHost:'), /^… more octets are needed$/m);
  const closing = 'GET / HTTP/1.0\r\n\r\nGET /late HTTP/1.0\r\n\r\n';
  assert.match(replayed(closing), /^22 octets after the end of the connection/m);
});

test('replay: says how it is used when no file is named', () => {
  const { status, stderr } = run();
  assert.equal(status, 2);
  assert.match(stderr, /^usage: node build\/examples\/replay\.js /);
});
