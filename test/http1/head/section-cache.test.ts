import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScannerPool } from '../../../src/http1/head/head-scanners.ts';
import { DEFAULT_LIMITS } from '../../../src/http1/limits.ts';
import { RequestDecoder } from '../../../src/http1/request-decoder.ts';
import { MESSAGE_HEAD, REJECTED } from '../../../src/octets/results.ts';
import { eachSplit, latin1 } from '../../support/each-split.ts';

const pool = () => new ScannerPool(DEFAULT_LIMITS);

/** The section that a new connection gets from these octets. */
function sectionOf(scanners: ScannerPool, chunks: readonly Uint8Array[]) {
  const decoder = new RequestDecoder(DEFAULT_LIMITS, undefined, scanners);
  for (const chunk of chunks) {
    decoder.receive(chunk);
    const result = decoder.next();
    if (result === MESSAGE_HEAD || result === REJECTED) break;
  }
  return decoder.head?.section;
}
const from = (scanners: ScannerPool, octets: string) => sectionOf(scanners, [latin1(octets)]);

const FIELDS = 'Host: a.example\r\nAccept: text/html\r\n\r\n';
/** With a section of so many octets. */
const long = (octets: number) => `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(octets - 16)}\r\n\r\n`;

test('RFC 9112 §5: connections that send the same header section share it, wherever the octets are cut', () => {
  const scanners = pool();
  const first = from(scanners, `GET / HTTP/1.1\r\n${FIELDS}`);
  assert.equal(first?.text, FIELDS);
  eachSplit(`PUT /other HTTP/1.1\r\n${FIELDS}`, (chunks) => {
    assert.equal(sectionOf(scanners, chunks), first);
  });
  assert.notEqual(from(pool(), `GET / HTTP/1.1\r\n${FIELDS}`), first, 'another listener has its own');
});

test('RFC 9112 §5: a section is shared if all of its octets are the same, and the version', () => {
  const scanners = pool();
  const first = from(scanners, `GET / HTTP/1.1\r\n${FIELDS}`);
  for (let at = 0; at < FIELDS.length; at++) {
    const changed = `${FIELDS.slice(0, at)}\0${FIELDS.slice(at + 1)}`;
    assert.equal(from(scanners, `GET / HTTP/1.1\r\n${changed}`), undefined, `octet ${at}`);
  }
  const other = from(scanners, `GET / HTTP/1.1\r\n${FIELDS.replace('a.example', 'b.example')}`);
  assert.equal(other?.host, 'b.example');
  assert.notEqual(from(scanners, `GET / HTTP/1.0\r\n${FIELDS}`), other);
  assert.equal(first?.host, 'a.example');
});

test('RFC 9112 §5.4: a section behind which content or another request follows is shared as well', () => {
  const scanners = pool();
  const fields = 'Host: a\r\nContent-Length: 2\r\n\r\n';
  const first = from(scanners, `POST / HTTP/1.1\r\n${fields}hi`);
  assert.equal(from(scanners, `POST / HTTP/1.1\r\n${fields}ho${long(100)}`), first);
});

test('RFC 9112 §5: a section of 4,096 octets is shared, and one of 4,097 is not', () => {
  const scanners = pool();
  const first = from(scanners, long(4096));
  assert.equal(first?.text.length, 4096);
  assert.equal(from(scanners, long(4096)), first);
  const second = from(scanners, long(4097));
  assert.equal(second?.text.length, 4097);
  assert.notEqual(from(scanners, long(4097)), second);
});
