import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FieldSectionScanner } from '../../src/http1/head/field-section-scanner.ts';
import { REJECTIONS } from '../../src/http1/rejections.ts';
import { serializeResponseHead } from '../../src/http1/response-encoder.ts';
import { REJECTED } from '../../src/octets/results.ts';
import { FieldLines } from '../../src/semantics/field-lines.ts';
import { FieldSection } from '../../src/semantics/field-section.ts';
import { DATE } from '../http1/exchange.ts';
import { decodeRequests, linesOf, scanChunks } from '../http1/incremental.ts';
import { latin1 } from '../support/each-split.ts';
import { parseResponses } from '../support/response-parser.ts';
import { cuts, fieldValue, piecesOf, RUNS, token } from './arbitraries.ts';

/** Field lines which are well-formed most of the time. */
const section = fc
  .array(
    fc.oneof(
      {
        arbitrary: fc
          .tuple(token, fc.constantFrom(':', ': ', ':\t \t'), fieldValue)
          .map((line) => line.join('')),
        weight: 8,
      },
      fc.constantFrom(
        'Host: a',
        'Content-Length:5 ',
        'CONNECTION: a,b',
        'Expect:',
        ':',
        'X',
        ' X: y',
        'X: \r',
        'X: \n:',
      ),
    ),
    { maxLength: 6 },
  )
  .map((lines) => `${lines.map((line) => `${line}\r\n`).join('')}\r\n`);

/** RFC 9112 §5, in a few words; for sections that a scanner has accepted. */
function decoded(text: string): string[] {
  const lines = text.split('\r\n').slice(0, -2);
  return lines.map((line) => {
    const [, name = '', value = ''] = /^([^:]+):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    return `${name.toLowerCase()}: ${value}`;
  });
}

const NOTED = ['host', 'content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade'];

test('property: what is decoded of a field section is what was scanned', () => {
  let accepted = 0;
  const holds = fc.property(section, cuts, (raw, where) => {
    const scanner = new FieldSectionScanner({
      octets: 4_000,
      lines: 10,
      tooLarge: REJECTIONS.FieldSectionTooLarge,
    });
    const { outcome, text } = scanChunks(scanner, piecesOf(raw, where));
    if (outcome === REJECTED) return;
    accepted++;
    const start = text.indexOf(raw);
    const scanned = decoded(raw.slice(0, outcome));
    assert.deepEqual(linesOf(new FieldSection(text, start)), scanned);
    for (const [field, name] of NOTED.entries()) {
      const lines = scanned.filter((line) => line.startsWith(`${name}: `));
      assert.equal(scanner.noted[field], lines.length);
      const value = text.slice(scanner.notedStart[field], scanner.notedEnd[field]);
      if (lines.length > 0) assert.equal(`${name}: ${value}`, lines.at(-1));
    }
  });
  fc.assert(holds, { ...RUNS, numRuns: 3_000 });
  assert.ok(accepted > 1_000, `${accepted} sections were accepted`);
});

// Not one of the names that mean something to framing.
const fields = fc.array(
  fc.tuple(
    token.map((name) => `X-${name}`),
    fieldValue,
  ),
  { maxLength: 8 },
);

test('property: fields that a client sends reach the server as they were', () => {
  const holds = fc.property(fields, cuts, (given, where) => {
    const lines = given.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const { requests } = decodeRequests(piecesOf(`GET / HTTP/1.0\r\n${lines}\r\n`, where));
    assert.deepEqual(
      requests[0]?.fields,
      given.map(([name, value]) => `${name.toLowerCase()}: ${value}`),
    );
  });
  fc.assert(holds, RUNS);
});

test('property: fields that a handler gives reach the client as they were, or throw and none of it is sent', () => {
  const anyValue = fc.oneof(fieldValue, fc.string({ unit: 'binary', maxLength: 4 }));
  const holds = fc.property(
    fc.array(fc.tuple(fc.oneof(token, fc.string({ maxLength: 3 })), anyValue)),
    (given) => {
      const sent = new FieldLines();
      const kept: [string, string][] = [];
      for (const [name, value] of given) {
        const before = sent.lines;
        try {
          sent.add(`X-${name}`, value);
          kept.push([`X-${name}`, value.replace(/^[ \t]+|[ \t]+$/g, '')]);
        } catch (error) {
          assert.ok(error instanceof TypeError);
          assert.equal(sent.lines, before);
        }
      }
      const head = serializeResponseHead({
        status: 204,
        reason: '',
        fields: sent,
        framing: { kind: 'none' },
        absentContentLength: -1,
        persists: true,
        requestMinor: 1,
        dateLine: DATE,
      });
      const [answer] = parseResponses(latin1(head), ['GET'], false);
      assert.deepEqual(answer!.fields.slice(0, -1), kept);
    },
  );
  fc.assert(holds, RUNS);
});
