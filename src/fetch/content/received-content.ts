/**
 * The content of a request between the connection, which decodes it, and the handler, which may or may not want it.
 *
 * Nothing flows until somebody reads: until then `isWanted` is false, the connection decodes no further, and when its small
 * buffer is full it stops the socket. So a handler that does not read slows its client down instead of filling memory.
 */
import { Buffer } from 'node:buffer';
import { Deferred } from '../../io/deferred.ts';
import { NO_OCTETS } from '../../octets/no-octets.ts';
import type { FieldSection } from '../../semantics/field-section.ts';
import { toBytes } from '../body-conversions.ts';
import { toHeaders } from '../received-headers.ts';
import { CollectedOctets } from './collected-octets.ts';
import { paceCollector } from './collector-pace.ts';
import { type Content, isDisturbed, spentStream } from './content.ts';
import { ENOUGH_OCTETS, GatheredChunk } from './gathered-chunk.ts';

/** As much may wait for its reader as without it. */
const MOST_READ = 64 * 1024;
/** As much is read at once for a reader that waits for each piece: 0.82 × of the CPU of an upload. */
const MOST_READ_IN_STEP = 256 * 1024;

/** Where the content of a request comes from. */
export interface ContentSource {
  /** The length that the head declares, in bytes, or -1. */
  readonly declaredLength: number;
  /** Reading begins: a client that waits for 100 (Continue) gets it now. */
  onFirstRead(): void;
  /** There is room for more. */
  onWanted(): void;
  /** The handler wants none of what is still to come. */
  onRefused(): void;
}

export class ReceivedContent implements Content {
  /** Whether a piece that arrives now has a place to go. */
  isWanted = false;
  /** Bytes that have been delivered. */
  received = 0;

  readonly #source: ContentSource;
  #collected: CollectedOctets | undefined;
  /** Small pieces for the stream, until the octets at hand have been decoded. */
  #small: GatheredChunk | undefined;
  #lastChunk = 0;
  /** Bytes to be read at once. They double while the reader is faster than the client. */
  #mostRead = MOST_READ;
  /** The reader asks, so what is delivered now has waited for it. */
  #isAsking = false;
  /** What came from a client that has ended, before anybody has read it. */
  #kept: CollectedOctets | undefined;
  /** All of the content is in `#kept`, with these behind it. */
  #keptEnd: FieldSection | undefined;
  #hasBegun = false;
  /** The reader of the stream reads into buffers of its own. */
  #bringsBuffers = false;
  #hasEnded = false;
  #isRefused = false;
  #error: unknown;
  #collecting: Deferred<Uint8Array> | undefined;
  #controller: ReadableByteStreamController | undefined;
  #stream: ReadableStream<Uint8Array> | undefined;
  #pulled: (() => void) | undefined;
  #trailers: Deferred<Headers> | undefined;
  #trailerSection: FieldSection | undefined;

  constructor(source: ContentSource) {
    this.#source = source;
  }

