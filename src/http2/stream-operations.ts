/**
 * The operations of a caller on the streams of a connection, for both roles: send content, report what was read, end streams, and
 * take the output.
 */
import { HpackDecoder } from '../hpack/decoder.ts';
import type { Runtime } from '../octets/runtime.ts';
import type { FieldLines } from '../semantics/field-lines.ts';
import type { Priority } from '../semantics/priority.ts';
import { AbuseGuard } from './abuse.ts';
import { ControlFrames, type Role } from './control-frames.ts';
import { NO_ERROR } from './error-codes.ts';
import { writeReset, writeSettings } from './frame/frame-writer.ts';
import type { Setting } from './frame/settings.ts';
import type { Http2Limits } from './limits.ts';
import { Sender } from './sender.ts';
import { Inflow } from './stream/inflow.ts';
import type { Http2Stream } from './stream/stream.ts';
import { ENDED, RESET_HERE, Streams } from './stream/streams.ts';

/** Bytes of output that are enough for one write. */
const ENOUGH_OUTPUT = 256 * 1024;

export abstract class StreamOperations {
  protected readonly limits: Http2Limits;
  protected readonly streams = new Streams();
  protected readonly guard = new AbuseGuard();
  protected readonly sender: Sender;
  protected readonly inflow: Inflow;
  protected readonly control: ControlFrames;
  protected readonly hpack: HpackDecoder;
  protected readonly runtime: Runtime;

  constructor(role: Role, limits: Http2Limits, runtime: Runtime) {
    const { streams, guard } = this;
    const sender = new Sender(this, guard, runtime);
    const inflow = new Inflow(limits, sender.out);
    this.limits = limits;
    this.runtime = runtime;
    this.sender = sender;
    this.inflow = inflow;
    this.control = new ControlFrames({ limits, streams, guard, sender, inflow }, role);
    this.hpack = new HpackDecoder(undefined, runtime);
  }

  /** The number of streams in use: those that are open, and those that were reset and not yet released. */
  get running(): number {
    return this.streams.running;
  }

  /** No stream is open, and none is in use. */
  get isIdle(): boolean {
    return this.streams.size === 0 && this.streams.running === 0;
  }

  /** Sends content. Octets must not change until `nextDrained` returns the stream. @throws {ContentLengthMismatch} if too long. */
  sendData(stream: Http2Stream, content: Uint8Array | string, ends = false): void {
    if (!this.#maySend(stream)) return;
    stream.pay(content.length);
    if (ends) stream.assertPaid();
    this.sender.data(stream, content, ends);
  }

  /** Ends the message of this end. @throws {ContentLengthMismatch} if the content was shorter than declared. */
  sendEnd(stream: Http2Stream, trailers?: FieldLines): void {
    if (!this.#maySend(stream)) return;
    stream.assertPaid();
    if (trailers === undefined || trailers.lines === '') this.sender.end(stream);
    else this.sender.trailers(stream, trailers);
  }

  #maySend(stream: Http2Stream): boolean {
    if (stream.afterQueue !== 'nothing') throw new TypeError(`Stream ${stream.id} has been ended`);
    return stream.send('sendData');
  }

  /** Bytes of content that the windows allow on the stream now. */
  room(stream: Http2Stream): number {
    return this.sender.room(stream);
  }

  /** The caller has read this many bytes of content. The windows open by as many. */
  consumed(stream: Http2Stream, octets: number): void {
    this.inflow.consume(stream, octets);
  }

  /** Drops the rest of the peer's content. When this end has sent its message, it resets the stream with NO_ERROR (RFC 9113 §8.1). */
  refuseContent(stream: Http2Stream): void {
    if (stream.hasReceivedEnd) return;
    stream.discardsContent = true;
    this.inflow.abandon(stream);
    if (stream.hasSentEnd) this.#resetComplete(stream);
  }

  /** Ends the stream at once (RFC 9113 §6.4). */
  reset(stream: Http2Stream, code: number): void {
    if (stream.isClosed || stream.state === 'idle') return;
    writeReset(this.sender.out, stream.id, code);
    this.closeByReset(stream);
  }

  /** The caller has finished with the stream. Required after RESET and `reset`: until then, the stream counts as in use. */
  release(stream: Http2Stream): void {
    this.streams.release(stream);
  }

  /** Sets the priority by the server (RFC 9218 §8); `undefined` for that of the client. */
  prioritize(stream: Http2Stream, priority: Priority | undefined): void {
    this.sender.reprioritize(stream, () => {
      stream.serverPriority = priority;
    });
  }

  /** @returns a stream on which all content that waited has been sent; `undefined` if there is no other. */
  nextDrained(): Http2Stream | undefined {
    return this.sender.drained.shift();
  }

  /** Whether `output` would return content that waits. */
  get hasContent(): boolean {
    return this.sender.hasContent;
  }

  /**
   * Takes the output: the frames that were made since, then content that waits.
   *
   * @param most bytes of output at which no more content is added.
   */
  output(most: number = ENOUGH_OUTPUT): Uint8Array | undefined {
    this.sender.fill(most);
    this.control.onOutput();
    return this.sender.take();
  }

  /** Whether this output is in memory that can be used again when it has been written: then call `reuse`. */
  isLent(output: Uint8Array): boolean {
    return this.sender.isLent(output);
  }

  /** The output has been written, and nothing looks at it any more. */
  reuse(output: Uint8Array): void {
    this.sender.reuse(output);
  }

  /** The sender calls this when the end of a stream has been sent. */
  onSentEnd(stream: Http2Stream): void {
    stream.send('sendEnd');
    if (stream.isClosed) this.close(stream, ENDED);
    else if (stream.discardsContent) this.#resetComplete(stream);
  }

  /** The message of this end is complete, and the rest of the peer's message is not needed. */
  #resetComplete(stream: Http2Stream): void {
    this.reset(stream, NO_ERROR);
    this.streams.release(stream);
  }

  protected sendSettings(settings: readonly Setting[]): void {
    writeSettings(this.sender.out, settings);
    this.inflow.begin(this.limits);
  }

  protected closeByReset(stream: Http2Stream): void {
    stream.send('sendReset');
    this.close(stream, RESET_HERE);
  }

  /** Closes the stream. Content that waits is dropped, and the window of the connection opens for content that was not read. */
  protected close(stream: Http2Stream, how: number): void {
    this.streams.close(stream, how);
    this.sender.drop(stream);
    this.inflow.abandon(stream);
  }
}
