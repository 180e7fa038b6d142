/** Writes the output of an HTTP/2 connection to its socket, for both roles. */
import type { Socket } from 'node:net';
import type { StreamOperations } from '../../http2/stream-operations.ts';
import { Outbound } from '../outbound.ts';

/** What a connection has as the owner of each stream. */
interface StreamOwner {
  /** Everything that waited on the stream has been sent. */
  onDrained(): void;
}

export class FrameOutput {
  readonly outbound: Outbound;
  readonly #engine: StreamOperations;
  readonly #socket: Socket;
  readonly #onOutput: ((output: Uint8Array) => void) | undefined;
  /** The outputs whose memory can be used again when the socket has taken them, in their order. */
  readonly #lent: Uint8Array[] = [];

  /** @param onOutput sees everything that is written. */
  constructor(engine: StreamOperations, socket: Socket, onOutput?: (output: Uint8Array) => void) {
    this.outbound = new Outbound(socket);
    this.#engine = engine;
    this.#socket = socket;
    this.#onOutput = onOutput;
  }

  /** Writes what there is, as far as the socket takes it. Streams that have room again may add to it. */
  write(): void {
    const engine = this.#engine;
    while (!this.outbound.isBlocked && this.#socket.writable) {
      const hasWritten = this.writeOnce();
      for (let stream = engine.nextDrained(); stream !== undefined; stream = engine.nextDrained())
        (stream.owner as StreamOwner | undefined)?.onDrained();
      if (!hasWritten) return;
    }
  }

  /** Writes one piece of output. @returns whether there was one. */
  writeOnce(): boolean {
    const output = this.#engine.output();
    if (output === undefined) return false;
    this.#onOutput?.(output);
    if (this.#engine.isLent(output)) {
      this.#lent.push(output);
      this.outbound.octets(output, this.#onTaken);
    } else {
      this.outbound.octets(output);
    }
    return true;
  }

  readonly #onTaken = (): void => this.#engine.reuse(this.#lent.shift()!);
}
