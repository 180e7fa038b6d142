/** What the decoders of requests and of responses have in common, tried on both. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../src/http1/limits.ts';
import type { MessageDecoder } from '../../src/http1/message-decoder.ts';
import { RequestDecoder } from '../../src/http1/request-decoder.ts';
import { ResponseDecoder } from '../../src/http1/response-decoder.ts';
import { NO_OCTETS } from '../../src/octets/no-octets.ts';
import { CONTENT, CONTENT_END, MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../src/octets/results.ts';
import { eachSplit, latin1 } from '../support/each-split.ts';
import { linesOf, textOf } from './incremental.ts';

interface Direction {
  readonly name: string;
  readonly head: string;
  start(): MessageDecoder;
}

const DIRECTIONS: readonly Direction[] = [
  {
    name: 'request',
    head: 'POST / HTTP/1.1\r\nHost: a\r\n',
    start: () => new RequestDecoder(DEFAULT_LIMITS),
  },
  {
    name: 'response',
    head: 'HTTP/1.1 200 OK\r\n',
    start() {
      const decoder = new ResponseDecoder();
      decoder.expect({ method: 'GET', offersUpgrade: false });
      return decoder;
    },
  },
];

const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n';

/** All results up to the one that ends it, pieces of content joined. */
function decode(decoder: MessageDecoder, chunks: readonly Uint8Array[]) {
  let content = '';
  let last = NEED_OCTETS;
  for (const chunk of chunks) {
    decoder.receive(chunk);
    for (last = decoder.next(); last > 0; last = decoder.next()) {
      if (last === CONTENT) content += textOf(decoder.content);
      if (last === CONTENT_END) return { content, last };
    }
    if (last === REJECTED) break;
    // The contract: octets that have been decoded may change.
    if (decoder.buffered === 0) chunk.fill(0x21);
  }
  return { content, last };
}

for (const { name, head, start } of DIRECTIONS) {
  test(`RFC 9112 §6.3: the content of a ${name} is the same in each framing, wherever the input is split`, () => {
    for (const framed of [
      'Content-Length: 5\r\n\r\nhello',
      `${CHUNKED}2\r\nhe\r\n3;a\r\nllo\r\n0\r\nX: y\r\n\r\n`,
    ]) {
      eachSplit(head + framed, (chunks) => {
        const decoder = start();
        assert.deepEqual(decode(decoder, chunks), { content: 'hello', last: CONTENT_END });
        assert.deepEqual(linesOf(decoder.trailers), framed.includes('X: y') ? ['x: y'] : []);
        assert.deepEqual([decoder.buffered, decoder.contentRemaining], [0, 0]);
      });
    }
  });

  test(`RFC 9112 §7.1: a ${name} whose chunk is broken is rejected for good, wherever the input is split`, () => {
    eachSplit(`${head}${CHUNKED}2\r\nheX`, (chunks) => {
      const decoder = start();
      assert.equal(decode(decoder, chunks).last, REJECTED);
      assert.equal(decoder.rejection?.reason, 'ChunkDataSyntax');
      decoder.receive(latin1('\r\n0\r\n\r\n'));
      assert.equal(decoder.next(), REJECTED);
      assert.equal(decoder.contentRemaining, 0);
    });
  });

  test(`RFC 9112 §6.2: a ${name} tells how many octets wait, and how much content is missing`, () => {
    const decoder = start();
    decoder.receive(latin1(`${head}Content-Length: 5\r\n\r\nhe`));
    assert.equal(decoder.next(), MESSAGE_HEAD);
    assert.deepEqual([decoder.buffered, decoder.contentRemaining], [2, 5]);
    assert.equal(decoder.next(), CONTENT);
    assert.deepEqual([decoder.buffered, decoder.contentRemaining], [0, 3]);
    const chunked = start();
    chunked.receive(latin1(`${head}${CHUNKED}5`));
    assert.equal(chunked.next(), MESSAGE_HEAD);
    assert.deepEqual([chunked.buffered, chunked.contentRemaining], [1, Infinity]);
  });

  test(`the decoder of a ${name} releases the buffer that it has decoded`, () => {
    const decoder = start();
    decoder.receive(latin1(`${head}Content-Length: 5\r\n\r\nhe`));
    assert.deepEqual([decoder.next(), decoder.next()], [MESSAGE_HEAD, CONTENT]);
    structuredClone(0, { transfer: [decoder.content.buffer as ArrayBuffer] });
    decoder.receive(latin1('llo'));
    assert.deepEqual(
      [decoder.next(), textOf(decoder.content), decoder.next()],
      [CONTENT, 'llo', CONTENT_END],
    );
  });

  test(`a ${name} that is stopped is not decoded further, and its octets are returned once`, () => {
    for (const [raw, results, rest] of [
      [head, [], head],
      [`${head}Content-Length: 5\r\n\r\nhe`, [MESSAGE_HEAD], 'he'],
      [`${head}Content-Length: 5\r\n\r\nhe`, [MESSAGE_HEAD, CONTENT], ''],
    ] as const) {
      const decoder = start();
      decoder.receive(latin1(raw));
      for (const result of results) assert.equal(decoder.next(), result);
      assert.equal(textOf(decoder.stop()), rest);
      assert.deepEqual([decoder.next(), decoder.buffered], [NEED_OCTETS, 0]);
      assert.equal(decoder.stop().length, 0);
      decoder.receive(latin1('more'));
      assert.deepEqual([decoder.next(), textOf(decoder.stop())], [NEED_OCTETS, 'more']);
    }
  });

  test(`the decoder of a ${name} takes empty pieces`, () => {
    const decoder = start();
    for (const piece of [NO_OCTETS, latin1(head), NO_OCTETS, latin1('Content-Length: 1\r\n\r\n'), NO_OCTETS])
      decoder.receive(piece);
    assert.deepEqual([decoder.next(), decoder.next()], [MESSAGE_HEAD, NEED_OCTETS]);
    decoder.receive(NO_OCTETS);
    decoder.receive(latin1('x'));
    assert.deepEqual([decoder.next(), decoder.next()], [CONTENT, CONTENT_END]);
  });
}