  /** The whole content at once. */
  collect(): Promise<Uint8Array> {
    this.#begin();
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#stream !== undefined) this.#closeStream(this.#stream);
    if (this.#hasEnded) return Promise.resolve(NO_OCTETS);
    const collecting = new Deferred<Uint8Array>();
    this.#collecting = collecting;
    this.#collected = new CollectedOctets(() => this.#source.declaredLength);
    this.#want();
    return collecting.promise;
  }

  /** The content as a byte stream, the same one each time. */
  get stream(): ReadableStream<Uint8Array> {
    this.#stream ??= this.#hasBegun ? spentStream() : this.#makeStream();
    return this.#stream;
  }

  #makeStream(): ReadableStream<Uint8Array> {
    return new ReadableStream({
      type: 'bytes',
      start: (controller: ReadableByteStreamController) => {
        if (this.#error !== undefined) controller.error(this.#error);
        else if (this.#hasEnded) controller.close();
        else this.#controller = controller;
      },
      pull: () => {
        if (!this.#hasBegun) this.#begin();
        return new Promise((resolve) => {
          this.#pulled = resolve;
          this.#want();
        });
      },
      cancel: () => {
        this.#controller = undefined;
        this.#kept = undefined;
        this.#small = undefined;
        this.#hasBegun = true;
        this.#hasEnded = true;
        this.#isRefused = true;
        this.#source.onRefused();
      },
    });
  }

  /** The content goes elsewhere: to who has the stream it is at its end, read and locked. */
  #closeStream(stream: ReadableStream): void {
    this.#controller?.close();
    this.#controller = undefined;
    void stream.getReader().read();
  }

  /** Whether reading has begun. */
  get isUsed(): boolean {
    return this.#hasBegun || (this.#stream !== undefined && isDisturbed(this.#stream));
  }

  /** Whether a reader holds the stream. */
  get isLocked(): boolean {
    return this.#stream?.locked ?? false;
  }

  /** Whether more of the content can still be read: a reader holds the stream, or all of it is being collected. */
  get hasReader(): boolean {
    const isStreamed = this.isLocked && this.#controller !== undefined;
    return (isStreamed || this.#collecting !== undefined) && !this.#isRefused;
  }

  /** Settles when the content has been read to its end. */
  get trailers(): Promise<Headers> {
    if (this.#trailers === undefined) {
      this.#trailers = new Deferred();
      // A caller may ignore them.
      this.#trailers.promise.catch(() => {});
      if (this.#trailerSection !== undefined) this.#trailers.resolve(toHeaders(this.#trailerSection));
      else if (this.#error !== undefined) this.#trailers.reject(this.#error);
    }
    return this.#trailers.promise;
  }

  /**
   * Memory for the next piece. It is not copied again if it is filled.
   *
   * @param remaining bytes that are still to come.
   */
  roomFor(remaining: number): Uint8Array | undefined {
    if (this.#collected !== undefined) return this.#collected.room();
    if (this.#controller === undefined || this.#bringsBuffers || remaining < ENOUGH_OCTETS) return undefined;
    return Buffer.allocUnsafeSlow(Math.min(this.#mostRead, remaining));
  }

  /** A piece has been decoded: while `isWanted`, or when no more than the octets at hand will come, which are kept then. */
  deliver(octets: Uint8Array): void {
    this.received += octets.length;
    if (!this.isWanted) {
      this.#kept ??= new CollectedOctets();
      this.#kept.add(octets);
      return;
    }
    if (this.#collected !== undefined) {
      this.#collected.add(octets);
      return;
    }
    if (this.#small === undefined) {
      // The stream takes possession of the buffer it is given: it gets this one only if no one else uses a part of it.
      if (octets.length >= ENOUGH_OCTETS) return this.#enqueue(octets, toBytes);
      this.#small = new GatheredChunk(this.#lastChunk);
      queueMicrotask(this.#enqueueSmall);
    }
    this.#small.add(octets);
    if (this.#small.length >= ENOUGH_OCTETS) this.#enqueueSmall();
  }

  /** @param owned makes octets that the stream may take, of those that remain. */
  #enqueue(octets: Uint8Array, owned: (octets: Uint8Array) => Uint8Array<ArrayBuffer>): void {
    paceCollector(octets.length);
    this.#mostRead = this.#isAsking ? MOST_READ : Math.min(2 * this.#mostRead, MOST_READ_IN_STEP);
    const rest = this.#controller && fillRequested(this.#controller, octets);
    this.#bringsBuffers = rest !== octets;
    if (rest !== undefined) this.#controller!.enqueue(owned(rest));
    this.isWanted = false;
    this.#answerPull();
  }

  /** Small pieces that were decoded from one read are one piece of the stream: each piece costs it some microseconds. */
  readonly #enqueueSmall = (): void => {
    const small = this.#small;
    if (small === undefined) return;
    this.#small = undefined;
    this.#lastChunk = small.length;
    this.#enqueue(small.take(), asTheyAre);
  };

  /** The content is complete. */
  end(trailers: FieldSection): void {
    if (this.#error !== undefined) return;
    this.#enqueueSmall();
    if (this.#kept !== undefined) {
      this.#keptEnd = trailers;
      return;
    }
    this.#hasEnded = true;
    this.isWanted = false;
    this.#trailerSection = trailers;
    this.#trailers?.resolve(toHeaders(trailers));
    if (this.#collected !== undefined) this.#collecting?.resolve(this.#collected.join());
    this.#collecting = undefined;
    this.#collected = undefined;
    if (this.#controller !== undefined) closeByteStream(this.#controller);
    this.#answerPull();
  }

  /** The content will never be complete. What is complete already can be read all the same. */
  fail(error: unknown): void {
    if (this.#hasEnded || this.#keptEnd !== undefined || this.#error !== undefined) return;
    this.#enqueueSmall();
    this.#kept = undefined;
    this.#error = error;
    this.isWanted = false;
    this.#collected = undefined;
    this.#trailers?.reject(error);
    this.#collecting?.reject(error);
    this.#collecting = undefined;
    this.#controller?.error(error);
    this.#answerPull();
  }

  #begin(): void {
    this.#hasBegun = true;
    this.#source.onFirstRead();
  }

  #want(): void {
    if (this.#hasEnded || this.#error !== undefined) return this.#answerPull();
    this.isWanted = true;
    if (this.#kept !== undefined && this.#keptEnd !== undefined)
      return this.#giveKept(this.#kept, this.#keptEnd);
    this.#isAsking = true;
    this.#source.onWanted();
    this.#isAsking = false;
  }

  #giveKept(kept: CollectedOctets, trailers: FieldSection): void {
    this.#kept = undefined;
    this.#keptEnd = undefined;
    this.deliver(kept.join());
    this.end(trailers);
  }

  #answerPull(): void {
    this.#pulled?.();
    this.#pulled = undefined;
  }
}

const asTheyAre = (octets: Uint8Array): Uint8Array<ArrayBuffer> => octets as Uint8Array<ArrayBuffer>;

/** Copies octets to a reader that has brought its own buffer. @returns those that remain. */
function fillRequested(controller: ReadableByteStreamController, octets: Uint8Array): Uint8Array | undefined {
  const view = controller.byobRequest?.view;
  // A view whose elements have several bytes takes no part of an element.
  if (!(view instanceof Uint8Array)) return octets;
  const length = Math.min(view.length, octets.length);
  view.set(octets.subarray(0, length));
  controller.byobRequest!.respond(length);
  return length < octets.length ? octets.subarray(length) : undefined;
}

function closeByteStream(controller: ReadableByteStreamController): void {
  try {
    controller.close();
    // A reader that brought its own buffer gets it back empty (Streams Standard, "byobRequest").
    controller.byobRequest?.respond(0);
  } catch {
    // The content does not fill the last element of a reader's view. The stream is an error by now, as it should be.
  }
}
