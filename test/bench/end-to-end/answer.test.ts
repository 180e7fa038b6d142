import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ask, mismatch, parseAnswers } from '../../../bench/end-to-end/answer.ts';

const HELLO = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n';

const octets = (text: string) => Buffer.from(text, 'latin1');

test('responses are separated by length and by chunks, and have their length on the wire', () => {
  const answers = parseAnswers(octets(HELLO + CHUNKED + HELLO), false);
  assert.deepEqual(
    answers.map(({ content }) => String(content)),
    ['hello', 'hello', 'hello'],
  );
  assert.deepEqual(
    answers.map(({ wireOctets }) => wireOctets),
    [HELLO.length, CHUNKED.length, HELLO.length],
  );
});

test('an incomplete response is waited for, and is an error at the end of the connection', () => {
  for (const whole of [HELLO, CHUNKED]) {
    for (let cut = 1; cut < whole.length; cut++) {
      assert.deepEqual(parseAnswers(octets(whole.slice(0, cut)), false), []);
      assert.throws(() => parseAnswers(octets(whole.slice(0, cut)), true), /incomplete/, whole.slice(0, cut));
    }
  }
});

test('a response without a length extends to the end of the connection', () => {
  const text = 'HTTP/1.0 200 OK\r\n\r\nto the end';
  assert.deepEqual(parseAnswers(octets(text), false), []);
  assert.equal(String(parseAnswers(octets(text), true)[0]?.content), 'to the end');
});

test('octets that are not HTTP are refused', () => {
  assert.throws(() => parseAnswers(octets('SSH-2.0-OpenSSH\r\n\r\n'), false), /not a status-line/);
});

test('content is compared without its coding, and the coding must be the expected one', () => {
  const coded = gzipSync('hello');
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n`;
  const [answer] = parseAnswers(Buffer.concat([octets(head), coded]), false);
  const expected = { status: 200, content: Buffer.from('hello') };
  assert.equal(mismatch(answer!, { ...expected, coding: 'gzip' }), undefined);
  assert.match(mismatch(answer!, expected)!, /Content-Encoding gzip instead of \(none\)/);
});

test('another status, length or content is reported', () => {
  const [answer] = parseAnswers(octets(HELLO), false);
  const wrong = (content: string, status = 200) =>
    mismatch(answer!, { status, content: Buffer.from(content) });
  assert.equal(wrong('hello'), undefined);
  assert.match(wrong('hello', 404)!, /status 200 instead of 404/);
  assert.match(wrong('hello!')!, /5 octets of content instead of 6/);
  assert.match(wrong('world')!, /other content/);
});

async function withServer(answer: string, what: (port: number) => Promise<void>): Promise<void> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.write(answer));
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  try {
    await what((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

test('each request gets one response, and more responses are an error', async () => {
  await withServer(HELLO + HELLO, async (port) => {
    assert.equal((await ask(port, octets('GET'), 2)).length, 2);
    await assert.rejects(ask(port, octets('GET'), 1), /2 responses to 1 requests/);
  });
});
