/**
 * A socket without a network, for a `Listener`'s `accept`: what the client does are calls, what the server did are fields.
 *
 * It is half-open as an accepted socket is: the end of one side leaves the other open. Each piece that is fed arrives as
 * a piece of its own.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** `fin`: the server ended its side; `cut`: it destroyed the socket without; `null`: it did neither. */
export type MemoryEnd = 'fin' | 'cut' | null;

export interface Addresses {
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  readonly localAddress?: string;
  readonly localPort?: number;
}

export class MemorySocket extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  /** Octets the client has sent. */
  bytesRead = 0;
  /** Octets the server has written. */
  bytesWritten = 0;

  #end: MemoryEnd = null;
  #hasFinished = false;
  readonly #written: Buffer[] = [];
  #waiting: (() => void)[] = [];

  constructor(addresses: Addresses = {}) {
    super({ allowHalfOpen: true });
    this.remoteAddress = addresses.remoteAddress ?? '192.0.2.1';
    this.remotePort = addresses.remotePort ?? 1024;
    this.localAddress = addresses.localAddress ?? '192.0.2.2';
    this.localPort = addresses.localPort ?? 80;
  }

  /** What a `Listener` takes it for: of a socket, the engine needs only what is here. */
  get asSocket(): Socket {
    return this as unknown as Socket;
  }

  // --- what the client does ---

  /** Lets octets arrive, as one piece. They are lost, as on a network, when the socket has been destroyed. */
  feed(octets: Uint8Array): void {
    if (this.#hasFinished) throw new Error('The client has ended its side');
    if (this.destroyed || octets.length === 0) return;
    this.bytesRead += octets.length;
    this.push(octets);
  }

  /** Ends the client's side: FIN. */
  finish(): void {
    if (this.#hasFinished || this.destroyed) return;
    this.#hasFinished = true;
    this.push(null);
  }

  /** Cuts the connection off: RST. */
  reset(): void {
    this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  }

  // --- what the server did ---

  /** Everything the server has written. */
  get written(): Buffer {
    return Buffer.concat(this.#written);
  }

  get ended(): MemoryEnd {
    return this.#end;
  }

  /** Fulfils when `holds` does; it is asked after everything the server does. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  // --- Duplex ---

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#written.push(chunk);
    this.bytesWritten += chunk.length;
    this.#changed();
    done();
  }

  override _final(done: () => void): void {
    this.#end ??= 'fin';
    this.#changed();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#end ??= 'cut';
    // Not before `destroyed` is true for those who wait.
    this.#changed();
    done(error);
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
