/** Flow control of what comes in: the windows of the connection and of its streams, and WINDOW_UPDATE (RFC 9113 §6.9). */
import type { OctetWriter } from '../../octets/octet-writer.ts';
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import { writeWindowUpdate } from '../frame/frame-writer.ts';
import { DEFAULT_WINDOW } from '../frame/settings.ts';
import type { Http2Limits } from '../limits.ts';
import { ReceiveWindow } from './flow-window.ts';
import type { Http2Stream } from './stream.ts';

export class Inflow {
  /** What the peer assumes of a new stream. Before it has acknowledged a lower size, that is the default. */
  #initial: number;
  readonly #streamWindow: number;
  readonly #connection: ReceiveWindow;
  readonly #out: OctetWriter;

  constructor(limits: Http2Limits, out: OctetWriter) {
    this.#out = out;
    this.#streamWindow = limits.streamWindow;
    this.#initial = Math.max(DEFAULT_WINDOW, limits.streamWindow);
    // SETTINGS does not change this one (RFC 9113 §6.9.2), so it can't be lower than it is at first.
    this.#connection = new ReceiveWindow(Math.max(DEFAULT_WINDOW, limits.connectionWindow), DEFAULT_WINDOW);
  }

  /** Opens the connection's window as far as the limit says. */
  begin({ connectionWindow }: Http2Limits): void {
    const increment = connectionWindow - DEFAULT_WINDOW;
    if (increment > 0) writeWindowUpdate(this.#out, 0, this.#connection.enlarge(increment));
  }

  /** The peer has acknowledged SETTINGS_INITIAL_WINDOW_SIZE: windows that exist are adjusted (RFC 9113 §6.9.2). */
  onSettingsAck(streams: Iterable<Http2Stream>): void {
    const before = this.#initial;
    this.#initial = this.#streamWindow;
    if (before === this.#initial) return;
    for (const stream of streams) stream.receiveWindow?.resize(before, this.#initial);
  }

  /** A frame of DATA has come: all of its payload counts (RFC 9113 §6.9.1). @param stream `undefined`: nobody will read it. */
  receive(stream: Http2Stream | undefined, octets: number): Http2Error | undefined {
    if (!this.#connection.receive(octets)) return HTTP2_ERRORS.ConnectionWindowExceeded;
    if (stream === undefined) {
      this.#consume(octets);
      return undefined;
    }
    stream.receiveWindow ??= new ReceiveWindow(this.#streamWindow, this.#initial);
    return stream.receiveWindow.receive(octets) ? undefined : HTTP2_ERRORS.StreamWindowExceeded;
  }

  /** Content has been read: both windows open again. */
  consume(stream: Http2Stream, octets: number): void {
    const window = stream.receiveWindow;
    if (window === undefined) return;
    const consumed = Math.min(octets, window.unconsumed);
    const increment = window.consume(consumed);
    // Nothing more comes on a stream that has ended.
    if (increment > 0 && !stream.hasReceivedEnd) writeWindowUpdate(this.#out, stream.id, increment);
    this.#consume(consumed);
  }

  /** What has come on the stream will not be read: others may use the connection's window for it. */
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
