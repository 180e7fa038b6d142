import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Http1RequestHead } from '../../../src/http1/head/request-head.ts';
import { DEFAULT_LIMITS } from '../../../src/http1/limits.ts';
import { RequestDecoder } from '../../../src/http1/request-decoder.ts';
import { MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../../src/octets/results.ts';
import { eachSplit, latin1 } from '../../support/each-split.ts';
import { linesOf } from '../incremental.ts';

/** All there is to know of a head, as plain data. */
function factsOf(head: Http1RequestHead): object {
  const { method, form, scheme, path, authority, minor, framing } = head;
  const { connectionOptions, expectsContinue, connect, text } = head;
  const fields = linesOf(head.fields);
  return {
    method,
    form,
    scheme,
    path,
    authority,
    minor,
    framing,
    connectionOptions,
    expectsContinue,
    connect,
    fields,
    text,
  };
}

/** What a decoder makes of what is left in it. */
function answersOf(decoder: RequestDecoder, chunks: readonly Uint8Array[]): object[] {
  const answers: object[] = [];
  for (const chunk of chunks) {
    decoder.receive(chunk);
    for (let result = decoder.next(); result !== NEED_OCTETS; result = decoder.next()) {
      if (result === MESSAGE_HEAD) answers.push(factsOf(decoder.head!));
      if (result === REJECTED) return [...answers, { rejection: decoder.rejection!.reason }];
    }
  }
  return answers;
}

const LINES = 'Host: a.example\r\nAccept: */*\r\nConnection: keep-alive\r\n';

/** A request, and one that follows it on the same connection and has much in common with it. */
const pairs: { title: string; first: string; second: string }[] = [
  {
    title: 'the same again',
    first: `GET / HTTP/1.1\r\n${LINES}\r\n`,
    second: `GET / HTTP/1.1\r\n${LINES}\r\n`,
  },
  {
    title: 'the same fields for something else',
    first: `GET / HTTP/1.1\r\n${LINES}\r\n`,
    second: `DELETE /a?b HTTP/1.1\r\n${LINES}\r\n`,
  },
  {
    title: 'an octet of a value differs',
    first: `GET / HTTP/1.1\r\n${LINES}\r\n`,
    second: `GET / HTTP/1.1\r\n${LINES.replace('a.example', 'b.example')}\r\n`,
  },
  {
    title: 'one more line follows',
    first: `GET / HTTP/1.1\r\n${LINES}\r\n`,
    second: `GET / HTTP/1.1\r\n${LINES}X: y\r\n\r\n`,
  },
  {
    title: 'one line less',
    first: `GET / HTTP/1.1\r\n${LINES}X: y\r\n\r\n`,
    second: `GET / HTTP/1.1\r\n${LINES}\r\n`,
  },
  {
    title: 'the section of the first, with a NUL in it',
    first: `GET / HTTP/1.1\r\n${LINES}X: y\r\n\r\n`,
    second: `GET / HTTP/1.1\r\n${LINES}X: \0\r\n\r\n`,
  },
  {
    title: 'a bare LF at its end',
    first: `GET / HTTP/1.1\r\n${LINES}\r\n`,
    second: `GET / HTTP/1.1\r\n${LINES.slice(0, -2)}\n\r\n`,
  },
  {
    title: 'the same fields under HTTP/1.0, where they mean something else',
    first: `POST / HTTP/1.1\r\n${LINES}Upgrade: x\r\nConnection: upgrade\r\n\r\n`,
    second: `POST / HTTP/1.0\r\n${LINES}Upgrade: x\r\nConnection: upgrade\r\n\r\n`,
  },
  {
    title: 'no Host, which only HTTP/1.0 may leave out',
    first: 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
    second: 'GET / HTTP/1.1\r\nConnection: keep-alive\r\n\r\n',
  },
  {
    title: 'a target that contradicts the Host',
    first: `GET / HTTP/1.1\r\n${LINES}\r\n`,
    second: `GET http://b.example/ HTTP/1.1\r\n${LINES}\r\n`,
  },
  {
    title: 'no fields at all',
    first: 'GET / HTTP/1.0\r\n\r\n',
    second: 'GET / HTTP/1.0\r\n\r\n',
  },
];

for (const { title, first, second } of pairs) {
  test(`RFC 9112 §9.3.2: a request means the same alone and behind another: ${title}`, () => {
    const alone = answersOf(new RequestDecoder(DEFAULT_LIMITS), [latin1(second)]);
    eachSplit(
      second,
      (chunks) => {
        const decoder = new RequestDecoder(DEFAULT_LIMITS);
        assert.equal(answersOf(decoder, [latin1(first)]).length, 1);
        assert.deepEqual(answersOf(decoder, chunks), alone);
      },
      'GET ',
    );
  });
}

test('RFC 9112 §6.3: content behind the same header section is delimited anew', () => {
  const head = `POST / HTTP/1.1\r\n${LINES}Content-Length: 3\r\n\r\n`;
  eachSplit(`${head}abc`, (chunks) => {
    const decoder = new RequestDecoder(DEFAULT_LIMITS);
    const [fresh] = answersOf(decoder, [latin1(`${head}xyz`)]);
    assert.deepEqual(answersOf(decoder, chunks), [fresh]);
    assert.equal(decoder.buffered, 0);
    assert.equal(decoder.inHead, false);
  });
});
