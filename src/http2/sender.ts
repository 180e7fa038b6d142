/**
 * The output of a connection: frames in the order in which they were made, then content that waited for its turn.
 *
 * If nothing else waits and both windows are open, `data` writes content at once, after the head of its response. Otherwise the
 * content is queued on its stream, by reference. `fill` takes frames from the queues (`send-queue.ts`) as far as the windows
 * allow. It runs when the output is taken, so control frames and heads come before content that waited.
 */
import { HpackEncoder } from '../hpack/encoder.ts';
import { OctetWriter } from '../octets/octet-writer.ts';
import { PLAIN_RUNTIME, type Runtime } from '../octets/runtime.ts';
import type { FieldLines } from '../semantics/field-lines.ts';
import type { AbuseGuard } from './abuse.ts';
import * as types from './frame/frame-types.ts';
import { setFrameHeader, writeFrameHeader } from './frame/frame-writer.ts';
import { DEFAULT_WINDOW, LARGEST_WINDOW } from './frame/settings.ts';
import { LEAST_EARNING_DATA } from './limits.ts';
import { type OutputMemory, outputMemoryOf } from './output-memory.ts';
import { SendQueue } from './stream/send-queue.ts';
import type { Http2Stream } from './stream/stream.ts';

// Named here because V8 folds only a module's own constants.
const { CONTINUATION, DATA, DEFAULT_FRAME_SIZE, END_HEADERS, END_STREAM, FRAME_HEADER_OCTETS, HEADERS } =
  types;

/** Bytes of output at which content has to wait, because the content of another stream may be more urgent. */
const ENOUGH_OUTPUT = 256 * 1024;

const NO_OCTETS = new Uint8Array(0);

/** The connection, as the sender sees it. */
interface SenderOwner {
  onSentEnd(stream: Http2Stream): void;
}

export class Sender {
  readonly out: OctetWriter;
  readonly encoder = new HpackEncoder();
  /** Octets of DATA that the peer allows on the connection. */
  window = DEFAULT_WINDOW;
  /** The largest payload of a frame. The peer may allow more, but larger frames gain nothing. */
  readonly maxFrameSize = DEFAULT_FRAME_SIZE;
  /** Streams whose queue has become empty since `nextDrained` returned undefined. */
  readonly drained: Http2Stream[] = [];
  readonly #queue = new SendQueue();
  readonly #memory: OutputMemory;
  readonly #guard: AbuseGuard;
  readonly #owner: SenderOwner;

  constructor(owner: SenderOwner, guard: AbuseGuard, runtime: Runtime = PLAIN_RUNTIME) {
    this.#owner = owner;
    this.#guard = guard;
    this.#memory = outputMemoryOf(runtime);
    this.out = new OctetWriter(this.#memory);
  }

  // --- field blocks ---

  /** Begins a frame whose payload is written to `out` next. @returns the offset of the frame, for `endBlock`. */
  beginBlock(): number {
    this.out.reserve(FRAME_HEADER_OCTETS);
    const start = this.out.length;
    this.out.length += FRAME_HEADER_OCTETS;
    return start;
  }

  /** Ends a field block: writes the header of HEADERS, and adds CONTINUATION frames if the block is too long (RFC 9113 §4.3). */
  endBlock(start: number, stream: Http2Stream, flags: number): void {
    const { out, maxFrameSize } = this;
    const blockStart = start + FRAME_HEADER_OCTETS;
    const length = out.length - blockStart;
    if (length <= maxFrameSize)
      return setFrameHeader(out.octets, start, length, HEADERS, flags | END_HEADERS, stream.id);
    const block = out.octets.slice(blockStart, out.length);
    out.length = start;
    for (let at = 0; at < length; at += maxFrameSize) {
      const end = Math.min(length, at + maxFrameSize);
      const type = at === 0 ? HEADERS : CONTINUATION;
      const ofFirst = at === 0 ? flags : 0;
      writeFrameHeader(out, end - at, type, end === length ? ofFirst | END_HEADERS : ofFirst, stream.id);
      out.piece(block, at, end);
    }
  }

  /** Sends a trailer section, which ends the stream, after the content that waits. */
  trailers(stream: Http2Stream, fields: FieldLines): void {
    if (stream.queued > 0) stream.endAfterQueue(fields);
    else this.#trailers(stream, fields);
  }

  #trailers(stream: Http2Stream, fields: FieldLines): void {
    const start = this.beginBlock();
    this.encoder.begin(this.out);
    const { names, values } = fields.section;
    for (let i = 0; i < names.length; i++) this.encoder.field(this.out, names[i]!, values[i]!);
    this.endBlock(start, stream, END_STREAM);
    this.#owner.onSentEnd(stream);
  }

  // --- content ---

