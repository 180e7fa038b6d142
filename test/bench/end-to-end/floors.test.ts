/** A floor must count heads wherever they are cut, and answer each of them. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Answer, ask, parseAnswers } from '../../../bench/end-to-end/answer.ts';
import { requestFor } from '../../../bench/end-to-end/request.ts';
import { freePort, takesConnections } from '../../support/ports.ts';
import { inOneOf } from '../../support/until.ts';

/** Another process may take a free port before the server does. */
const TRIES = 3;

const BARE = fileURLToPath(new URL('../../../bench/end-to-end/servers/bare.js', import.meta.url));
const FLOOR = fileURLToPath(new URL('../../../../bench/end-to-end/servers/floor.c', import.meta.url));

test('bare node:net answers each head once, wherever the octets are cut', async () => {
  await inOneOf(TRIES, () => withServer(process.execPath, [BARE], countsHeads));
});

test('the C floor answers each head once, wherever the octets are cut', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'serval-floor-'));
  try {
    const program = join(folder, 'floor');
    try {
      execFileSync('cc', ['-O2', '-o', program, FLOOR], { stdio: 'pipe' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && process.platform === 'linux') throw error;
      return t.skip('no C compiler for it here');
    }
    await inOneOf(TRIES, () => withServer(program, [], countsHeads));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

async function countsHeads(port: number): Promise<void> {
  const request = requestFor(port, {});
  // Includes more responses than fit into one batch.
  for (const count of [1, 16, 64, 65, 200]) {
    const answers = await ask(port, Buffer.concat(Array<Buffer>(count).fill(request)), count);
    assert.ok(answers.every(({ content }) => String(content) === 'Hello, world!'));
  }
  const first = request.length;
  const two = Buffer.concat([request, request]);
  for (const cut of [1, first - 4, first - 3, first - 2, first - 1, first, first + 1, two.length - 1]) {
    const answers = await exchange(port, [two.subarray(0, cut), two.subarray(cut)], 2);
    assert.equal(answers.length, 2, `cut at ${cut}`);
  }
}

async function withServer(
  program: string,
  words: readonly string[],
  what: (port: number) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const server = spawn(program, [...words, String(port)], { stdio: 'ignore' });
  try {
    for (let tries = 0; tries < 1_000 && !(await takesConnections(port)); tries++) await sleep(25);
    await what(port);
  } finally {
    server.kill('SIGKILL');
  }
}

/** Sends the pieces one after the other, and waits a moment for surplus responses. */
async function exchange(port: number, pieces: readonly Buffer[], count: number): Promise<Answer[]> {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  for (const piece of pieces) {
    socket.write(piece);
    await sleep(10);
  }
  for (let tries = 0; tries < 4_000 && parseAnswers(Buffer.concat(chunks), false).length < count; tries++) {
    await sleep(5);
  }
  await sleep(10);
  socket.destroy();
  return parseAnswers(Buffer.concat(chunks), true);
}
