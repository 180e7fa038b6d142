/** A server that breaks the rules: each case is an error that names the rule, and never a hang or another request's response. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../src/client/client.ts';
import { codeOf } from '../../src/fetch/errors.ts';
import { RAW_RESPONSES } from '../http1/raw-responses.ts';
import { eventually, rawServer } from './raw-server.ts';

const PATIENCE = { timeouts: { headers: 20_000, receive: 20_000 } };
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood';

for (const { title, method = 'GET', raws, ends = false, expect } of RAW_RESPONSES) {
  if (method === 'CONNECT') continue;
  test(`hostile server: ${title}`, async () => {
    await using client = new Client(PATIENCE);
    let raw = '';
    await using server = await rawServer((socket, text) => {
      if (text.split('\r\n\r\n').at(-2)?.startsWith('GET /good ')) socket.end(OK);
      else if (ends) socket.end(Buffer.from(raw, 'latin1'));
      else socket.write(Buffer.from(raw, 'latin1'));
    });
    for (raw of raws) {
      const shown = JSON.stringify(raw);
      const answered = client
        .fetch(server.url, { method })
        .then(async (response) => `${response.status} ${await response.text()}`);
      if ('refused' in expect) await assertRefused(answered, expect.refused, raw, shown);
      else assert.equal((await answered).slice(4), expect.content, shown);
      // Whatever it was, the next request gets its own answer, on a connection that nothing is left on.
      assert.equal(await (await client.fetch(`${server.url}/good`)).text(), 'good', shown);
    }
  });
}

async function assertRefused(
  answered: Promise<string>,
  reason: string,
  raw: string,
  shown: string,
): Promise<void> {
  if (reason === 'Unsolicited') {
    // The response itself is valid. The octets behind it belong to no response, and end the connection.
    assert.doesNotMatch(await answered, /world/, shown);
    return;
  }
  const error = await answered.then(
    (text) => assert.fail(`accepted as ${text}: ${shown}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof TypeError, `${error}: ${shown}`);
  const isBrokenOff = reason === 'Incomplete';
  assert.equal(codeOf(error), isBrokenOff ? 'ERR_HTTP_CONNECTION_RESET' : 'ERR_HTTP_PROTOCOL_ERROR', shown);
  if (!isBrokenOff) assert.ok(error.message.includes(reason), `${error.message}: ${raw}`);
}

test('hostile server: octets that arrive before any request are not taken for a response', async () => {
  await using client = new Client(PATIENCE);
  await using server = await rawServer(
    (socket) => socket.end(OK),
    (socket, connection) => {
      if (connection === 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    },
  );
  const answers: string[] = [];
  for (let i = 0; i < 3; i++) {
    const answer = await client.fetch(server.url).then(
      (response) => response.text(),
      (error: unknown) => String(codeOf(error)),
    );
    answers.push(answer);
  }
  // The octets and the request may cross on their way, so only the order of arrival counts.
  assert.deepEqual(answers.slice(1), ['good', 'good']);
});

test('hostile server: octets on an idle connection close it, and are not taken for a response', async () => {
  await using client = new Client(PATIENCE);
  await using server = await rawServer((socket, _text, connection) => {
    if (connection > 0) return socket.end(OK);
    socket.write(OK);
    setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'), 20);
    return undefined;
  });
  assert.equal(await (await client.fetch(server.url)).text(), 'good');
  assert.ok(await eventually(() => client.connections === 0));
  assert.equal(await (await client.fetch(server.url)).text(), 'good');
  assert.equal(server.accepted, 2);
});

test('hostile server: silence ends with a timeout, before the head and within the content', async () => {
  await using client = new Client({ timeouts: { headers: 150, receive: 150 } });
  await using server = await rawServer((socket, text) => {
    if (text.includes('/head')) socket.write('HTTP/1.1 200 OK\r\nX: ');
    if (text.includes('/content')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello');
  });
  for (const path of ['/nothing', '/head', '/content']) {
    const answered = client.fetch(`${server.url}${path}`).then((response) => response.text());
    await assert.rejects(answered, { name: 'TypeError', code: 'ERR_HTTP_TIMEOUT' }, path);
  }
});

test('hostile server: a response that arrives octet by octet is the same response', async () => {
  await using client = new Client(PATIENCE);
  const raw =
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n';
  await using server = await rawServer(async (socket) => {
    for (const octet of raw) {
      socket.write(octet);
      await new Promise(setImmediate);
    }
  });
  const seen: number[] = [];
  const response = await client.fetch(server.url, { onInformational: (status) => seen.push(status) });
  assert.equal(await response.text(), 'hello');
  assert.equal((await response.trailers).get('x-sum'), '1');
  assert.deepEqual(seen, [103]);
});

test('hostile server: endless heads, interim responses and chunk framing reach their limits', async () => {
  for (const [endless, reason] of [
    [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`, 'FieldSectionTooLarge'],
    [`HTTP/1.1 200 ${'x'.repeat(100_000)}`, 'StatusLineTooLong'],
    ['HTTP/1.1 102 \r\n\r\n'.repeat(100), 'TooManyInterim'],
    [
      `HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(100_000)}`,
      'ChunkOverheadTooLarge',
    ],
    [`HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(100_000)}`, 'ChunkExtensionTooLarge'],
  ] as const) {
    await using client = new Client(PATIENCE);
    await using server = await rawServer((socket) => socket.write(endless));
    const answered = client.fetch(server.url).then((response) => response.text());
    await assert.rejects(answered, { code: 'ERR_HTTP_PROTOCOL_ERROR', message: new RegExp(reason) }, reason);
  }
});
