/**
 * One end of an HTTP/2 connection: the common base of server and client (RFC 9113 §5, §6). It dispatches frames, controls the
 * flow, answers SETTINGS and PING, and ends a stream or the connection when the peer breaks a rule. The two roles handle field
 * blocks.
 */
import { PLAIN_RUNTIME, type Runtime } from '../octets/runtime.ts';
import { type FieldSection, NO_FIELDS } from '../semantics/field-section.ts';
import type { Role } from './control-frames.ts';
import { HTTP2_ERRORS, type Http2Error } from './errors.ts';
import { DATA_END, DATA_FRAME, DATA_PIECE, FRAME, FrameDecoder } from './frame/frame-decoder.ts';
import * as types from './frame/frame-types.ts';
import { writeGoAway, writeReset } from './frame/frame-writer.ts';
import { uint31, uint32 } from './frame/uint32.ts';
import { HeaderBlock } from './head/header-block.ts';
import { DEFAULT_HTTP2_LIMITS, type Http2Limits } from './limits.ts';
import * as results from './results.ts';
import type { Http2Stream } from './stream/stream.ts';
import { ENDED, RESET_HERE, RESET_THERE } from './stream/streams.ts';
import { StreamOperations } from './stream-operations.ts';

const { ACK, END_STREAM } = types;
const { CONTENT, CONTENT_END, NEED_OCTETS, NOTHING, REJECTED, RESET } = results;

const NO_OCTETS = new Uint8Array(0);

export abstract class Http2Connection extends StreamOperations {
  /** The stream of the last result of `next`. After RESET it is `undefined` for a request that `next` never returned. */
  stream: Http2Stream | undefined;
  /** After CONTENT: a view on the octets that were received. Copy it before these are overwritten. */
  content: Uint8Array = NO_OCTETS;
  /** After CONTENT_END: the trailer section, without fields that are not allowed there. */
  trailers: FieldSection = NO_FIELDS;
  /** After REJECTED: the error of the connection. After RESET: the error of the stream; `undefined` if the peer has reset it. */
  error: Http2Error | undefined;
  /** After RESET or GOAWAY: the error code. */
  code = 0;
  /** After GOAWAY: the last stream that the peer processes. */
  lastAccepted = 0;

  /** The HEADERS of the current block depend on their own stream (RFC 7540 §5.3.1). */
  protected dependsOnItself = false;
  readonly #decoder: FrameDecoder;
  readonly #block: HeaderBlock;
  #hasFailed = false;
  /** The stream of the current DATA frame; `undefined` if its content is dropped. */
  #dataStream: Http2Stream | undefined;

  constructor(role: Role, limits: Http2Limits = DEFAULT_HTTP2_LIMITS, runtime: Runtime = PLAIN_RUNTIME) {
    super(role, limits, runtime);
    this.#decoder = new FrameDecoder(types.DEFAULT_FRAME_SIZE, role === 'server');
    this.#block = new HeaderBlock(limits.fieldSection);
  }

  // --- octets in, results out ---

  /**
   * Takes more octets. They must not change until they have been decoded, or `keep` has been called.
   *
   * @param now the time in milliseconds, from a clock that never goes back. It limits the rate of some frames.
   */
  receive(octets: Uint8Array, now: number = this.guard.now): void {
    this.guard.now = now;
    this.#decoder.receive(octets);
  }

  /** Copies the octets that have not been decoded: the memory of those received may be reused. */
  keep(): void {
    this.#decoder.keep();
  }

  /** @returns one of `results`: the next event on the connection, or NEED_OCTETS. */
  next(): number {
    for (;;) {
      const answer = this.#step(this.#decoder.next());
      if (answer !== NOTHING) return answer;
    }
  }

