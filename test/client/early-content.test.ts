/** Content that arrives before anybody reads it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../src/client/client.ts';
import { answering, rawServer } from './raw-server.ts';

/** Nearly as much content as is kept for a reader, and nearly as many chunks of one octet as a response may have. */
const OCTETS = 65_000;
const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

test('client: content that arrives early in tiny chunks is read in few pieces, and all of it', async () => {
  const text = Array.from({ length: OCTETS }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
  const chunks = [...text].map((character) => `1\r\n${character}\r\n`).join('');
  await using server = await rawServer(answering(() => `${HEAD}${chunks}0\r\n\r\n`));
  await using client = new Client();
  const response = await client.fetch(server.url);
  await new Promise((resolve) => setTimeout(resolve, 300));
  let received = '';
  let pieces = 0;
  for await (const piece of response.body!) {
    received += Buffer.from(piece).toString('latin1');
    pieces++;
  }
  assert.equal(received, text);
  assert.ok(pieces < OCTETS / 10, `${pieces} pieces`);
});

test('client: early content is followed by the content that arrives while it is read', async () => {
  await using server = await rawServer(async (socket) => {
    socket.write(`${HEAD}5\r\nearly\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.write('5\r\n late\r\n0\r\n\r\n');
  });
  await using client = new Client();
  const response = await client.fetch(server.url);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(await response.text(), 'early late');
});
