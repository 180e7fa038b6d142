/** One stream of an HTTP/2 connection as a tunnel (RFC 8441 §5). Its window opens for what the reader of the octets has taken. */
import { CANCEL } from '../../../http2/error-codes.ts';
import type { Http2Stream } from '../../../http2/stream/stream.ts';
import { StreamOctets } from '../../../io/http2/stream-octets.ts';
import { kept } from '../../../io/shared-reading.ts';
import type { StreamHost, StreamOwner } from '../stream-owner.ts';
import type { ClientTunnel } from '../wire.ts';

/** Bytes that may wait for a window before a writer has to wait. */
const MOST_QUEUED = 16 * 1024;

export class Http2Tunnel implements ClientTunnel, StreamOwner {
  readonly version = '2';
  readonly received = new Uint8Array(0);
  readonly observer = undefined;
  readonly stream: Http2Stream;
  readonly octets: StreamOctets;
  readonly #host: StreamHost;
  /** Octets that wait for their reader. */
  readonly #arrived: Uint8Array[] = [];
  #inputIsComplete: boolean;
  #isClosing = false;
  #hasEnded = false;

  /** @param inputIsComplete the server has ended its side already. */
  constructor(host: StreamHost, stream: Http2Stream, inputIsComplete: boolean) {
    this.#host = host;
    this.stream = stream;
    this.#inputIsComplete = inputIsComplete;
    this.octets = new StreamOctets(this, host.connection, () => host.flushSoon());
    stream.owner = this;
  }

  // --- what the octets need ---

  get isBlocked(): boolean {
    return this.#host.isBlocked || this.stream.queued > MOST_QUEUED;
  }

  get inputHasEnded(): boolean {
    return this.#inputIsComplete && this.#arrived.length === 0;
  }

  take(): Uint8Array | undefined {
    const octets = this.#arrived.shift();
    if (octets !== undefined) this.#host.connection.consumed(this.stream, octets.length);
    return octets;
  }

  // --- what the connection reports ---

  onInterim(): void {}

  onHead(): void {}

  onContent(octets: Uint8Array): void {
    this.#arrived.push(kept(octets));
    this.octets.onReadable();
  }

  onContentEnd(): void {
    this.#inputIsComplete = true;
    this.octets.onReadable();
  }

  onDrained(): void {
    this.octets.onDrained();
    if (this.#isClosing) this.close();
  }

  onReset(): void {
    // A server that breaks a rule has not ended the stream itself; after RST_STREAM this does nothing.
    this.abort();
  }

  onLost(): void {
    this.#end();
  }

  // --- the end ---

  /** What waits for the window is sent first. */
  close(): void {
    this.#isClosing = true;
    if (this.stream.queued === 0) this.#end();
  }

  abort(): void {
    if (this.#hasEnded) return;
    this.#host.connection.reset(this.stream, CANCEL);
    this.#host.flushSoon();
    this.#end();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#arrived.length = 0;
    this.stream.owner = undefined;
    this.#host.connection.release(this.stream);
    this.#host.onStreamEnd(this);
    this.octets.destroy();
  }
}