  /** Sends content, now or later. @param content each character of text is one octet. */
  data(stream: Http2Stream, content: Uint8Array | string, ends: boolean): void {
    const { length } = content;
    if (length === 0) {
      if (ends) this.end(stream);
      return;
    }
    const { out } = this;
    const mayBeNow =
      length <= this.maxFrameSize &&
      length <= stream.sendWindow &&
      length <= this.window &&
      stream.queued === 0;
    if (mayBeNow && this.#queue.isEmpty && out.length < ENOUGH_OUTPUT) {
      writeFrameHeader(out, length, DATA, ends ? END_STREAM : 0, stream.id);
      if (typeof content === 'string') out.text(content);
      else out.piece(content);
      this.#count(stream, length, true);
      if (ends) this.#owner.onSentEnd(stream);
      return;
    }
    stream.enqueue(typeof content === 'string' ? this.#octetsOf(content) : content);
    if (ends) stream.endAfterQueue(undefined);
    if (stream.sendWindow > 0) this.#queue.add(stream);
  }

  /** Ends the stream after the content that waits. An empty DATA frame needs no window (RFC 9113 §6.9.1). */
  end(stream: Http2Stream): void {
    if (stream.queued > 0) return stream.endAfterQueue(undefined);
    writeFrameHeader(this.out, 0, DATA, END_STREAM, stream.id);
    this.#owner.onSentEnd(stream);
  }

  /** Bytes of content that could be sent at once. */
  room(stream: Http2Stream): number {
    return Math.max(0, Math.min(stream.sendWindow, this.window) - stream.queued);
  }

  /** Whether content waits that could be sent now. */
  get hasContent(): boolean {
    return this.window > 0 && !this.#queue.isEmpty;
  }

  /** Writes content that waits, as far as the windows allow. @param most bytes of output at which it stops. */
  fill(most: number): void {
    const { out } = this;
    while (this.window > 0 && out.length < most) {
      const stream = this.#queue.first();
      if (stream === undefined) return;
      this.#frame(stream);
    }
  }

  #frame(stream: Http2Stream): void {
    const { out } = this;
    const room = Math.min(this.maxFrameSize, stream.sendWindow, this.window, stream.queued);
    out.reserve(FRAME_HEADER_OCTETS + room);
    const start = out.length;
    out.length += FRAME_HEADER_OCTETS;
    // Consecutive pieces share a frame.
    for (let left = room; left > 0; ) {
      const piece = stream.dequeue(left);
      out.piece(piece);
      left -= piece.length;
    }
    const isLast = stream.queued === 0;
    this.#count(stream, room, isLast);
    const ends = isLast && stream.afterQueue === 'end';
    setFrameHeader(out.octets, start, room, DATA, ends ? END_STREAM : 0, stream.id);
    if (!isLast) {
      if (stream.sendWindow > 0) this.#queue.rotate(stream);
      else this.#queue.remove(stream);
      return;
    }
    this.#queue.remove(stream);
    this.drained.push(stream);
    if (ends) this.#owner.onSentEnd(stream);
    else if (stream.afterQueue === 'trailers') this.#trailers(stream, stream.trailersAfterQueue!);
  }

  #count(stream: Http2Stream, octets: number, isLast: boolean): void {
    stream.sendWindow -= octets;
    this.window -= octets;
    stream.sent += octets;
    if (isLast || octets >= LEAST_EARNING_DATA) this.#guard.onDataSent();
  }

  #octetsOf(text: string): Uint8Array {
    const octets = this.#memory.own(text.length);
    this.#memory.writeLatin1(octets, text, 0);
    return octets;
  }

  // --- windows and priorities ---

  /** WINDOW_UPDATE for a stream, or another SETTINGS_INITIAL_WINDOW_SIZE. @returns false if the window overflows. */
  enlarge(stream: Http2Stream, increment: number): boolean {
    stream.sendWindow += increment;
    if (stream.sendWindow > LARGEST_WINDOW) return false;
    if (stream.queued > 0) {
      if (stream.sendWindow > 0) this.#queue.add(stream);
      else this.#queue.remove(stream);
    }
    return true;
  }

  /** WINDOW_UPDATE for the connection. @returns false if the window overflows. */
  enlargeAll(increment: number): boolean {
    this.window += increment;
    return this.window <= LARGEST_WINDOW;
  }

  /** Moves the stream in the queue. @param change sets its new priority. */
  reprioritize(stream: Http2Stream, change: () => void): void {
    const { isWaiting } = stream;
    this.#queue.remove(stream);
    change();
    if (isWaiting) this.#queue.add(stream);
  }

  /** Drops the content that waits on the stream. */
  drop(stream: Http2Stream): void {
    this.#queue.remove(stream);
    stream.dropQueue();
  }

  // --- the output ---

  /** @returns everything that was written; `undefined` if nothing was. */
  take(): Uint8Array | undefined {
    const { out } = this;
    const { length, octets } = out;
    if (length === 0) return undefined;
    out.octets = NO_OCTETS;
    out.length = 0;
    return this.#memory.output(octets, length);
  }

  /** Whether the memory of the output is to be used again. */
  isLent(output: Uint8Array): boolean {
    return this.#memory.isLent(output);
  }

  /** Uses the memory of this output again. */
  reuse(output: Uint8Array): void {
    this.#memory.reuse(output);
  }
}
