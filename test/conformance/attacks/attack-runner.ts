/**
 * Runs tables of attacks over TCP: whole, octet by octet, and, where the connection has to close, with one more request
 * behind, that must not be answered. The proof is threefold: the answers, to their number; how the connection ends; and
 * the record that the application keeps of what reached its handler.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { explained } from '../../support/explained.ts';
import { type SendOptions, withConnection } from '../../support/raw-client.ts';
import { type ParsedResponse, parseResponses } from '../../support/response-parser.ts';
import { startServer } from '../../support/server-process.ts';
import type { ConnectionRecord } from '../../support/servers/routes.ts';
import { type Attack, type Outcome, SMUGGLED } from './attack.ts';

/** A turn of the event loop for each octet: above this, a variant would take seconds and show nothing new. */
const OCTETS_UP_TO = 1_500;
const AT_ONCE = 12;

const NEXT = 'GET /target?next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

interface Target {
  readonly port: number;
  command<T>(name: string, argument?: unknown): Promise<T>;
}

/** Starts the application `fixture` and makes a test of each row. */
export async function testAttacks(
  name: string,
  attacks: readonly Attack[],
  fixture = 'routes',
): Promise<void> {
  const server = await startServer(fixture);
  after(() => server.stop());
  describe(name, { concurrency: AT_ONCE }, () => {
    for (const row of attacks) {
      test(`${row.title} [${row.attack}: ${row.seen}]`, async () => {
        for (const variant of row.each ?? ['']) await attempt(server, row, variant);
      });
    }
  });
}

async function attempt(server: Target, row: Attack, variant: string): Promise<void> {
  const raw = typeof row.raw === 'function' ? row.raw(variant) : row.raw;
  const outcome = typeof row.outcome === 'function' ? row.outcome(variant) : row.outcome;
  const shown = `variant ${JSON.stringify(variant).slice(0, 120)}`;
  const send = (octets: string, options: SendOptions, how: string) =>
    check(server, octets, options, outcome, row.finish ?? false, `${shown}, ${how}`);

  await send(raw, {}, 'whole');
  if (raw.length <= OCTETS_UP_TO) await send(raw, { pieces: 'octets' }, 'octet by octet');
  if (outcome.connection === 'closed' && row.finish !== true)
    await send(raw + SMUGGLED, {}, 'with a request behind it');
}

async function check(
  server: Target,
  raw: string,
  options: SendOptions,
  outcome: Outcome,
  finish: boolean,
  how: string,
): Promise<void> {
  const isOpen = outcome.connection === 'open';
  await withConnection(server, async (connection) => {
    await connection.send(isOpen ? raw + NEXT : raw, options);
    if (finish) connection.finish();
    const received = await connection.receiveAll();
    const record = await server.command<ConnectionRecord>('connection', connection.localPort);
    const seen = () => `(${how})\n${connection.transcript()}\nhandler: ${JSON.stringify(record)}`;
    explained(seen, () => {
      const handled = isOpen ? [...outcome.handled, 'GET /target?next'] : outcome.handled;
      assert.deepEqual(record.handled, handled, 'what reaches the handler');
      assert.equal(received.end, 'fin', 'the server ends its side, without a reset');
      if (outcome.refusesContent === true) {
        const read = record.outcomes.filter((one) => one.startsWith('read'));
        assert.deepEqual(read, [], 'the handler never has all of the content');
      }
      const answers = parseResponses(received.octets, methodsOf(handled, outcome), true);
      checkAnswers(answers, outcome, isOpen);
    });
  });
}

/** Answers stand in the order of the requests; those that no handler saw come last, and none of them is to a HEAD. */
function methodsOf(handled: readonly string[], { answers, connection }: Outcome): string[] {
  const methods = handled.map((request) => request.slice(0, request.indexOf(' ')));
  const expected = answers.length + (connection === 'open' ? 1 : 0);
  while (methods.length < expected) methods.push('GET');
  return methods;
}

function checkAnswers(answers: readonly ParsedResponse[], outcome: Outcome, isOpen: boolean): void {
  const expected = isOpen ? [...outcome.answers, 200] : outcome.answers;
  assert.equal(answers.length, expected.length, 'the number of answers');
  for (const [index, answer] of answers.entries()) {
    const choices = [expected[index]!].flat();
    assert.ok(choices.includes(answer.status), `expected ${choices}, got ${answer.status}`);
  }
  const last = answers.at(-1)!;
  if (isOpen) assert.equal(last.text, '/target?next', 'the next request is answered');
  else if (outcome.isAnsweredEarly !== true)
    assert.match(last.field('connection') ?? '', /^close$/, 'the last answer says close');
  if (outcome.content !== undefined) assert.equal(answers[0]!.text, outcome.content, 'the content');
}
