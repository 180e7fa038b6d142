/** What the server's and the client's end of a connection have in common, tried on both. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientConnection } from '../../src/http1/client-connection.ts';
import type { Endpoint } from '../../src/http1/endpoint.ts';
import { RequestFields } from '../../src/http1/head/request-fields.ts';
import type { MessageDecoder } from '../../src/http1/message-decoder.ts';
import { ServerConnection } from '../../src/http1/server-connection.ts';
import { CONTENT, CONTENT_END, MESSAGE_HEAD, REJECTED } from '../../src/octets/results.ts';
import { latin1 } from '../support/each-split.ts';
import { responseStart } from './exchange.ts';
import { linesOf, textOf } from './incremental.ts';

type End = Endpoint<MessageDecoder> & { next(): number };

interface Kind {
  readonly name: string;
  /** An end that has received a head with these lines and this content. */
  after(fields: string, content?: string): End;
  /** The message that this end sends is complete. */
  finish(end: End): void;
}

const KINDS: readonly Kind[] = [
  {
    name: 'server',
    after(fields, content = '') {
      const end = new ServerConnection();
      end.receive(latin1(`POST / HTTP/1.1\r\nHost: a\r\n${fields}\r\n${content}`));
      assert.equal(end.next(), MESSAGE_HEAD);
      return end;
    },
    finish(end) {
      (end as ServerConnection).beginResponse(responseStart());
      (end as ServerConnection).endResponse();
    },
  },
  {
    name: 'client',
    after(fields, content = '') {
      const end = new ClientConnection();
      const fixed = { target: '/', authority: 'a', fields: new RequestFields(), closes: false };
      end.beginRequest({ ...fixed, method: 'POST', contentLength: 5 });
      end.receive(latin1(`HTTP/1.1 200 OK\r\n${fields}\r\n${content}`));
      assert.equal(end.next(), MESSAGE_HEAD);
      return end;
    },
    finish(end) {
      (end as ClientConnection).endRequest();
    },
  },
];

for (const { name, after, finish } of KINDS) {
  test(`RFC 9112 §9.3: the ${name}'s end is idle when both messages of the exchange are complete`, () => {
    const end = after('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\nX: y\r\n\r\n');
    assert.deepEqual([end.isIdle, end.persists, end.requestCount], [false, true, 1]);
    assert.deepEqual([end.contentRemaining, end.buffered], [Infinity, 21]);
    assert.deepEqual([end.next(), textOf(end.content)], [CONTENT, 'hello']);
    assert.equal(end.next(), CONTENT_END);
    assert.deepEqual(linesOf(end.trailers), ['x: y']);
    assert.equal(end.isIdle, false);
    finish(end);
    assert.deepEqual(
      [end.isIdle, end.requestIsComplete, end.responseIsComplete, end.persists],
      [true, true, true, true],
    );
  });

  test(`RFC 9112 §9.6: the ${name}'s end decodes nothing more once it is closed`, () => {
    const end = after('Content-Length: 5\r\n', 'he');
    end.close();
    assert.deepEqual([end.isIdle, end.persists, end.buffered], [true, false, 0]);
    end.receive(latin1('llo'));
    assert.ok(end.next() !== CONTENT);
  });

  test(`RFC 9110 §7.8: the ${name}'s end hands over the octets that it has not decoded`, () => {
    const end = after('Content-Length: 5\r\n', 'he');
    assert.equal(textOf(end.handOver()), 'he');
    assert.equal(end.persists, false);
  });

  test(`RFC 9112 §7.1: the ${name}'s end says why it rejects a message`, () => {
    const end = after('Transfer-Encoding: chunked\r\n', 'x');
    assert.equal(end.next(), REJECTED);
    assert.equal(end.rejection.reason, 'ChunkSizeSyntax');
  });

  test(`RFC 9112 §6.2: the ${name}'s end frames its content as its head declares`, () => {
    const end = after('Content-Length: 0\r\n');
    if (end instanceof ServerConnection) end.beginResponse(responseStart({ contentLength: 5 }));
    assert.deepEqual(end.framing, { kind: 'length', length: 5 });
    assert.throws(() => end.contentEncoder().before(6), { name: 'ContentLengthMismatch' });
  });
}
