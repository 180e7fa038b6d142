/**
 * What both ends of an HTTP/2 connection do: take frames, keep the windows, answer SETTINGS and PING, and end streams or the
 * connection where the peer breaks a rule (RFC 9113 §5, §6). What a field block means is up to the two roles.
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
  /** What the last answer of `next` is about. After RESET it is `undefined` for a request that was never given out. */
  stream: Http2Stream | undefined;
  /** After CONTENT: a view on the octets that were received; copy it if they are going to be overwritten. */
  content: Uint8Array = NO_OCTETS;
  /** After CONTENT_END: the trailer section, without the fields that have no business there. */
  trailers: FieldSection = NO_FIELDS;
  /** After REJECTED: why the connection has failed. After RESET: what the peer did wrong, if it was not the peer who reset. */
  error: Http2Error | undefined;
  /** After RESET or GOAWAY: the error code. */
  code = 0;
  /** After GOAWAY: the last stream that the peer has looked at, or will. */
  lastAccepted = 0;

  /** The dependency of the block that comes is on its own stream (RFC 7540 §5.3.1). */
  protected dependsOnItself = false;
  readonly #decoder: FrameDecoder;
  readonly #block: HeaderBlock;
  #hasFailed = false;
  /** The stream of the DATA that comes; `undefined` if nobody reads it. */
  #dataStream: Http2Stream | undefined;

  constructor(role: Role, limits: Http2Limits = DEFAULT_HTTP2_LIMITS, runtime: Runtime = PLAIN_RUNTIME) {
    super(role, limits, runtime);
    this.#decoder = new FrameDecoder(types.DEFAULT_FRAME_SIZE, role === 'server');
    this.#block = new HeaderBlock(limits.fieldSection);
  }

  // --- octets in, answers out ---

  /**
   * Takes more octets; they must not change while they have not been decoded.
   *
   * @param now milliseconds of a clock that never goes back, against abuse: how often is too often.
   */
  receive(octets: Uint8Array, now: number = this.guard.now): void {
    this.guard.now = now;
    this.#decoder.receive(octets);
  }

  /** The next thing that the user has to know of; NEED_OCTETS if that takes more of them. */
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
        // A frame that can't be where it is may not be excused because it is wrong itself.
        if (this.#block.stream !== 0) return this.fail(HTTP2_ERRORS.HeaderBlockInterrupted);
        return this.fault(this.#decoder.error, this.#decoder.stream);
      default:
        this.#letGo();
        return this.hasFailed ? REJECTED : NEED_OCTETS;
    }
  }

  /** A connection that waits holds nothing of what it gave out. */
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

  /** The preface, a frame or a field block has begun to arrive and is not complete. */
  get isInFrame(): boolean {
    return this.#decoder.isInFrame || this.#block.stream !== 0;
  }

  /** The connection is over: nothing is decoded, and nothing sent but what is in the output. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The peer has acknowledged SETTINGS. It should, soon (RFC 9113 §6.5.3). */
  get settingsAreAcknowledged(): boolean {
    return this.control.settingsAreAcknowledged;
  }

  // --- frames ---

  #onFrame(): number {
    const { type, flags, stream: id, octets, start, end } = this.#decoder;
    const { stream: inBlock } = this.#block;
    // RFC 9113 §4.3: nothing comes between the frames of a field block.
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
        this.lastAccepted = uint31(octets, start);
        this.code = uint32(octets, start + 4);
        return this.onGoAway();
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
    this.#dataStream = undefined;
    if (stream === undefined) {
      if (this.streams.isIdle(id)) return this.fail(HTTP2_ERRORS.FrameOnIdleStream);
      // Of a closed stream it still counts for the connection's window (RFC 9113 §6.9).
      const error = this.inflow.receive(undefined, length);
      if (error !== undefined) return this.fail(error);
      return this.isIgnored(id) ? NOTHING : this.fault(HTTP2_ERRORS.FrameOnClosedStream, id);
    }
    const error = this.inflow.receive(stream, length) ?? stream.receive('receiveData');
    if (error !== undefined) return this.fault(error, id);
    const octets = length - padding;
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

  // --- errors ---

  protected check(error: Http2Error | undefined, id = 0): number {
    return error === undefined ? NOTHING : this.fault(error, id);
  }

  /** Ends the stream or the connection, as the error's scope says (RFC 9113 §5.4). */
  protected fault(error: Http2Error, id: number): number {
    // There is no RST_STREAM for a stream that was never opened.
    if (error.scope === 'connection' || this.streams.isIdle(id)) return this.fail(error);
    const tooMany = this.guard.note('streamErrors');
    if (tooMany !== undefined) return this.fail(tooMany);
    const stream = this.streams.get(id);
    // Nothing more is sent on a stream that was reset (RFC 9113 §5.1).
    if (stream === undefined && this.streams.howClosed(id) === RESET_HERE) return NOTHING;
    writeReset(this.sender.out, id, error.code);
    if (stream === undefined) this.streams.remember(id, RESET_HERE);
    else this.closeByReset(stream);
    const flood = this.control.countAnswer();
    if (flood !== undefined) return this.fail(flood);
    return stream?.isRunning === true ? this.answerReset(stream, error.code, error) : NOTHING;
  }

  /** Ends the connection: GOAWAY, and nothing after it (RFC 9113 §5.4.1). */
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

  // --- what the roles decide ---

  /** What is wrong with HEADERS on this stream, before their block is looked at. */
  protected abstract headersFault(id: number): Http2Error | undefined;
  /** A field block is complete. It has to be decoded, whatever becomes of it (RFC 9113 §4.3). */
  protected abstract onBlock(
    id: number,
    endsStream: boolean,
    octets: Uint8Array,
    start: number,
    end: number,
  ): number;
  /** DATA has begun on a stream, and has been counted. */
  protected abstract onContent(stream: Http2Stream): number;
  protected abstract onGoAway(): number;
  protected abstract onPriorityUpdate(id: number, octets: Uint8Array, start: number, end: number): number;
  protected abstract onPingAck(octets: Uint8Array, start: number): void;
  protected abstract readonly pushFault: Http2Error;
  /** The last stream that the peer has opened. */
  protected abstract readonly lastPeerStream: number;

  /** Whether what comes on a closed stream is ignored: the peer could not know yet (RFC 9113 §5.1). */
  protected isIgnored(id: number): boolean {
    return this.streams.howClosed(id) === RESET_HERE;
  }
}
