import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS, type MessageLimits } from '../../src/http1/limits.ts';
import { RequestDecoder } from '../../src/http1/request-decoder.ts';
import { latin1 as plainLatin1 } from '../../src/octets/octet-table.ts';
import { CONTENT, CONTENT_END, MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../src/octets/results.ts';
import { eachSplit, latin1 } from '../support/each-split.ts';
import { RAW_CASES } from '../tcp/raw-cases.ts';
import { type DecodedRequest, decodeRequests, limited, textOf } from './incremental.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: a\r\n';

/** A request without fields but Host, without content; what a test is about is written over it. */
function request(changes: Partial<DecodedRequest>): DecodedRequest {
  const plain = {
    method: 'GET',
    path: '/',
    authority: 'a',
    minor: 1,
    fields: ['host: a'],
    content: '',
    trailers: [],
  };
  return { ...plain, complete: true, ...changes };
}

test('RFC 9112 §9.3.2: pipelined requests are decoded one after the other, each with its own content', () => {
  const raw =
    `${POST}Content-Length: 7\r\n\r\nGET / H${GET}` +
    `\r\n${POST}Transfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n1\r\nd\r\n0\r\nX-Sum: 1\r\nHost: b\r\n\r\n` +
    `\r\n\r\nHEAD http://A/b HTTP/1.0\r\nHost: a\r\nContent-Length: 0\r\n\r\n`;
  const expected = [
    request({ method: 'POST', fields: ['host: a', 'content-length: 7'], content: 'GET / H' }),
    request({}),
    request({
      method: 'POST',
      fields: ['host: a', 'transfer-encoding: chunked'],
      content: 'abcd',
      trailers: ['x-sum: 1'],
    }),
    request({
      method: 'HEAD',
      path: '/b',
      authority: 'A',
      minor: 0,
      fields: ['host: a', 'content-length: 0'],
    }),
  ];
  eachSplit(
    raw,
    (chunks, { trailing }) => {
      const requests = trailing.length === 0 ? expected : [...expected, request({})];
      assert.deepEqual(decodeRequests(chunks), { requests, rejection: undefined });
    },
    GET,
  );
});

test('RFC 9112 §2.2: every raw case is understood or refused alike, wherever it is cut', () => {
  for (const row of RAW_CASES) {
    for (const variant of row.each ?? ['']) {
      const raw = typeof row.raw === 'function' ? row.raw(variant) : row.raw;
      const expect = typeof row.expect === 'function' ? row.expect(variant) : row.expect;
      const whole = decodeRequests([latin1(raw)]);
      eachSplit(raw, (chunks) => assert.deepEqual(decodeRequests(chunks), whole, `${row.title}: ${raw}`));

      const explanation = `${row.title}: ${JSON.stringify(raw.slice(0, 200))}`;
      const complete = whole.requests.filter((decoded) => decoded.complete);
      // That nobody takes a CONNECT is not for the decoder to say; that nothing more comes is not known to it.
      if (complete[0]?.method === 'CONNECT') continue;
      if (expect.refuses === undefined) {
        assert.equal(whole.rejection, undefined, explanation);
        assert.equal(complete.length, expect.answers.length, explanation);
        continue;
      }
      assert.equal(complete.length, 0, explanation);
      if (expect.refuses === 'head') assert.equal(whole.requests.length, 0, explanation);
      if (!row.finish)
        assert.ok([expect.answers[0]].flat().includes(whole.rejection?.status ?? 0), explanation);
    }
  }
});

test('RFC 9112 §2.2: after a refusal nothing more is decoded, what came before it stands', () => {
  eachSplit(
    `${GET}GET / HTTP/1.1\r\nX : y\r\n`,
    (chunks) => {
      const decoder = new RequestDecoder(DEFAULT_LIMITS);
      const results: number[] = [];
      for (const chunk of chunks) {
        decoder.receive(chunk);
        for (let result = decoder.next(); result !== NEED_OCTETS; result = decoder.next()) {
          if (results.at(-1) !== result) results.push(result);
          if (result === REJECTED) break;
        }
      }
      assert.deepEqual(results, [MESSAGE_HEAD, REJECTED]);
      decoder.receive(latin1(GET));
      assert.equal(decoder.next(), REJECTED);
      assert.equal(decoder.rejection!.reason, 'FieldNameSyntax');
    },
    GET,
  );
});

test('RFC 9112 §8: what is not complete is never told as complete', () => {
  for (const raw of [
    `${POST}Content-Length: 5\r\n\r\nhell`,
    `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r`,
  ]) {
    eachSplit(raw, (chunks) => {
      const { requests, rejection } = decodeRequests(chunks);
      assert.deepEqual([requests.length, requests[0]!.complete, rejection], [1, false, undefined]);
    });
  }
});

test('RFC 9112 §9.3.2: the decoder stops at each answer and keeps what it has not been asked for', () => {
  const message = `${POST}Content-Length: 3\r\n\r\nabc`;
  const decoder = new RequestDecoder(DEFAULT_LIMITS);
  decoder.receive(latin1(message + GET));
  const answers = [];
  for (let i = 0; i < 5; i++) answers.push([decoder.next(), decoder.buffered]);
  const rest = GET.length;
  assert.deepEqual(answers, [
    [MESSAGE_HEAD, rest + 3],
    [CONTENT, rest],
    [CONTENT_END, rest],
    [MESSAGE_HEAD, 0],
    [NEED_OCTETS, 0],
  ]);
});

/** What is known of the decoder when it wants more. */
function stateAfter(raw: string): { inHead: boolean; buffered: number; contentRemaining: number } {
  let state = { inHead: false, buffered: 0, contentRemaining: 0 };
  eachSplit(raw, (chunks, { label }) => {
    const decoder = new RequestDecoder(DEFAULT_LIMITS);
    for (const chunk of chunks) {
      decoder.receive(chunk);
      while (decoder.next() !== NEED_OCTETS);
    }
    const { inHead, buffered, contentRemaining } = decoder;
    if (label === 'whole') state = { inHead, buffered, contentRemaining };
    else assert.deepEqual({ inHead, buffered, contentRemaining }, state);
  });
  return state;
}

test('RFC 9112 §2.2: a head is under way from its first octet to its last, which empty lines are not', () => {
  for (const raw of ['G', 'GET ', 'GET / HTTP/1.1\r\n', GET.slice(0, -1), `\r\nG`, `${GET}G`]) {
    assert.equal(stateAfter(raw).inHead, true, raw);
  }
  for (const raw of ['', '\r', '\r\n', GET, `${GET}\r\n`, `${POST}Content-Length: 5\r\n\r\n`]) {
    assert.equal(stateAfter(raw).inHead, false, raw);
  }
});

test('RFC 9112 §6.2: how much content is still to come is known where its length is', () => {
  assert.equal(stateAfter(GET).contentRemaining, 0);
  assert.equal(stateAfter(`${POST}Content-Length: 5\r\n\r\n`).contentRemaining, 5);
  assert.equal(stateAfter(`${POST}Content-Length: 5\r\n\r\nhe`).contentRemaining, 3);
  assert.equal(stateAfter(`${POST}Content-Length: 5\r\n\r\nhello`).contentRemaining, 0);
  assert.equal(stateAfter(`${POST}Transfer-Encoding: chunked\r\n\r\n2\r\nx`).contentRemaining, Infinity);
  assert.equal(stateAfter(`${POST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`).contentRemaining, 0);
});

test('RFC 9110 §7.8: octets behind a head that changes protocols are handed back, and not decoded', () => {
  eachSplit(
    GET,
    (chunks, { trailing }) => {
      const decoder = new RequestDecoder(DEFAULT_LIMITS);
      let rest = '';
      let stopped = false;
      for (const chunk of chunks) {
        decoder.receive(chunk);
        if (!stopped && decoder.next() === MESSAGE_HEAD) stopped = true;
        if (stopped) rest += textOf(decoder.stop());
      }
      assert.equal(rest, textOf(trailing));
      assert.equal(decoder.next(), NEED_OCTETS);
      assert.equal(decoder.buffered, 0);
    },
    '\x81\x05hello GET / HTTP/1.1\r\n\r\n',
  );
});

test('RFC 9112 §6: content is a view on the octets received, never a copy', () => {
  const octets = latin1(`${POST}Content-Length: 3\r\n\r\nabc`);
  const decoder = new RequestDecoder(DEFAULT_LIMITS);
  decoder.receive(octets);
  assert.deepEqual([decoder.next(), decoder.next()], [MESSAGE_HEAD, CONTENT]);
  assert.equal(decoder.content.buffer, octets.buffer);
  assert.equal(textOf(decoder.content), 'abc');
});

test('RFC 9110 §5.5: text is made by the function that is handed in', () => {
  const texts: string[] = [];
  const decoder = new RequestDecoder(DEFAULT_LIMITS, (octets, start, end) => {
    texts.push(plainLatin1(octets, start, end));
    return texts.at(-1)!;
  });
  decoder.receive(latin1(`${POST}Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n`));
  while (decoder.next() !== NEED_OCTETS);
  const [line, ...section] = `${POST}Transfer-Encoding: chunked`.split('\r\n');
  assert.deepEqual(texts, [`${section.join('\r\n')}\r\n\r\n`, `${line}\r\n`, 'X: y\r\n\r\n']);
});

const SECTION = 'Host: a\r\n\r\n';
const bounds: { title: string; limits: MessageLimits; within: string; beyond: string; status: number }[] = [
  {
    title: 'RFC 9112 §3: a request whose request-line is one octet over the limit is refused with 414',
    limits: limited({ requestLine: 20 }),
    within: `GET /234567 HTTP/1.1\r\n${SECTION}`,
    beyond: `GET /2345678 HTTP/1.1\r\n${SECTION}`,
    status: 414,
  },
  {
    title: 'RFC 6585 §5: a request whose header section is one octet over the limit is refused with 431',
    limits: limited({ fieldSection: SECTION.length }),
    within: `GET / HTTP/1.1\r\n${SECTION}`,
    beyond: `GET / HTTP/1.1\r\nHost: aa\r\n\r\n`,
    status: 431,
  },
  {
    title: 'RFC 6585 §5: a request with one field line more than the limit is refused with 431',
    limits: limited({ fieldLines: 2 }),
    within: `GET / HTTP/1.1\r\nX: y\r\n${SECTION}`,
    beyond: `GET / HTTP/1.1\r\nX: y\r\nX: y\r\n${SECTION}`,
    status: 431,
  },
];

for (const { title, limits, within, beyond, status } of bounds) {
  test(title, () => {
    eachSplit(
      within,
      (chunks, { trailing }) => {
        const { requests, rejection } = decodeRequests(chunks, limits);
        assert.deepEqual([requests.length, rejection], [trailing.length === 0 ? 1 : 2, undefined]);
      },
      within,
    );
    eachSplit(
      beyond,
      (chunks) => {
        const { requests, rejection } = decodeRequests(chunks, limits);
        assert.deepEqual([requests.length, rejection?.status], [0, status]);
      },
      GET,
    );
  });
}
