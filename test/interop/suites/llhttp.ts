/**
 * Runs llhttp's strict request cases against Serval's `Connection`.
 *
 *     node build/test/interop/suites/llhttp.js <checkout of nodejs/llhttp>
 *
 * Both are asked one thing: is this input refused? Where they differ, `llhttp-differences.ts` has to name the sentence of the
 * RFC that decides it. Fails for a difference that it does not explain, and for an explanation that explains nothing.
 */
import { resolve } from 'node:path';
import process from 'node:process';
import { ServerConnection } from '../../../src/http1/server-connection.ts';
import { CONTENT_END, MESSAGE_HEAD, NEED_OCTETS, PAUSED, REJECTED } from '../../../src/octets/results.ts';
import { FieldLines } from '../../../src/semantics/field-lines.ts';
import { type Case, casesIn } from './llhttp-cases.ts';
import { DIFFERENCES, STAND_INS, type StandIn } from './llhttp-differences.ts';

/** Why Serval refuses these octets; `undefined` if it takes them, or waits for more. Answers each request. */
function refusalOf(text: string): string | undefined {
  const connection = new ServerConnection();
  connection.receive(Buffer.from(text, 'latin1'));
  for (;;) {
    const result = connection.next();
    if (result === REJECTED) return connection.rejection.reason;
    if (result === NEED_OCTETS || result === PAUSED) return undefined;
    const isComplete = result === CONTENT_END || (result === MESSAGE_HEAD && connection.requestIsComplete);
    if (!isComplete && connection.request!.form !== 'authority') continue;
    // What follows is another protocol's, here as there.
    if (connection.request!.connect !== undefined) return undefined;
    answer(connection);
  }
}

/** Serval judges a head at its end where llhttp judges the line: so what llhttp refuses is completed first. */
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

const [checkout] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('usage: node build/test/interop/suites/llhttp.js <checkout of nodejs/llhttp>');
  process.exit(2);
}

const cases = casesIn(resolve(checkout));
const unexplained: string[] = [];
const unused = new Set(Object.keys(DIFFERENCES));
let agreed = 0;
const stoodIn = new Map<StandIn, number>();
for (const given of cases) {
  let one = given;
  for (const standIn of STAND_INS) {
    const input = standIn.apply(one.input);
    if (input === one.input) continue;
    one = { ...one, input };
    stoodIn.set(standIn, (stoodIn.get(standIn) ?? 0) + 1);
  }
  const refusal = judge(one);
  if ((refusal !== undefined) === one.isRefused) {
    agreed++;
    continue;
  }
  const difference = DIFFERENCES[one.title];
  unused.delete(one.title);
  console.log(`\n${one.title}\n  ${show(one, refusal)}`);
  if (difference === undefined) {
    unexplained.push(one.title);
    console.log(`  UNEXPLAINED: ${JSON.stringify(one.input)}`);
  } else {
    console.log(`  ${difference.section}: ${difference.sentence}`);
  }
}

console.log('');
for (const [{ what, section, sentence }, count] of stoodIn) {
  console.log(`${count} inputs ${what}\n  ${section}: ${sentence}`);
}
const differing = cases.length - agreed;
console.log(
  `\n${cases.length} cases, ${agreed} alike, ${differing} not, ${unexplained.length} of them unexplained`,
);
for (const title of unused) console.log(`explained, but there is no such difference: ${title}`);
if (cases.length === 0 || unexplained.length > 0 || unused.size > 0) process.exitCode = 1;
