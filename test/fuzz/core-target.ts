/** Decodes one message with the pure core, and checks everything that must hold for any message. */
import { DEFAULT_LIMITS, type MessageLimits } from '../../src/http1/limits.ts';
import { Broken, type Failure, failureOf } from './broken.ts';
import { differenceOf, sameHead, sameTexts } from './comparison.ts';
import { examineConnection } from './connection-target.ts';
import { examineEncoders } from './encoder-target.ts';
import { mix, Observation, observe } from './observation.ts';
import { cutAt, everyOctet, inTwo } from './pieces.ts';
import { Random } from './random.ts';
import { octetsOf } from './scratch.ts';
import { checkAgainstReader, fieldsOfHead, MOST_OCTETS_READ } from './second-opinion.ts';

/** Limits that short messages reach. */
export const SMALL_LIMITS: MessageLimits = {
  requestLine: 40,
  method: 8,
  fieldSection: 80,
  fieldLines: 4,
  content: 12,
  chunkExtension: 6,
  chunkOverhead: 24,
  trailerSection: 20,
};

/** Checks that cost more than decoding run once in this many executions, and for every new path. */
const SAMPLE = { octets: 64, poison: 8, reader: 8, again: 4, connection: 8, encoders: 16 };

export class CoreTarget {
  /** After `examine`: the path of decoding. */
  signature = 0;
  /** After `examine`: how it ended. */
  outcome = '';
  readonly #whole = new Observation();
  readonly #pieces = new Observation();
  readonly #random: Random;
  readonly #waiting: string[] = ['waits for the first octet', 'waits within a head', 'waits for content'];

  constructor(random: Random) {
    this.#random = random;
  }

