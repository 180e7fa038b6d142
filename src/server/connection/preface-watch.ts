/**
 * Looks at the first octets of a clear connection: an HTTP/2 client with prior knowledge begins with the connection preface
 * (RFC 9113 §3.3, §3.4). Almost every other connection is HTTP/1 (`first-line.ts`), which hears all events from the start.
 */
import type { Socket } from 'node:net';
import { attach, type SocketEvents } from '../../io/driven-socket.ts';
import { joinOctets } from '../../octets/join-octets.ts';
import { NO_OCTETS } from '../../octets/no-octets.ts';
import type { LiveConnection } from '../service.ts';
import { firstLine } from './first-line.ts';

export class PrefaceWatch implements LiveConnection, SocketEvents {
  readonly #socket: Socket;
  readonly #http1: LiveConnection & SocketEvents;
  readonly #beginHttp2: () => SocketEvents;
  #octets: Uint8Array = NO_OCTETS;
  #successor: SocketEvents | undefined;

  /** @param beginHttp2 takes the connection from HTTP/1. */
  constructor(socket: Socket, http1: LiveConnection & SocketEvents, beginHttp2: () => SocketEvents) {
    this.#socket = socket;
    this.#http1 = http1;
    this.#beginHttp2 = beginHttp2;
    attach(socket, this);
  }

  get isPaused(): boolean {
    return (this.#successor ?? this.#http1).isPaused;
  }

  onOctets(octets: Uint8Array): void {
    const seen = this.#octets.length === 0 ? octets : joinOctets(this.#octets, octets, false);
    switch (firstLine(seen)) {
      case 'undecided':
        this.#octets = seen;
        return;
      case 'http1':
        return this.#hand(this.#http1, seen);
      default:
        // Also with a preface that is invalid: HTTP/2 answers it with GOAWAY (RFC 9113 §3.4).
        return this.#hand(this.#beginHttp2(), seen);
    }
  }

  #hand(successor: SocketEvents, octets: Uint8Array): void {
    this.#successor = successor;
    attach(this.#socket, successor);
    successor.onOctets(octets);
  }

  onPeerEnd(): void {
    // A part of a preface is a part of a request-line.
    if (this.#octets.length > 0) this.#hand(this.#http1, this.#octets);
    this.#http1.onPeerEnd();
  }

  closeIfIdle(): void {
    this.#http1.closeIfIdle();
  }

  destroy(error: unknown): void {
    this.#http1.destroy(error);
  }

  onDrain(): void {
    this.#http1.onDrain();
  }

  onError(error: Error): void {
    this.#http1.onError(error);
  }

  onClose(): void {
    this.#http1.onClose();
  }
}