  #step(result: number): number {
    switch (result) {
      case FRAME:
        return this.#onFrame();
      case DATA_FRAME:
        return this.#onData();
      case DATA_PIECE: {
        const stream = this.#dataStream;
        if (stream === undefined || stream.isClosed || stream.discardsContent) return NOTHING;
        this.stream = stream;
        this.content = this.#decoder.octets.subarray(this.#decoder.start, this.#decoder.end);
        return CONTENT;
      }
      case DATA_END: {
        const stream = this.#dataStream;
        this.#dataStream = undefined;
        if (stream === undefined || stream.isClosed || (this.#decoder.flags & END_STREAM) === 0)
          return NOTHING;
        return this.endContent(stream, NO_FIELDS);
      }
      case REJECTED:
        // Inside a field block, even a malformed frame is a connection error.
        if (this.#block.stream !== 0) return this.fail(HTTP2_ERRORS.HeaderBlockInterrupted);
        return this.fault(this.#decoder.error, this.#decoder.stream);
      default:
        this.#letGo();
        return this.hasFailed ? REJECTED : NEED_OCTETS;
    }
  }

  /** A connection that waits for octets keeps nothing of the last results in memory. */
  #letGo(): void {
    this.stream = undefined;
    this.content = NO_OCTETS;
    this.trailers = NO_FIELDS;
    this.hpack.letGo();
  }

  /** Octets received and not decoded. */
  get buffered(): number {
    return this.#decoder.buffered;
  }

  /** The preface, a frame or a field block has arrived in part. */
  get isInFrame(): boolean {
    return this.#decoder.isInFrame || this.#block.stream !== 0;
  }

  /** A connection error has ended the connection. Nothing more is decoded, and only the remaining output is sent. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The peer has acknowledged the SETTINGS of this end (RFC 9113 §6.5.3). */
  get settingsAreAcknowledged(): boolean {
    return this.control.settingsAreAcknowledged;
  }

  // --- frames ---

  #onFrame(): number {
    const { type, flags, stream: id, octets, start, end } = this.#decoder;
    const { stream: inBlock } = this.#block;
    // RFC 9113 §4.3: no other frame may be between the frames of a field block.
    if (inBlock !== 0 && (type !== types.CONTINUATION || id !== inBlock))
      return this.fail(HTTP2_ERRORS.HeaderBlockInterrupted);
    switch (type) {
      case types.HEADERS:
        return this.#onHeaders(flags, id, octets, start, end);
      case types.CONTINUATION: {
        const error = this.#block.continue(flags, octets, start, end);
        if (error !== undefined) return this.fail(error);
        return this.#block.stream === 0 ? this.#onBlock(id) : NOTHING;
      }
      case types.PRIORITY_FRAME:
        return this.check(this.control.onPriority(id, octets, start), id);
      case types.RST_STREAM:
        return this.#onReset(id, uint32(octets, start));
      case types.SETTINGS:
        return this.check(this.control.onSettings(flags, octets, start, end));
      case types.PUSH_PROMISE:
        return this.fail(this.pushFault);
      case types.PING:
        if ((flags & ACK) === 0) return this.check(this.control.onPing(octets, start));
        this.onPingAck(octets, start);
        return this.check(this.guard.note('pings'));
      case types.GOAWAY_FRAME:
        return this.#onGoAway(uint31(octets, start), uint32(octets, start + 4));
      case types.WINDOW_UPDATE:
        return this.check(this.control.onWindowUpdate(id, octets, start), id);
      case types.PRIORITY_UPDATE:
        return this.onPriorityUpdate(uint31(octets, start), octets, start + 4, end);
      default:
        // RFC 9113 §5.5: frames of unknown types are ignored.
        return this.check(this.guard.note('unknownFrames'));
    }
  }

  #onHeaders(flags: number, id: number, octets: Uint8Array, start: number, end: number): number {
    const block = this.#block;
    const error = this.headersFault(id) ?? block.begin(flags, id, octets, start, end);
    if (error !== undefined) return this.fail(error);
    return block.stream === 0 ? this.#onBlock(id) : NOTHING;
  }