  /** @throws {Broken} for a broken invariant. */
  examine(input: Buffer): void {
    const random = this.#random;
    const limits = random.oneIn(3) ? SMALL_LIMITS : DEFAULT_LIMITS;
    const whole = this.#whole;
    observe(whole, [input], limits);
    this.signature = whole.signature;
    this.outcome = this.#outcomeOf(whole);
    checkBounds(whole, limits);
    const overwrites = random.oneIn(SAMPLE.poison);
    this.#compare(inTwo(overwrites ? new Uint8Array(input) : input, random), limits, overwrites);
    const isDefault = limits === DEFAULT_LIMITS;
    if (whole.count > 0 && random.oneIn(SAMPLE.again)) checkHeads(whole, this.#pieces);
    if (isDefault && random.oneIn(SAMPLE.reader)) checkReader(input, whole);
    if (random.oneIn(SAMPLE.connection))
      examineConnection(input, inTwo(input, random), limits, random.next());
    if (random.oneIn(SAMPLE.octets)) this.#compare(everyOctet(new Uint8Array(input)), limits, true);
    if (random.oneIn(SAMPLE.encoders)) examineEncoders(input, random);
  }

  /**
   * All checks at once, with both sets of limits, and octet by octet.
   *
   * @returns features that are too expensive to compute for each message: the octet that led to a rejection.
   */
  examineClosely(input: Buffer): number {
    const random = new Random(input.length);
    let signature = 0;
    for (const limits of [SMALL_LIMITS, DEFAULT_LIMITS]) {
      observe(this.#whole, [input], limits);
      signature = mix(signature, this.#whole.signature);
      checkBounds(this.#whole, limits);
      this.#compare(everyOctet(new Uint8Array(input)), limits, true);
      const { received, rejection } = this.#pieces;
      if (rejection !== undefined) signature = mix(signature, kindOf(input[received - 1]!));
      if (limits === DEFAULT_LIMITS) checkReader(input, this.#whole);
      checkHeads(this.#whole, this.#pieces);
      examineConnection(input, inTwo(input, random), limits, random.next());
    }
    examineEncoders(input, random);
    return signature;
  }

  /** The message cut in two at every place, answered in every way. */
  examineThoroughly(input: Buffer): void {
    const random = new Random(input.length);
    this.examineClosely(input);
    for (const limits of [SMALL_LIMITS, DEFAULT_LIMITS]) {
      observe(this.#whole, [input], limits);
      for (let cut = 1; cut < input.length; cut++) this.#compare(cutAt(input, cut), limits, false);
      for (let way = 0; way < 48; way++) examineConnection(input, everyOctet(input), limits, random.next());
    }
    for (let times = 0; times < 8; times++) examineEncoders(input, random);
  }

  /** The broken invariant of this message, with all checks. */
  failure(input: Buffer): Failure | undefined {
    return failureOf(() => this.examineThoroughly(input));
  }

  /** @param overwrites overwrites pieces after use, as the socket's buffer may be. */
  #compare(pieces: readonly Uint8Array[], limits: MessageLimits, overwrites: boolean): void {
    observe(this.#pieces, pieces, limits, overwrites);
    const difference = differenceOf(this.#whole, this.#pieces);
    if (difference !== undefined) {
      const cut = pieces.length === 2 ? `cut at ${pieces[0]!.length}` : `in ${pieces.length} pieces`;
      throw new Broken('any pieces give the same messages', `whole and ${cut}: ${difference}`);
    }
    checkBounds(this.#pieces, limits);
  }

  #outcomeOf(seen: Observation): string {
    if (seen.rejection !== undefined) return seen.rejection.reason;
    if (seen.count > 0 && !seen.complete[seen.count - 1]) return this.#waiting[2]!;
    if (seen.inHead) return this.#waiting[1]!;
    return seen.count === 0 ? this.#waiting[0]! : 'complete';
  }
}

/** Distinguishes a rejection for a control octet from one for a letter. */
function kindOf(octet: number): number {
  if (octet < 0x20) return octet;
  if (octet === 0x20 || octet >= 0x7f) return octet === 0x20 ? 0x20 : 0x7f;
  return /[0-9A-Za-z]/.test(String.fromCharCode(octet)) ? 0x30 : octet;
}

function checkBounds(seen: Observation, limits: MessageLimits): void {
  let start = 0;
  for (let i = 0; i < seen.count; i++) {
    const length = seen.contentEnd[i]! - start;
    start = seen.contentEnd[i]!;
    const { framing } = seen.heads[i]!;
    const most = framing.kind === 'length' ? framing.length : framing.kind === 'chunked' ? limits.content : 0;
    if (length > most || length > limits.content)
      throw new Broken('content stays within its limit', `${length} octets of ${most}`);
    if (framing.kind === 'length' && seen.complete[i] && length !== framing.length)
      throw new Broken('content has the length declared', `${length} octets of ${framing.length}`);
    if (!seen.complete[i] && i < seen.count - 1)
      throw new Broken('one request after the other', `request ${i + 1}`);
  }
  // Only a head or a trailer section may wait undecoded; the rest is passed on or counted on arrival.
  const most = Math.max(limits.requestLine + 6 + limits.fieldSection, limits.trailerSection);
  if (seen.mostBuffered > most)
    throw new Broken('what waits undecoded is bounded', `${seen.mostBuffered} octets of ${most}`);
}

function checkReader(input: Buffer, whole: Observation): void {
  if (input.length <= MOST_OCTETS_READ) checkAgainstReader(input.toString('latin1'), whole);
}

/** A decoded head, written again, is decoded to the same. */
function checkHeads(seen: Observation, again: Observation): void {
  for (let i = 0; i < seen.count; i++) {
    const head = seen.heads[i]!;
    const fields = fieldsOfHead(head.text);
    if (
      !sameTexts(
        fields.map(([name]) => name),
        head.fields.names,
      ) ||
      !sameTexts(
        fields.map(([, value]) => value),
        head.fields.values,
      )
    )
      throw new Broken('fields decoded later are the fields scanned', JSON.stringify(head.text));
    const [, target = ''] = head.text.trimStart().split(' ', 2);
    const lines = fields.map(([name, value]) => `${name}:${value}\r\n`).join('');
    const text = `${head.method} ${target} HTTP/1.${head.minor}\r\n${lines}\r\n`;
    observe(again, [octetsOf(text)], DEFAULT_LIMITS);
    if (again.count !== 1 || !sameHead(head, again.heads[0]!))
      throw new Broken('a head written out again is the same head', JSON.stringify(text));
  }
}
