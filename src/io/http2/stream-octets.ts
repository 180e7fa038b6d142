/** The octets of a tunnel over HTTP/2: the content of its stream, both ways (RFC 9113 §8.5). */
import { Duplex } from 'node:stream';
import type { Http2Stream } from '../../http2/stream/stream.ts';
import type { StreamOperations } from '../../http2/stream-operations.ts';

/** What a tunnel takes from its wire. */
interface TunnelWire {
  readonly stream: Http2Stream;
  readonly isBlocked: boolean;
  /** The peer has ended its side, and everything that it sent has been taken. */
  readonly inputHasEnded: boolean;
  /** Takes a piece that has arrived; the window opens for it. */
  take(): Uint8Array | undefined;
}

export class StreamOctets extends Duplex {
  readonly #wire: TunnelWire;
  readonly #connection: StreamOperations;
  readonly #flushSoon: () => void;
  #onWritten: ((error?: Error | null) => void) | undefined;
  #isReading = false;

  constructor(wire: TunnelWire, connection: StreamOperations, flushSoon: () => void) {
    super({ allowHalfOpen: true, autoDestroy: false });
    this.#wire = wire;
    this.#connection = connection;
    this.#flushSoon = flushSoon;
  }

  override _read(): void {
    this.#isReading = true;
    this.onReadable();
  }

  onReadable(): void {
    while (this.#isReading) {
      const octets = this.#wire.take();
      if (octets === undefined) break;
      this.#isReading = this.push(octets);
    }
    this.#flushSoon();
    if (this.#wire.inputHasEnded && this.#isReading) {
      this.#isReading = false;
      this.push(null);
    }
  }

  override _write(octets: Uint8Array, _encoding: unknown, onWritten: (error?: Error | null) => void): void {
    this.#connection.sendData(this.#wire.stream, octets);
    this.#flushSoon();
    if (this.#wire.isBlocked) this.#onWritten = onWritten;
    else onWritten();
  }

  override _final(onEnded: (error?: Error | null) => void): void {
    this.#connection.sendEnd(this.#wire.stream);
    this.#flushSoon();
    onEnded();
  }

  onDrained(): void {
    if (this.#wire.isBlocked) return;
    const onWritten = this.#onWritten;
    this.#onWritten = undefined;
    onWritten?.();
  }
}
