/**
 * Drives what is incremental with the chunks of `eachSplit`, in the way its contract describes, and tells what came out as
 * plain data, which must be the same for every split.
 */

import assert from 'node:assert/strict';
import { DEFAULT_LIMITS, type MessageLimits } from '../../src/http1/limits.ts';
import { RequestDecoder } from '../../src/http1/request-decoder.ts';
import type { Rejection } from '../../src/octets/rejection.ts';
import { CONTENT, CONTENT_END, MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../src/octets/results.ts';
import { type FieldSection, NO_FIELDS } from '../../src/semantics/field-section.ts';
import { latin1 } from '../support/each-split.ts';

/** The default limits but for those that a test is about. */
export function limited(changes: Partial<MessageLimits>): MessageLimits {
  return { ...DEFAULT_LIMITS, ...changes };
}

/** `name: value` lines. */
export function linesOf(section: FieldSection): string[] {
  return section.names.map((name, index) => `${name}: ${section.values[index]}`);
}

export function textOf(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}

/** What the buffer holds in front of the element: it is dropped when the second chunk arrives. */
const BEFORE = latin1('@@@');

interface Scanner {
  begin(at: number): void;
  rebase(by: number): void;
  scan(octets: Uint8Array, end: number): number;
}

export interface Scanned {
  /** Octets of the element, or NEED_OCTETS, or REJECTED. */
  readonly outcome: number;
  /** What the scanner's offsets are offsets into. */
  readonly text: string;
}

export function scanChunks(scanner: Scanner, chunks: readonly Uint8Array[]): Scanned {
  let octets = BEFORE;
  let start = BEFORE.length;
  let result = NEED_OCTETS;
  scanner.begin(start);
  for (const [index, chunk] of chunks.entries()) {
    if (index === 1) {
      octets = octets.slice(start);
      scanner.rebase(start);
      start = 0;
    }
    octets = joined(octets, chunk);
    result = scanner.scan(octets, octets.length);
    if (result !== NEED_OCTETS) break;
  }
  return { outcome: result >= 0 ? result - start : result, text: textOf(octets) };
}

interface ContentDecoder {
  at: number;
  readonly dataStart: number;
  readonly dataEnd: number;
  readonly trailers: FieldSection;
  rebase(by: number): void;
  decode(octets: Uint8Array, end: number): number;
}

export interface DecodedContent {
  /** CONTENT_END, NEED_OCTETS or REJECTED. */
  readonly outcome: number;
  readonly content: string;
  readonly trailers: readonly string[];
  /** What stands behind the content. */
  readonly rest: string;
}

export function decodeChunks(decoder: ContentDecoder, chunks: readonly Uint8Array[]): DecodedContent {
  let octets = BEFORE;
  let content = '';
  let trailers = NO_FIELDS;
  let outcome = NEED_OCTETS;
  decoder.at = BEFORE.length;
  const waiting = [...chunks];
  while (outcome === NEED_OCTETS && waiting.length > 0) {
    octets = joined(octets.slice(decoder.at), waiting.shift()!);
    decoder.rebase(decoder.at);
    outcome = decoder.decode(octets, octets.length);
    while (outcome === CONTENT) {
      content += textOf(octets.subarray(decoder.dataStart, decoder.dataEnd));
      outcome = decoder.decode(octets, octets.length);
    }
    if (outcome === CONTENT_END) trailers = decoder.trailers;
  }
  const rest = [octets.subarray(decoder.at), ...waiting].map(textOf).join('');
  return { outcome, content, trailers: linesOf(trailers), rest };
}

export interface DecodedRequest {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly minor: number;
  readonly fields: readonly string[];
  content: string;
  trailers: readonly string[];
  complete: boolean;
}

export interface DecodedRequests {
  readonly requests: readonly DecodedRequest[];
  /** Why decoding ended; `undefined` if it waits for more. */
  readonly rejection: Rejection | undefined;
}

/**
 * What a decoder makes of a connection's whole input. Chunks are overwritten as soon as the contract allows. A decoder that keeps
 * what it needs of each chunk must make the same of it.
 */
export function decodeRequests(
  chunks: readonly Uint8Array[],
  limits: MessageLimits = DEFAULT_LIMITS,
): DecodedRequests {
  const keeping = decodeAll(copiesOf(chunks), limits, true);
  const decoded = decodeAll(chunks, limits, false);
  assert.deepEqual(keeping, decoded);
  return decoded;
}

export const copiesOf = (chunks: readonly Uint8Array[]): Uint8Array[] => chunks.map((chunk) => chunk.slice());

function decodeAll(chunks: readonly Uint8Array[], limits: MessageLimits, keeps: boolean): DecodedRequests {
  const decoder = new RequestDecoder(limits);
  const requests: DecodedRequest[] = [];
  for (const chunk of chunks) {
    decoder.receive(chunk);
    for (let result = decoder.next(); result !== NEED_OCTETS; result = decoder.next()) {
      if (result === REJECTED) return { requests, rejection: decoder.rejection };
      if (result === MESSAGE_HEAD) requests.push(requestOf(decoder));
      const request = requests.at(-1)!;
      if (result === CONTENT) request.content += textOf(decoder.content);
      if (result === CONTENT_END) {
        request.trailers = linesOf(decoder.trailers);
        request.complete = true;
      }
    }
    if (keeps) decoder.keep();
    if (keeps || decoder.buffered === 0) chunk.fill(0x21);
  }
  return { requests, rejection: undefined };
}

function requestOf(decoder: RequestDecoder): DecodedRequest {
  const { method, path, authority, minor, fields, framing } = decoder.head!;
  const complete = framing.kind === 'none';
  return { method, path, authority, minor, fields: linesOf(fields), content: '', trailers: [], complete };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
