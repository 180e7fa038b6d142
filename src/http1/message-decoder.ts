/**
 * The incremental decoder of one direction of a connection: what is the same for requests and responses.
 *
 * `receive` takes octets, in pieces of any size. Then the caller calls `next` until it returns NEED_OCTETS. The results are
 * MESSAGE_HEAD, CONTENT for each piece of content, CONTENT_END, and then the next MESSAGE_HEAD. If the framing of a head is
 * `none`, no CONTENT_END follows.
 *
 * The decoder stops at each result and keeps the octets that it has not decoded. So the caller decides how fast octets
 * become messages: this is where back-pressure begins.
 */

import { joinOctets } from '../octets/join-octets.ts';
import { NO_OCTETS } from '../octets/no-octets.ts';
import type { Latin1 } from '../octets/octet-table.ts';
import type { Rejection } from '../octets/rejection.ts';
import { CONTENT, CONTENT_END, NEED_OCTETS, REJECTED } from '../octets/results.ts';
import { type FieldSection, NO_FIELDS } from '../semantics/field-section.ts';
import { ChunkedDecoder } from './content/chunked-decoder.ts';
import type { ContentDecoder } from './content/content-decoder.ts';
import { FixedLengthDecoder } from './content/fixed-length-decoder.ts';
import type { Framing } from './content/framing.ts';
import { UntilCloseDecoder } from './content/until-close-decoder.ts';
import type { SectionLimits } from './limits.ts';

export abstract class MessageDecoder<Limits extends SectionLimits = SectionLimits> {
  /** After CONTENT: a view on the octets received. The caller copies it if it reuses their buffer. */
  content: Uint8Array = NO_OCTETS;
  /** After CONTENT_END: the trailer section, without the fields that a trailer section must not hold. */
  trailers: FieldSection = NO_FIELDS;
  /** After REJECTED: why. */
  rejection: Rejection | undefined;

  /** The octets received, from the first one of a head that is not complete. */
  protected octets: Uint8Array = NO_OCTETS;
  /** The offset behind the decoded octets. */
  protected at = 0;
  protected contentDecoder: ContentDecoder | undefined;
  protected isStopped = false;
  protected readonly limits: Limits;
  protected readonly latin1: Latin1;
  /** Whether the octets are in memory that the decoder allocated, because they arrived in several pieces. */
  #isJoined = false;
  readonly #allowsFolding: boolean;

  constructor(limits: Limits, latin1: Latin1, allowsFolding: boolean) {
    this.limits = limits;
    this.latin1 = latin1;
    this.#allowsFolding = allowsFolding;
  }

  /** Takes more octets. They must not change until the decoder has gone past them, or `keep` has been called. */
  receive(octets: Uint8Array): void {
    if (this.at === this.octets.length) {
      this.#release();
      this.octets = octets;
      this.#isJoined = false;
      return;
    }
    // Only a part of a head, of a chunk-size or of a trailer section waits. So the limits bound the amount that is copied,
    // unless the caller passes octets on although `next` did not ask for any.
    const waiting = this.octets.subarray(this.at);
    this.#rebase(this.at);
    this.octets = joinOctets(waiting, octets, this.#isJoined);
    this.#isJoined = true;
  }

  /** Copies the octets that have not been decoded, so that the caller may reuse the memory of those it has passed. */
  keep(): void {
    if (this.#isJoined || this.at === this.octets.length) return;
    const waiting = this.octets.subarray(this.at);
    this.#rebase(this.at);
    this.octets = joinOctets(NO_OCTETS, waiting, true);
    this.#isJoined = true;
  }

  /** @returns MESSAGE_HEAD, CONTENT, CONTENT_END, NEED_OCTETS or REJECTED. */
  next(): number {
    if (this.contentDecoder !== undefined) return this.#decodeContent(this.contentDecoder);
    if (this.isStopped) return this.rejection === undefined ? NEED_OCTETS : REJECTED;
    return this.decodeHead();
  }

  /** Octets received and not decoded. */
  get buffered(): number {
    return this.octets.length - this.at;
  }

  /** Bytes of content that have not been decoded; Infinity if the head does not say how many follow. */
  get contentRemaining(): number {
    return this.contentDecoder === undefined ? 0 : this.contentDecoder.remaining;
  }

  /** Ends decoding. @returns the octets that have not been decoded, with which another protocol may begin. */
  stop(): Uint8Array {
    const rest = this.octets.subarray(this.at);
    this.isStopped = true;
    this.contentDecoder = undefined;
    this.octets = NO_OCTETS;
    this.at = 0;
    return rest;
  }

  /** Decodes the head of a message, as far as it has arrived. */
  protected abstract decodeHead(): number;

  /** Adjusts the offsets into a head that is not complete, after the first `by` octets of the buffer have been dropped. */
  protected abstract rebaseHead(by: number): void;

  /** The content of a message is complete; its next head may follow. */
  protected abstract onContentEnd(): void;

  /** The head of a message ends at `end`. @returns whether content follows it. */
  protected endHead(end: number, framing: Framing): boolean {
    this.at = end;
    const decoder = this.#decoderFor(framing);
    if (decoder !== undefined) decoder.at = end;
    this.contentDecoder = decoder;
    if (decoder !== undefined) return true;
    if (end === this.octets.length) this.#release();
    return false;
  }

  protected reject(rejection: Rejection): number {
    this.rejection = rejection;
    this.isStopped = true;
    this.contentDecoder = undefined;
    return REJECTED;
  }

  #decoderFor(framing: Framing): ContentDecoder | undefined {
    switch (framing.kind) {
      case 'none':
        return undefined;
      case 'length':
        return new FixedLengthDecoder(framing.length);
      case 'chunked':
        return new ChunkedDecoder(this.limits, this.latin1, this.#allowsFolding);
      default:
        return new UntilCloseDecoder(this.limits);
    }
  }

  #decodeContent(decoder: ContentDecoder): number {
    const result = decoder.decode(this.octets, this.octets.length);
    this.at = decoder.at;
    if (result === CONTENT) {
      this.content = this.octets.subarray(decoder.dataStart, decoder.dataEnd);
      // All octets are decoded. The reader of the content may transfer their buffer elsewhere.
      if (this.at === this.octets.length) this.#release();
    } else if (result === CONTENT_END) {
      this.trailers = decoder.trailers;
      this.contentDecoder = undefined;
      this.onContentEnd();
    } else if (result === REJECTED) {
      return this.reject(decoder.rejection!);
    }
    return result;
  }

  /** Drops octets that have all been decoded. */
  #release(): void {
    this.#rebase(this.at);
    this.octets = NO_OCTETS;
  }

  #rebase(by: number): void {
    if (by === 0) return;
    this.at -= by;
    this.contentDecoder?.rebase(by);
    this.rebaseHead(by);
  }
}
