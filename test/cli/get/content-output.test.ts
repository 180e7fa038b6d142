import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { outputTo } from '../../../src/cli/get/content-output.ts';
import { answering, rawServer } from '../../client/raw-server.ts';
import { findProgram } from '../../support/find-program.ts';
import { MAIN } from '../serval-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'serval-output-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('serval get -o: a file takes as long as its pieces, however many they are', async () => {
  const measured = async (pieces: number): Promise<number> => {
    const output = outputTo(join(folder, String(pieces)));
    const before = process.cpuUsage();
    for (let i = 0; i < pieces; i++) await output.write(Buffer.from('x'));
    await output.end();
    await output.close();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  await measured(1_000);
  const few = await measured(2_000);
  const many = await measured(16_000);
  assert.equal(statSync(join(folder, '16000')).size, 16_000);
  // Eight times as much; with a listener for each piece it was sixty times as much.
  assert.ok(many < few * 24, `${few} and ${many} µs`);
});

const onTerminalWords = (words: string[]): [string, string[]] => {
  const command = [process.execPath, MAIN, 'get', ...words].map((word) => `'${word}'`).join(' ');
  return ['script', ['-qec', command, '/dev/null']];
};

/** The output of `serval get` on a terminal. */
async function onTerminal(...words: string[]): Promise<string> {
  return (await promisify(execFile)(...onTerminalWords(words))).stdout;
}

const isMissing = findProgram('script') === undefined ? 'script is not installed' : false;

test('serval get: a terminal gets escape sequences of the content only with -o -', {
  skip: isMissing,
}, async () => {
  const content = 'a\x1b]0;title\x07\nb';
  await using server = await rawServer(
    answering(() => `HTTP/1.1 200 \x9b31mOK\r\nContent-Length: ${content.length}\r\n\r\n${content}`),
  );
  const escaped = await onTerminal('-i', server.url);
  assert.match(escaped, /a\\x1b\]0;title\\x07\r\nb/);
  assert.match(escaped, /^HTTP\/1\.1 200 \\x9b31mOK\r+\n/);
  assert.ok(!escaped.includes('\x1b'), escaped);
  assert.ok((await onTerminal('-o', '-', server.url)).includes(content.replace('\n', '\r\n')));
});

test('serval get: a terminal gets binary content only with -o -', { skip: isMissing }, async () => {
  await using server = await rawServer(answering(() => 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc\0d'));
  await assert.rejects(onTerminal(server.url), ({ code, stdout }: { code: number; stdout: string }) => {
    assert.equal(code, 23);
    assert.match(stdout, /^serval: the content is binary; "--output FILE" keeps it/);
    return !stdout.includes('abc');
  });
  assert.equal(await onTerminal('-o', '-', server.url), 'abc\0d');
});

test('serval get -u: the password of a name alone is asked for on a terminal', {
  skip: isMissing,
}, async () => {
  await using server = await rawServer(answering(() => 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
  const child = spawn(...onTerminalWords(['-u', 'me', server.url]), { stdio: 'pipe' });
  let shown = '';
  child.stdout.on('data', (octets) => {
    if (shown === '') child.stdin.write('secret\n');
    shown += octets;
  });
  await once(child, 'close');
  assert.match(shown, /^Password for me: \r\nok$/);
  const authorization = /Authorization: Basic (\S+)/.exec(server.received[0]!)![1]!;
  assert.equal(Buffer.from(authorization, 'base64').toString(), 'me:secret');
});
