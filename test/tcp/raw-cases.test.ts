/**
 * Runs every raw case over TCP: whole, octet by octet, in two pieces at every cut, and, where the connection must close, with a request pipelined
 * behind it that must never be answered. Where it must stay open, a request behind it must be answered: this is how a
 * test sees that both ends agree where the message ended.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { explained } from '../support/explained.ts';
import { type SendOptions, withConnection } from '../support/raw-client.ts';
import { type ParsedResponse, parseResponses } from '../support/response-parser.ts';
import { startServer } from '../support/server-process.ts';
import type { ConnectionRecord } from '../support/servers/routes.ts';
import type { Expectation, RawCase, Status } from './raw-cases/raw-case.ts';
import { RAW_CASES } from './raw-cases.ts';

/** Longer messages are sent octet by octet only to the parsers, which have no socket to wait for. */
const OCTETS_UP_TO = 260;
const AT_ONCE = 16;
const CUTS_AT_ONCE = 8;

const NEXT = 'GET /target?next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const PIPELINED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

const server = await startServer('routes', { serve: { halfOpen: true } });
after(() => server.stop());

describe('raw cases', { concurrency: AT_ONCE }, () => {
  for (const row of RAW_CASES) {
    for (const one of casesOf(row)) {
      test(one.name, async () => {
        await attempt(one, one.raw, {});
        if (one.raw.length <= OCTETS_UP_TO) await inPieces(one);
        if (one.expect.connection === 'closed' && !one.finish) await attempt(one, one.raw + PIPELINED, {});
      });
    }
  }
});

/** A row with one of its variants filled in. */
interface SingleCase {
  readonly name: string;
  readonly raw: string;
  readonly expect: Expectation;
  readonly methods: readonly string[];
  readonly finish: boolean;
}

function casesOf(row: RawCase): SingleCase[] {
  const variants = row.each ?? [''];
  return variants.map((variant) => {
    const expect = typeof row.expect === 'function' ? row.expect(variant) : row.expect;
    return {
      name: row.each === undefined ? row.title : `${row.title} [${shown(variant)}]`,
      raw: typeof row.raw === 'function' ? row.raw(variant) : row.raw,
      expect,
      methods: row.methods ?? expect.answers.map(() => 'GET'),
      finish: row.finish ?? false,
    };
  });
}

function shown(variant: string): string {
  const text = JSON.stringify(variant).slice(1, -1);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Octet by octet, and in two pieces at every cut there is. */
async function inPieces(one: SingleCase): Promise<void> {
  await attempt(one, one.raw, { pieces: 'octets' });
  const cuts = Array.from({ length: one.raw.length - 1 }, (_, i) => i + 1);
  while (cuts.length > 0) {
    const some = cuts.splice(0, CUTS_AT_ONCE);
    await Promise.all(some.map((cut) => attempt(one, one.raw, { pieces: [cut] })));
  }
}

async function attempt(one: SingleCase, raw: string, options: SendOptions): Promise<void> {
  const { expect } = one;
  const open = expect.connection === 'open';
  await withConnection(server, async (connection) => {
    await connection.send(open ? raw + NEXT : raw, options);
    if (one.finish || expect.connection === 'either') connection.finish();
    const received = await connection.receiveAll();
    const record = await server.command<ConnectionRecord>('connection', connection.localPort);
    const seen = () => `${connection.transcript()}\nhandler: ${JSON.stringify(record)}`;
    explained(seen, () => {
      assert.equal(received.end, 'fin', 'the server ends its side, and without a reset');
      const answers = parseResponses(received.octets, [...one.methods, 'GET'], true);
      const final = open ? answers.slice(0, -1) : answers;
      checkAnswers(final, expect.answers);
      if (open) {
        assert.equal(answers.at(-1)?.text, '/target?next', 'the next request is answered');
      }
      if (expect.refuses !== undefined) {
        for (const answer of final) {
          if (expect.connection === 'closed')
            assert.match(answer.field('connection') ?? '', /^close$/i, 'it says close');
        }
      }
      checkContent(final[0], expect.content);
      checkHandled(expect, record);
    });
  });
}

/** A 0 among the choices stands for no answer at all. */
function checkAnswers(answers: readonly ParsedResponse[], expected: readonly Status[]): void {
  const choices = expected.map((status) => (typeof status === 'number' ? [status] : status));
  const statuses = answers.map((answer) => answer.status);
  if (statuses.length === 0 && choices.length === 1 && choices[0]!.includes(0)) return;
  const right =
    statuses.length === choices.length && statuses.every((status, index) => choices[index]!.includes(status));
  const list = choices.map((choice) => choice.join(' or ')).join(', ');
  assert.ok(right, `expected ${list}, got ${statuses.join(', ') || 'nothing'}`);
}

function checkContent(answer: ParsedResponse | undefined, expected: Expectation['content']): void {
  if (expected === undefined) return;
  const content = Buffer.from(answer?.content ?? []).toString('utf8');
  if (typeof expected === 'string') assert.equal(content, expected, 'the content');
  else assert.ok(content.includes(expected.contains), `the content contains ${expected.contains}`);
}

function checkHandled(expect: Expectation, record: ConnectionRecord): void {
  const { refuses, answers, connection } = expect;
  const smuggled = record.handled.filter((request) => request.includes('/smuggled'));
  assert.deepEqual(smuggled, [], 'no smuggled request reaches the handler');
  if (refuses === 'head') {
    assert.deepEqual(record.handled, [], 'the handler sees nothing of it');
  } else if (refuses === 'content') {
    assert.ok(record.handled.length <= 1, 'one request at most reaches the handler');
    const read = record.outcomes.filter((outcome) => outcome.startsWith('read'));
    assert.deepEqual(read, [], 'the handler never takes the content for complete');
  } else {
    const expected = answers.length + (connection === 'open' ? 1 : 0);
    assert.equal(record.handled.length, expected, 'the handler sees each request once');
  }
}
