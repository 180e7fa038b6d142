/** The windows for received content, of the connection and of its streams. Sends WINDOW_UPDATE (RFC 9113 §6.9). */
import type { OctetWriter } from '../../octets/octet-writer.ts';
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import { writeWindowUpdate } from '../frame/frame-writer.ts';
import { DEFAULT_WINDOW } from '../frame/settings.ts';
import type { Http2Limits } from '../limits.ts';
import { ReceiveWindow } from './flow-window.ts';
import type { Http2Stream } from './stream.ts';

export class Inflow {
  /** The window that the peer assumes for a new stream. Until it acknowledges a smaller size, that is the default. */
  #initial: number;
  readonly #streamWindow: number;
  readonly #connection: ReceiveWindow;
  readonly #out: OctetWriter;

  constructor(limits: Http2Limits, out: OctetWriter) {
    this.#out = out;
    this.#streamWindow = limits.streamWindow;
    this.#initial = Math.max(DEFAULT_WINDOW, limits.streamWindow);
    // SETTINGS does not change the window of the connection (RFC 9113 §6.9.2), so the initial size is the smallest.
    this.#connection = new ReceiveWindow(Math.max(DEFAULT_WINDOW, limits.connectionWindow), DEFAULT_WINDOW);
  }

  /** Opens the window of the connection up to the limit. */
  begin({ connectionWindow }: Http2Limits): void {
    const increment = connectionWindow - DEFAULT_WINDOW;
    if (increment > 0) writeWindowUpdate(this.#out, 0, this.#connection.enlarge(increment));
  }

  /** The peer has acknowledged SETTINGS_INITIAL_WINDOW_SIZE: adjusts the windows of open streams (RFC 9113 §6.9.2). */
  onSettingsAck(streams: Iterable<Http2Stream>): void {
    const before = this.#initial;
    this.#initial = this.#streamWindow;
    if (before === this.#initial) return;
    for (const stream of streams) stream.receiveWindow?.resize(before, this.#initial);
  }

  /** Counts the payload of a DATA frame (RFC 9113 §6.9.1). @param stream `undefined` if the content is dropped. */
  receive(stream: Http2Stream | undefined, octets: number): Http2Error | undefined {
    if (!this.#connection.receive(octets)) return HTTP2_ERRORS.ConnectionWindowExceeded;
    if (stream === undefined) {
      this.#consume(octets);
      return undefined;
    }
    stream.receiveWindow ??= new ReceiveWindow(this.#streamWindow, this.#initial);
    return stream.receiveWindow.receive(octets) ? undefined : HTTP2_ERRORS.StreamWindowExceeded;
  }

  /** Content has been read: opens both windows. */
  consume(stream: Http2Stream, octets: number): void {
    const window = stream.receiveWindow;
    if (window === undefined) return;
    const consumed = Math.min(octets, window.unconsumed);
    const increment = window.consume(consumed);
    // After the end of the peer's message, the stream needs no window.
    if (increment > 0 && !stream.hasReceivedEnd) writeWindowUpdate(this.#out, stream.id, increment);
    this.#consume(consumed);
  }

  /** Content that has arrived on the stream is dropped: opens the window of the connection. */
  abandon(stream: Http2Stream): void {
    const window = stream.receiveWindow;
    if (window === undefined) return;
    this.#consume(window.unconsumed);
    window.unconsumed = 0;
  }

  #consume(octets: number): void {
    const increment = this.#connection.consume(octets);
    if (increment > 0) writeWindowUpdate(this.#out, 0, increment);
  }
}
