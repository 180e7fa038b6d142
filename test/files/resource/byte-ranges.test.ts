import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MultipartPlan, planMultipart } from '../../../src/files/resource/byte-ranges.ts';
import { RUNS } from '../../property/arbitraries.ts';

const CONTENT = new Uint8Array(1000).map((_, at) => at % 251);

/** What is sent, the octets of the content one character each. */
function write(plan: MultipartPlan): string {
  const pieces = plan.parts.map((part) =>
    'text' in part ? Buffer.from(part.text) : Buffer.from(CONTENT.subarray(part.start, part.end)),
  );
  return Buffer.concat(pieces).toString('latin1');
}

function boundaryOf(plan: MultipartPlan): string {
  return (
    /^multipart\/byteranges; boundary=([0-9A-Za-z'()+_,\-./:=?]{1,70})$/.exec(plan.contentType)?.[1] ?? ''
  );
}

const octets = (start: number, end: number): string =>
  Buffer.from(CONTENT.subarray(start, end)).toString('latin1');

test('RFC 9110 §14.6: each range is a part with its own Content-Type and Content-Range', () => {
  const ranges = [
    { start: 500, end: 600 },
    { start: 0, end: 1 },
  ];
  const plan = planMultipart(ranges, 1000, 'text/html; charset=utf-8');
  const boundary = boundaryOf(plan);
  assert.notEqual(boundary, '');
  assert.equal(
    write(plan),
    `--${boundary}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Range: bytes 500-599/1000\r\n\r\n${octets(500, 600)}` +
      `\r\n--${boundary}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Range: bytes 0-0/1000\r\n\r\n${octets(0, 1)}` +
      `\r\n--${boundary}--\r\n`,
  );
});

test('RFC 2046 §5.1.1: no two plans have the same boundary, which nobody can put into a file', () => {
  const range = { start: 0, end: 1 };
  const boundaries = Array.from({ length: 1000 }, () => boundaryOf(planMultipart([range], 1, 'text/plain')));
  assert.equal(new Set(boundaries).size, 1000);
});

test('RFC 9110 §14.6: the boundary needs no quotes', () => {
  // token, RFC 9110 §5.6.2: a parameter's value without quotes.
  assert.match(boundaryOf(planMultipart([{ start: 0, end: 1 }], 1, 'text/plain')), /^[0-9A-Za-z-]+$/);
});

test('property: the length is that of the octets produced', () => {
  const range = fc
    .tuple(fc.nat(999), fc.nat(999))
    .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 1 }));
  const mediaType = fc.constantFrom('text/plain', 'application/octet-stream', 'text/x; title="é €"');
  const holds = fc.property(fc.array(range, { minLength: 1, maxLength: 20 }), mediaType, (ranges, type) => {
    const plan = planMultipart(ranges, 1000, type);
    assert.equal(plan.length, write(plan).length);
  });
  fc.assert(holds, RUNS);
});

test('RFC 9110 §14.6: lengths beyond 32 bits add up', () => {
  const length = Number.MAX_SAFE_INTEGER;
  const plan = planMultipart([{ start: 0, end: 2 ** 33 }], length, 'video/mp4');
  const text = plan.parts.reduce((sum, part) => sum + ('text' in part ? part.text.length : 0), 0);
  assert.equal(plan.length, 2 ** 33 + text);
});
