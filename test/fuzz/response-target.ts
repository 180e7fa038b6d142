/** Decodes one response, and checks everything that must hold for any octets. */
import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_RESPONSE_LIMITS, type ResponseLimits } from '../../src/http1/limits.ts';
import { ResponseDecoder } from '../../src/http1/response-decoder.ts';
import { type Asked, type DecodedAnswer, decodeAnswer } from '../http1/incremental-responses.ts';
import { Broken, type Failure, failureOf } from './broken.ts';
import type { FuzzTarget } from './core-campaign.ts';
import { mix, mixText } from './observation.ts';
import { cutAt, everyOctet } from './pieces.ts';
import type { Random } from './random.ts';
import { readAnswer } from './strict-response-reader.ts';

/** Limits that short messages reach. */
const SMALL_LIMITS: ResponseLimits = {
  statusLine: 24,
  interimResponses: 2,
  fieldSection: 80,
  fieldLines: 4,
  content: 12,
  chunkExtension: 6,
  chunkOverhead: 24,
  trailerSection: 20,
};

const METHODS = ['GET', 'GET', 'GET', 'HEAD', 'CONNECT', 'POST'];
const PIECES = 'any pieces give the same answer';
const READER = 'a second, independent reader agrees';
/** Longer messages can reach the bounds on chunk overhead and sections, which the reader does not check. */
const MOST_OCTETS_READ = 3_000;

export class ResponseTarget implements FuzzTarget {
  signature = 0;
  outcome = '';
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  examine(input: Buffer): void {
    const random = this.#random;
    const asked: Asked = {
      method: random.pick(METHODS),
      ends: random.oneIn(2),
      offersUpgrade: random.oneIn(4),
      limits: random.oneIn(3) ? SMALL_LIMITS : DEFAULT_RESPONSE_LIMITS,
    };
    const whole = decodeAnswer([new Uint8Array(input)], asked);
    this.signature = signatureOf(whole, asked);
    this.outcome = outcomeOf(whole);
    const cut = random.below(input.length + 1);
    check(input, asked, whole, cut);
    if (random.oneIn(64)) check(input, asked, whole, 'everywhere');
    checkReader(input, asked, whole);
    checkAgain(input, asked, whole);
  }

  examineClosely(input: Buffer): number {
    let signature = 0;
    for (const asked of everyWay()) {
      const whole = decodeAnswer([new Uint8Array(input)], asked);
      signature = mix(signature, signatureOf(whole, asked));
      check(input, asked, whole, 'everywhere');
      checkReader(input, asked, whole);
      checkAgain(input, asked, whole);
    }
    return signature;
  }

  failure(input: Buffer): Failure | undefined {
    return failureOf(() => {
      this.examineClosely(input);
      for (const asked of everyWay()) {
        const whole = decodeAnswer([new Uint8Array(input)], asked);
        for (let cut = 1; cut < input.length; cut++) check(input, asked, whole, cut);
      }
    });
  }
}

function* everyWay(): Generator<Asked> {
  for (const method of new Set(METHODS))
    for (const ends of [false, true])
      for (const offersUpgrade of [false, true])
        for (const limits of [SMALL_LIMITS, DEFAULT_RESPONSE_LIMITS])
          yield { method, ends, offersUpgrade, limits };
}

function check(input: Buffer, asked: Asked, whole: DecodedAnswer, cut: number | 'everywhere'): void {
  const copy = new Uint8Array(input);
  const pieces = cut === 'everywhere' ? everyOctet(copy) : cutAt(copy, cut);
  const other = decodeAnswer(pieces, asked);
  if (!isDeepStrictEqual(whole, other))
    throw new Broken(PIECES, `${shown(whole)} and, cut ${cut}, ${shown(other)}, asked ${shown(asked)}`);
  const { response, rejection, tunnel } = whole;
  const length = response?.content.length ?? 0;
  const most = asked.limits!.content;
  if (most > 0 && length > most) throw new Broken('content stays within its limit', `${length} octets`);
  if (asked.ends && tunnel === undefined && rejection === undefined && response?.complete !== true)
    throw new Broken('the end of the connection settles the answer', shown(whole));
}

/** A head that repeats the one before is not scanned again. The result must be the same, in any pieces. */
function checkAgain(input: Buffer, asked: Asked, whole: DecodedAnswer): void {
  const { response, rejection, tunnel } = whole;
  if (response?.complete !== true || rejection !== undefined || tunnel !== undefined) return;
  if (asked.ends) return;
  const decoder = new ResponseDecoder(asked.limits);
  for (const cut of [input.length, input.length, input.length >> 1, input.length]) {
    const again = decodeAnswer(cutAt(new Uint8Array(input), cut), asked, decoder);
    if (!isDeepStrictEqual(whole, again))
      throw new Broken(
        'an answer that comes again is the same answer',
        `${shown(whole)} and ${shown(again)}`,
      );
  }
}

function checkReader(input: Buffer, asked: Asked, whole: DecodedAnswer): void {
  if (asked.limits !== DEFAULT_RESPONSE_LIMITS || input.length > MOST_OCTETS_READ) return;
  const text = input.toString('latin1');
  const { response, end } = readAnswer(text, asked.method!, asked.offersUpgrade!, asked.ends!);
  const ours = whole.response;
  const disagree = (what: string, read: unknown, decoded: unknown): void => {
    if (!isDeepStrictEqual(read, decoded))
      throw new Broken(
        READER,
        `${what}, reader and decoder: ${shown(read)} ≠ ${shown(decoded)}, asked ${shown(asked)}`,
      );
  };
  disagree('whether there is a response', response !== undefined, ours !== undefined);
  if (end === 'invalid') disagree('whether it is refused', true, whole.rejection !== undefined);
  if (end === 'complete') disagree('why it is refused', undefined, whole.rejection?.reason);
  if (response === undefined || ours === undefined) return;
  disagree('interim responses', response.interim, whole.interim);
  disagree('status', response.status, ours.status);
  disagree('reason', response.reason, ours.reason);
  disagree('version', response.minor, ours.minor);
  disagree(
    'fields',
    response.fields.map(([name, value]) => `${name}: ${value}`),
    ours.fields,
  );
  disagree('completeness', response.complete, ours.complete);
  disagree('tunnel', response.tunnel, whole.tunnel);
  disagree('content', response.content, ours.content);
}

const shown = (value: unknown): string => JSON.stringify(value) ?? 'undefined';

function outcomeOf({ rejection, response, tunnel }: DecodedAnswer): string {
  if (rejection !== undefined) return rejection.reason;
  if (tunnel !== undefined) return 'a tunnel';
  if (response === undefined) return 'waits for a head';
  return response.complete ? 'complete' : 'waits for content';
}

function signatureOf(answer: DecodedAnswer, { method, limits }: Asked): number {
  const { interim, response } = answer;
  let signature = mixText(mixText(limits!.content, outcomeOf(answer)), method!);
  signature = mix(signature, Math.min(interim.length, 3));
  if (response === undefined) return signature;
  signature = mix(signature, (response.status / 100) | 0);
  signature = mix(signature, [101, 204, 205, 304].indexOf(response.status));
  signature = mix(signature, Math.min(response.minor, 2) + 4 * Math.min(response.fields.length, 7));
  return mix(
    signature,
    32 - Math.clz32(response.content.length) + 32 * Math.min(response.trailers.length, 3),
  );
}
