/**
 * The results of a RequestDecoder for a message: heads, content, trailers, and the end. The form is quick to fill and to compare,
 * because both happen several times for each of millions of messages.
 */

import type { Http1RequestHead } from '../../src/http1/head/request-head.ts';
import type { MessageLimits } from '../../src/http1/limits.ts';
import { RequestDecoder } from '../../src/http1/request-decoder.ts';
import { nativeLatin1 } from '../../src/io/latin1.ts';
import type { Rejection } from '../../src/octets/rejection.ts';
import { CONTENT, CONTENT_END, MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../src/octets/results.ts';
import { type FieldSection, NO_FIELDS } from '../../src/semantics/field-section.ts';
import { Broken } from './broken.ts';
import { MOST_OCTETS } from './mutator.ts';

export class Observation {
  /** The number of valid entries in the arrays below. */
  count = 0;
  readonly heads: Http1RequestHead[] = [];
  readonly complete: boolean[] = [];
  readonly trailers: FieldSection[] = [];
  /** Offsets into `content`, after the content of each request. */
  readonly contentEnd: number[] = [];
  content: Uint8Array = new Uint8Array(MOST_OCTETS);
  contentLength = 0;
  rejection: Rejection | undefined;
  rejectedMethod = '';
  /** Octets passed to the decoder when it stopped. */
  received = 0;
  inHead = false;
  mostBuffered = 0;
  /** A number for the path of decoding. */
  signature = 0;

  contentOf(index: number): Uint8Array {
    return this.content.subarray(index === 0 ? 0 : this.contentEnd[index - 1], this.contentEnd[index]);
  }
}

/**
 * Passes pieces to a decoder as a socket would, and records the results.
 *
 * @param overwrites overwrites each piece as soon as the decoder is past it, as the owner of a buffer may.
 */
export function observe(
  into: Observation,
  pieces: readonly Uint8Array[],
  limits: MessageLimits,
  overwrites = false,
): void {
  const decoder = new RequestDecoder(limits, nativeLatin1);
  into.count = 0;
  into.contentLength = 0;
  into.rejection = undefined;
  into.rejectedMethod = '';
  into.received = 0;
  into.mostBuffered = 0;
  let signature = limits.content | 0;
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]!;
    decoder.receive(piece);
    into.received += piece.length;
    let answers = 2 * piece.length + 4;
    for (let result = decoder.next(); result !== NEED_OCTETS; result = decoder.next()) {
      if (answers-- === 0) throw new Broken('decoding ends', 'more answers than octets');
      if (result === REJECTED) {
        checkRejectionIsFinal(decoder);
        into.rejection = decoder.rejection;
        into.rejectedMethod = decoder.method;
        into.signature = mixText(signature, decoder.rejection!.reason);
        return;
      }
      const features = note(into, decoder, result);
      if (features !== 0) signature = mix(signature, features);
    }
    const { buffered } = decoder;
    if (buffered > into.mostBuffered) into.mostBuffered = buffered;
    if (overwrites && buffered === 0) piece.fill(0x21);
  }
  into.inHead = decoder.inHead;
  const remaining = decoder.contentRemaining;
  const state = (decoder.inHead ? 1 : 0) + (remaining === 0 ? 0 : remaining === Infinity ? 2 : 4);
  into.signature = mix(signature, state * 16 + (bucket(decoder.buffered) >> 1));
}

/** @returns features of the first few results; 0 for later ones. */
function note(into: Observation, decoder: RequestDecoder, result: number): number {
  const current = into.count - 1;
  switch (result) {
    case MESSAGE_HEAD: {
      const head = decoder.head!;
      const index = into.count++;
      into.heads[index] = head;
      into.complete[index] = head.framing.kind === 'none';
      into.trailers[index] = NO_FIELDS;
      into.contentEnd[index] = into.contentLength;
      if (index === 0) return featuresOf(head);
      return index < 3 ? 1 + KINDS.indexOf(head.framing.kind) : 0;
    }
    case CONTENT: {
      const { content } = decoder;
      if (current < 0 || into.complete[current]) throw new Broken('content belongs to a request', 'CONTENT');
      if (content.length === 0) throw new Broken('no piece of content is empty', 'CONTENT');
      append(into, content);
      into.contentEnd[current] = into.contentLength;
      return current === 0 ? 7 + 16 * (bucket(content.length) >> 1) : 0;
    }
    case CONTENT_END:
      if (current < 0 || into.complete[current]) throw new Broken('content ends once', 'CONTENT_END');
      into.complete[current] = true;
      into.trailers[current] = decoder.trailers;
      return current < 2 ? 5 + 16 * bucket(decoder.trailers.names.length) : 0;
    default:
      throw new Broken('answers are from the list of results', String(result));
  }
}

function append(into: Observation, octets: Uint8Array): void {
  const end = into.contentLength + octets.length;
  if (end > into.content.length) {
    const larger = new Uint8Array(2 * end);
    larger.set(into.content.subarray(0, into.contentLength));
    into.content = larger;
  }
  into.content.set(octets, into.contentLength);
  into.contentLength = end;
}

const MORE = new TextEncoder().encode('GET / HTTP/1.1\r\nHost: a\r\n\r\n');

function checkRejectionIsFinal(decoder: RequestDecoder): void {
  const { rejection } = decoder;
  if (rejection === undefined) throw new Broken('a rejection has a reason', 'REJECTED without one');
  const again = decoder.next();
  decoder.receive(MORE);
  if (again !== REJECTED || decoder.next() !== REJECTED || decoder.rejection !== rejection) {
    throw new Broken('a rejection is final', `${rejection.reason}, then ${again}, then ${decoder.next()}`);
  }
}

const FORMS = ['origin', 'absolute', 'authority', 'asterisk'];
const KINDS = ['none', 'length', 'chunked'];

function featuresOf(head: Http1RequestHead): number {
  const { framing } = head;
  let features = FORMS.indexOf(head.form) + 4 * KINDS.indexOf(framing.kind);
  features = features * 2 + Math.min(head.minor, 1);
  features = features * 8 + head.connectionOptions;
  features = features * 4 + (head.expectsContinue ? 1 : 0) + (head.connect === undefined ? 0 : 2);
  return features * 4 + (framing.kind === 'length' ? bucket(framing.length) >> 2 : 0);
}

/** The order of magnitude, at most 15. */
function bucket(size: number): number {
  return size >= 32_768 ? 15 : 32 - Math.clz32(size);
}

export function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

export function mixText(hash: number, text: string): number {
  let mixed = hash;
  for (let i = 0; i < text.length; i++) mixed = mix(mixed, text.charCodeAt(i));
  return mixed;
}
