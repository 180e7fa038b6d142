/**
 * What the user of a connection does with its streams, whichever end it is: sends content, takes what came, ends streams; and takes
 * the output.
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

/** Octets of output that are enough for one write. */
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

  /** Streams that are worked on: open, or reset by the peer and not released. */
  get running(): number {
    return this.streams.running;
  }

  /** No stream is open, and none is worked on. */
  get isIdle(): boolean {
    return this.streams.size === 0 && this.streams.running === 0;
  }

  /** Sends content. It must not change before it is sent: see `nextDrained`. @throws {ContentLengthMismatch} if it is too long. */
  sendData(stream: Http2Stream, content: Uint8Array | string, ends = false): void {
    if (!this.#maySend(stream)) return;
    stream.pay(content.length);
    if (ends) stream.assertPaid();
    this.sender.data(stream, content, ends);
  }

  /** Ends what this end sends. @throws {ContentLengthMismatch} if there was less content than declared. */
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

  /** Octets of content that could be sent on the stream now, without waiting for a window. */
  room(stream: Http2Stream): number {
    return this.sender.room(stream);
  }

  /** Has read so much of the content. The peer may send as much again. */
  consumed(stream: Http2Stream, octets: number): void {
    this.inflow.consume(stream, octets);
  }

  /** Nobody reads the rest of what the peer sends. When all has been sent, the stream is reset (RFC 9113 §8.1). */
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

  /** The user does not work on the stream any more. Needed after RESET and `reset`: until then, the stream counts. */
  release(stream: Http2Stream): void {
    this.streams.release(stream);
  }

  /** Sets what the server thinks of the stream's priority (RFC 9218 §8); `undefined` leaves it to the client. */
  prioritize(stream: Http2Stream, priority: Priority | undefined): void {
    this.sender.reprioritize(stream, () => {
      stream.serverPriority = priority;
    });
  }

  /** Content that waited on this stream has been sent: all of it. `undefined` when there is no other. */
  nextDrained(): Http2Stream | undefined {
    return this.sender.drained.shift();
  }

  /** Content could be sent if the output were taken. */
  get hasContent(): boolean {
    return this.sender.hasContent;
  }

  /**
   * What is to be sent: all that was made since, and then content that has waited for its turn.
   *
   * @param most octets at which no more content is added.
   */
  output(most: number = ENOUGH_OUTPUT): Uint8Array | undefined {
    this.sender.fill(most);
    this.control.onOutput();
    return this.sender.take();
  }

  /** The socket has taken the output: its memory can be used again. */
  reuse(output: Uint8Array): void {
    this.sender.giveBack(output);
  }

  /** For the sender: the stream has sent its end. */
  onSentEnd(stream: Http2Stream): void {
    stream.send('sendEnd');
    if (stream.isClosed) this.close(stream, ENDED);
    else if (stream.discardsContent) this.#resetComplete(stream);
  }

  /** All has been sent, and the rest of what the peer sends is of no use. */
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

  /** The stream is closed: nothing more is sent on it, and what it has not read is given back to the others. */
  protected close(stream: Http2Stream, how: number): void {
    this.streams.close(stream, how);
    this.sender.drop(stream);
    this.inflow.abandon(stream);
  }
}
