import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScannerPool } from '../../../src/http1/head/head-scanners.ts';
import { DEFAULT_LIMITS } from '../../../src/http1/limits.ts';
import { RequestDecoder } from '../../../src/http1/request-decoder.ts';
import { MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../../src/octets/results.ts';
import { eachSplit, latin1 } from '../../support/each-split.ts';
import { limited } from '../incremental.ts';

const decoderOf = (pool: ScannerPool) => new RequestDecoder(DEFAULT_LIMITS, undefined, pool);

function give(decoder: RequestDecoder, octets: string | Uint8Array): number {
  decoder.receive(typeof octets === 'string' ? latin1(octets) : octets);
  return decoder.next();
}

test('RFC 9112 §2.2: scanners that are given back are lent again', () => {
  const pool = new ScannerPool(DEFAULT_LIMITS);
  const first = pool.take();
  const second = pool.take();
  assert.notEqual(first, second);
  pool.give(first);
  assert.equal(pool.take(), first);
});

test('RFC 9112 §9.3: heads that arrive at the same time on connections of one pool do not mix', () => {
  const head = 'GET /a HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nX: y\r\n\r\n';
  eachSplit(head, (chunks) => {
    const pool = new ScannerPool(DEFAULT_LIMITS);
    const slow = decoderOf(pool);
    let result = NEED_OCTETS;
    for (const chunk of chunks) {
      // Between any two pieces another connection gets a whole head, and a third begins with one and never ends it.
      assert.equal(
        give(decoderOf(pool), 'PUT /b HTTP/1.1\r\nHost: b.example\r\nContent-Length: 3\r\n\r\n'),
        MESSAGE_HEAD,
      );
      assert.equal(give(decoderOf(pool), 'POST /c HTTP/1.0\r\nTransfer-Enc'), NEED_OCTETS);
      result = give(slow, chunk);
    }
    assert.equal(result, MESSAGE_HEAD);
    const { method, path, authority, framing } = slow.head!;
    assert.deepEqual(
      { method, path, authority, framing },
      { method: 'GET', path: '/a', authority: 'a.example', framing: { kind: 'none' } },
    );
    assert.deepEqual(slow.head!.fields.names, ['host', 'expect', 'x']);
  });
});

test('RFC 9112 §2.2: what was refused in the middle leaves nothing behind for the next', () => {
  const pool = new ScannerPool(limited({ fieldLines: 2 }));
  for (const refused of [
    'GET / HTTP/1.1\r\nHost: a\r\nBad Name: b\r\n\r\n',
    'G\0',
    '\r\n\n',
    'GET / HTTP/2.0\r\n\r\n',
  ]) {
    assert.equal(give(decoderOf(pool), refused), REJECTED, refused);
    const next = decoderOf(pool);
    assert.equal(give(next, '\r\nGET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n'), MESSAGE_HEAD, refused);
    assert.deepEqual(next.head!.fields.names, ['host', 'x']);
  }
});
