/**
 * Runs the strict request cases of llhttp against Serval's `ServerConnection`, and compares which inputs each of them refuses.
 *
 * `llhttp-differences.ts` explains each difference by the sentence of the RFC that decides it. A difference without an
 * explanation is a fault, and so is an explanation without a difference.
 */
import { resolve } from 'node:path';
import { ServerConnection } from '../../../src/http1/server-connection.ts';
import { CONTENT_END, MESSAGE_HEAD, NEED_OCTETS, PAUSED, REJECTED } from '../../../src/octets/results.ts';
import { FieldLines } from '../../../src/semantics/field-lines.ts';
import { type Command, UsageError } from '../../support/commands.ts';
import { type Case, casesIn } from './llhttp-cases.ts';
import { DIFFERENCES, STAND_INS, type StandIn } from './llhttp-differences.ts';

/** Why Serval refuses this input; `undefined` if it accepts it or waits for more. Each request gets a response. */
function refusalOf(text: string): string | undefined {
  const connection = new ServerConnection();
  connection.receive(Buffer.from(text, 'latin1'));
  for (;;) {
    const result = connection.next();
    if (result === REJECTED) return connection.rejection.reason;
    if (result === NEED_OCTETS || result === PAUSED) return undefined;
    const isComplete = result === CONTENT_END || (result === MESSAGE_HEAD && connection.requestIsComplete);
    if (!isComplete && connection.request!.form !== 'authority') continue;
    // What follows an accepted upgrade is another protocol, for llhttp as well.
    if (connection.request!.connect !== undefined) return undefined;
    answer(connection);
  }
}

/** Serval refuses some heads at their end where llhttp refuses the line, so the inputs that llhttp refuses are completed. */
function judge({ input, isRefused }: Case): string | undefined {
  return refusalOf(input) ?? (isRefused ? refusalOf(`${input}\r\n\r\n`) : undefined);
}

function answer(connection: ServerConnection): void {
  connection.beginResponse({
    status: 200,
    reason: '',
    fields: new FieldLines(),
    contentLength: 0,
    dateLine: '',
    serverCloses: false,
  });
  connection.endResponse();
}

function show(one: Case, refusal: string | undefined): string {
  const verdict = (refused: boolean, why: string) => (refused ? `refuses it (${why})` : 'accepts it');
  return `llhttp ${verdict(one.isRefused, one.reason)}, Serval ${verdict(refusal !== undefined, refusal ?? '')}`;
}

const HELP = `CHECKOUT

CHECKOUT is a clone of https://github.com/nodejs/llhttp.`;

export const llhttp: Command = {
  summary: 'the strict request cases of llhttp, the parser of Node',
  help: HELP,
  async run([checkout]) {
    if (checkout === undefined) throw new UsageError('CHECKOUT is missing');
    return compare(casesIn(resolve(checkout)));
  },
};

function compare(cases: readonly Case[]): string[] {
  const faults: string[] = [];
  const unused = new Set(Object.keys(DIFFERENCES));
  const stoodIn = new Map<StandIn, number>();
  let agreed = 0;
  for (const given of cases) {
    const one = { ...given, input: withStandIns(given.input, stoodIn) };
    const refusal = judge(one);
    if ((refusal !== undefined) === one.isRefused) {
      agreed++;
      continue;
    }
    const difference = DIFFERENCES[one.title];
    unused.delete(one.title);
    console.log(`\n${one.title}\n  ${show(one, refusal)}`);
    if (difference === undefined)
      faults.push(`no explanation for ${one.title}: ${JSON.stringify(one.input)}`);
    else console.log(`  ${difference.section}: ${difference.sentence}`);
  }
  console.log('');
  for (const [{ what, section, sentence }, count] of stoodIn)
    console.log(`${count} inputs ${what}\n  ${section}: ${sentence}`);
  const differing = cases.length - agreed;
  console.log(
    `\n${cases.length} cases: ${agreed} agree, ${differing} differ, ${faults.length} without an explanation`,
  );
  for (const title of unused) faults.push(`an explanation without a difference: ${title}`);
  if (cases.length === 0) faults.push('the checkout has no cases');
  return faults;
}

/** The input without faults beside the case's own; counts each stand-in that changes it. */
function withStandIns(input: string, stoodIn: Map<StandIn, number>): string {
  let result = input;
  for (const standIn of STAND_INS) {
    const changed = standIn.apply(result);
    if (changed !== result) stoodIn.set(standIn, (stoodIn.get(standIn) ?? 0) + 1);
    result = changed;
  }
  return result;
}