  #onBlock(id: number): number {
    const { octets, start, end, endsStream, dependsOnItself } = this.#block;
    this.#block.letGo();
    this.dependsOnItself = dependsOnItself;
    return this.onBlock(id, endsStream, octets, start, end);
  }

  #onData(): number {
    if (this.#block.stream !== 0) return this.fail(HTTP2_ERRORS.HeaderBlockInterrupted);
    const { stream: id, length, padding, flags } = this.#decoder;
    const stream = this.streams.get(id);
    const octets = length - padding;
    this.#dataStream = undefined;
    if (stream === undefined) return this.#onStrayData(id, length, octets);
    // RFC 9113 §5.1: DATA after the end is STREAM_CLOSED, however full the stream's window is. It counts for the connection's.
    const late = stream.receive('receiveData');
    const error = this.inflow.receive(late === undefined ? stream : undefined, length) ?? late;
    if (error !== undefined) return this.fault(error, id);
    if (octets === 0 && (flags & END_STREAM) === 0) {
      const tooMany = this.guard.note('emptyFrames');
      if (tooMany !== undefined) return this.fail(tooMany);
    }
    if (!stream.receiveContent(octets)) return this.fault(HTTP2_ERRORS.ContentLengthMismatch, id);
    if (stream.discardsContent) this.inflow.abandon(stream);
    else if (padding > 0) this.inflow.consume(stream, padding);
    this.#dataStream = stream;
    return this.onContent(stream);
  }

  /** DATA on a stream that is not open. @param octets its length without padding. */
  #onStrayData(id: number, length: number, octets: number): number {
    if (this.streams.isIdle(id)) return this.fail(HTTP2_ERRORS.FrameOnIdleStream);
    // DATA of a closed stream still counts for the window of the connection (RFC 9113 §6.9).
    const error = this.inflow.receive(undefined, length);
    if (error !== undefined) return this.fail(error);
    if (!this.isIgnored(id)) return this.fault(HTTP2_ERRORS.FrameOnClosedStream, id);
    // Frames without content would cost nothing but time.
    return octets > 0 ? NOTHING : this.check(this.guard.note('streamErrors'));
  }

  /** The peer has sent all of its message. */
  protected endContent(stream: Http2Stream, trailers: FieldSection): number {
    if (!stream.hasAllContent) return this.fault(HTTP2_ERRORS.ContentLengthMismatch, stream.id);
    stream.receive('receiveEnd');
    if (stream.isClosed) this.close(stream, ENDED);
    if (stream.discardsContent) return NOTHING;
    this.stream = stream;
    this.trailers = trailers;
    return CONTENT_END;
  }

  #onReset(id: number, code: number): number {
    const tooMany = this.guard.note('resets');
    if (tooMany !== undefined) return this.fail(tooMany);
    const stream = this.streams.get(id);
    if (stream === undefined)
      return this.streams.isIdle(id) ? this.fail(HTTP2_ERRORS.FrameOnIdleStream) : NOTHING;
    stream.receive('receiveReset');
    this.close(stream, RESET_THERE);
    return stream.isRunning ? this.answerReset(stream, code, undefined) : NOTHING;
  }

  #onGoAway(lastAccepted: number, code: number): number {
    const tooMany = this.guard.note('goAways');
    if (tooMany !== undefined) return this.fail(tooMany);
    this.lastAccepted = lastAccepted;
    this.code = code;
    return this.onGoAway();
  }

  // --- errors ---

  protected check(error: Http2Error | undefined, id = 0): number {
    return error === undefined ? NOTHING : this.fault(error, id);
  }

  /** Ends the stream or the connection, by the scope of the error (RFC 9113 §5.4). */
  protected fault(error: Http2Error, id: number): number {
    // RST_STREAM must not be sent for an idle stream (RFC 9113 §6.4).
    if (error.scope === 'connection' || this.streams.isIdle(id)) return this.fail(error);
    const tooMany = this.guard.note('streamErrors');
    if (tooMany !== undefined) return this.fail(tooMany);
    const stream = this.streams.get(id);
    // No frame is sent on a stream that this end has reset (RFC 9113 §5.1).
    if (stream === undefined && this.streams.howClosed(id) === RESET_HERE) return NOTHING;
    writeReset(this.sender.out, id, error.code);
    if (stream === undefined) this.streams.remember(id, RESET_HERE);
    else this.closeByReset(stream);
    const flood = this.control.countAnswer();
    if (flood !== undefined) return this.fail(flood);
    return stream?.isRunning === true ? this.answerReset(stream, error.code, error) : NOTHING;
  }

  /** Ends the connection with GOAWAY, its last frame (RFC 9113 §5.4.1). */
  protected fail(error: Http2Error): number {
    if (this.#hasFailed) return REJECTED;
    this.#hasFailed = true;
    this.error = error;
    this.code = error.code;
    this.stream = undefined;
    writeGoAway(this.sender.out, this.lastPeerStream, error.code, error.sentence);
    this.#decoder.stop();
    for (const stream of [...this.streams.all()]) {
      stream.send('sendReset');
      this.streams.close(stream, RESET_HERE);
      this.sender.drop(stream);
    }
    return REJECTED;
  }

  protected answerReset(
    stream: Http2Stream | undefined,
    code: number,
    error: Http2Error | undefined,
  ): number {
    this.stream = stream;
    this.code = code;
    this.error = error;
    return RESET;
  }

  // --- implemented by the roles ---

  /** @returns the connection error of HEADERS on this stream, before their block is decoded. */
  protected abstract headersFault(id: number): Http2Error | undefined;
  /** A field block is complete. It must be decoded even if the stream is refused (RFC 9113 §4.3). */
  protected abstract onBlock(
    id: number,
    endsStream: boolean,
    octets: Uint8Array,
    start: number,
    end: number,
  ): number;
  /** A DATA frame has begun, and its length has been counted. */
  protected abstract onContent(stream: Http2Stream): number;
  protected abstract onGoAway(): number;
  protected abstract onPriorityUpdate(id: number, octets: Uint8Array, start: number, end: number): number;
  protected abstract onPingAck(octets: Uint8Array, start: number): void;
  protected abstract readonly pushFault: Http2Error;
  /** The last stream that the peer has opened. */
  protected abstract readonly lastPeerStream: number;

  /** Whether frames on a closed stream are ignored, because the peer may not know yet that it was reset (RFC 9113 §5.1). */
  protected isIgnored(id: number): boolean {
    return this.streams.howClosed(id) === RESET_HERE;
  }
}
