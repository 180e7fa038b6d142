import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../src/http1/limits.ts';
import { eachSplit } from '../support/each-split.ts';
import { Broken, failureOf } from './broken.ts';
import { differenceOf } from './comparison.ts';
import { fuzzCore } from './core-campaign.ts';
import { CoreTarget, SMALL_LIMITS } from './core-target.ts';
import { CORPUS, RESPONSE_CORPUS, readCorpus } from './corpus.ts';
import { RESPONSE_VOCABULARY } from './dictionary.ts';
import { disagreementOf, outcomesIn } from './exchanges.ts';
import { KNOWN_DISAGREEMENTS } from './known-disagreements.ts';
import { minimise } from './minimise.ts';
import { MOST_OCTETS, Mutator } from './mutator.ts';
import { Observation, observe } from './observation.ts';
import { Random } from './random.ts';
import { ResponseTarget } from './response-target.ts';
import { checkAgainstReader } from './second-opinion.ts';
import { readStrictly } from './strict-reader.ts';
import { readAnswer } from './strict-response-reader.ts';

const corpus = readCorpus(CORPUS);
const messages = corpus.map(({ octets }) => octets);

test('fuzzing: every message of the corpus is decoded the same in any pieces, and keeps every invariant', () => {
  const target = new CoreTarget(new Random(1));
  const whole = new Observation();
  const pieces = new Observation();
  for (const { name, octets } of corpus) {
    assert.equal(target.failure(octets), undefined, name);
    for (const limits of [DEFAULT_LIMITS, SMALL_LIMITS]) {
      observe(whole, [octets], limits);
      eachSplit(octets, (chunks) => {
        observe(pieces, chunks, limits, true);
        assert.equal(differenceOf(whole, pieces), undefined, name);
      });
    }
  }
});

test('fuzzing: a short run from a fixed seed finds no fault, and reaches most outcomes', async () => {
  const options = { seed: 9112, corpus: messages, milliseconds: Infinity, executions: 40_000, quiet: true };
  const { failure, executions, signatures, outcomes } = await fuzzCore(options);
  assert.equal(failure, undefined);
  assert.ok(executions >= 40_000);
  assert.ok(
    signatures.size > 1_000 && outcomes.size > 30,
    `${signatures.size} signatures, ${outcomes.size} outcomes`,
  );
});

const answers = readCorpus(RESPONSE_CORPUS);

test('fuzzing: every response of the corpus keeps every invariant, for every request', () => {
  const target = new ResponseTarget(new Random(1));
  for (const { name, octets } of answers) assert.equal(target.failure(octets), undefined, name);
});

test('fuzzing: a short run over responses from a fixed seed finds no fault, and reaches most outcomes', async () => {
  const corpus = answers.map(({ octets }) => octets);
  const target = (random: Random) => new ResponseTarget(random);
  const what = { target, vocabulary: RESPONSE_VOCABULARY, corpus };
  const how = { seed: 9112, milliseconds: Infinity, executions: 6_000, quiet: true };
  const { failure, signatures, outcomes } = await fuzzCore({ ...what, ...how });
  assert.equal(failure, undefined);
  assert.ok(
    signatures.size > 500 && outcomes.size > 20,
    `${signatures.size} signatures, ${outcomes.size} outcomes`,
  );
});

test('fuzzing: the second reader of responses notices a faulty decoder', () => {
  const text = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
  const { response, end } = readAnswer(text, 'GET', false, false);
  assert.deepEqual([response?.content, end], ['hello', 'complete']);
  assert.equal(readAnswer(`${text}x`, 'GET', false, false).end, 'invalid');
  assert.equal(readAnswer(text.slice(0, -1), 'GET', false, false).end, 'undecided');
  assert.equal(readAnswer(text, 'HEAD', false, false).end, 'invalid');
});

test('fuzzing: the same seed makes the same messages', () => {
  const made = (seed: number): string[] => {
    const random = new Random(seed);
    const mutator = new Mutator(random);
    return Array.from({ length: 500 }, () =>
      mutator.mutate(random.pick(messages), random.pick(messages)),
    ).map((octets) => octets.toString('latin1'));
  };
  assert.deepEqual(made(7), made(7));
  assert.notDeepEqual(made(7), made(8));
});

test('fuzzing: a mutated message stays short, and nearly always differs', () => {
  const random = new Random(3);
  const mutator = new Mutator(random);
  let same = 0;
  for (let times = 0; times < 5_000; times++) {
    const message = random.pick(messages);
    const mutated = mutator.mutate(message, random.pick(messages));
    assert.ok(mutated.length <= MOST_OCTETS);
    same += Number(mutated.equals(message));
  }
  assert.ok(same < 500, `${same} of 5000 unchanged`);
});

test('fuzzing: the second reader notices a faulty decoder', () => {
  const text = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello';
  const seen = new Observation();
  observe(seen, [Buffer.from(text)], DEFAULT_LIMITS);
  assert.equal(readStrictly(text).end, 'complete');
  checkAgainstReader(text, seen);
  for (const other of [text.replace('hello', 'hellO'), text.replace('a\r', 'b\r'), text.replace('/', '/x')])
    assert.throws(() => checkAgainstReader(other, seen), Broken);
  assert.throws(
    () => checkAgainstReader(text.replace('Host: a', 'Host : a'), seen),
    /0 requests, the decoder 1/,
  );
});

test('fuzzing: a failing message is minimised', async () => {
  const smallest = await minimise(Buffer.from('many words and a needle in a hay stack'), (candidate) =>
    candidate.includes('needle'),
  );
  assert.equal(String(smallest), 'needle');
});

test('fuzzing: any other error breaks the invariant that nothing is thrown', () => {
  const failure = failureOf(() => {
    throw new RangeError('out of it');
  });
  assert.equal(failure?.invariant, 'the core never throws');
});

test('fuzzing: disagreements between two servers are classified', () => {
  const understood = (content: string) =>
    `HTTP/1.1 200 OK\r\nx-understood: GET / ${content} 0\r\nContent-Length: 0\r\n\r\n`;
  const refused = 'HTTP/1.1 400 Bad Request\r\nx-node-code: HPE_X\r\n\r\n';
  const no = { breaksOff: false, isBroken: false, hasPreface: false, hasConnect: false, hasUpgrade: false };
  const facts = { reason: 'BareLF', ...no };
  const between = (ours: string, theirs: string) =>
    disagreementOf(outcomesIn(ours), outcomesIn(theirs), facts);
  assert.equal(between(understood('0:0'), understood('0:0')), undefined);
  assert.equal(between(understood('0:0'), understood('5:1')), 'they read it differently: the content');
  assert.equal(between(understood('0:0'), refused), 'node refuses: HPE_X');
  assert.equal(between('HTTP/1.1 400 Bad Request\r\n\r\n', understood('0:0')), 'Serval refuses: BareLF');
  assert.equal(between(understood('0:0'), ''), 'only Serval answers');
});

test('fuzzing: each reviewed disagreement describes Serval correctly', () => {
  const seen = new Observation();
  for (const { name, example } of KNOWN_DISAGREEMENTS) {
    observe(seen, [Buffer.from(example, 'latin1')], DEFAULT_LIMITS);
    const reason = /^Serval refuses.*: (\w+)$/.exec(name)?.[1];
    // The connection checks the scheme, not the decoder.
    if (reason === 'Misdirected') continue;
    if (reason !== undefined) assert.equal(seen.rejection?.reason, reason, name);
    if (name.startsWith('node refuses: ')) assert.ok(seen.count > 0 && seen.complete[0], name);
  }
});
