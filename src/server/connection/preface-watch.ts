/**
 * Looks at the first octets of a clear connection: an HTTP/2 client with prior knowledge begins with the connection preface
 * (RFC 9113 §3.3, §3.4). Almost every other connection is HTTP/1 (`first-line.ts`), which hears all events from the start.
 */
import type { Socket } from 'node:net';
import type { Expiring } from '../../io/deadline.ts';
import { attach, type SocketEvents } from '../../io/driven-socket.ts';
import { kept } from '../../io/shared-reading.ts';
import { joinOctets } from '../../octets/join-octets.ts';
import { NO_OCTETS } from '../../octets/no-octets.ts';
import type { LiveConnection, Service } from '../service.ts';
import { timeoutFor } from './awaited.ts';
import { firstLine } from './first-line.ts';
import type { Http1Connection } from './http1-connection.ts';

export class PrefaceWatch implements LiveConnection, SocketEvents, Expiring {
  /** Runs from the first octet on, as that of a head does. */
  deadline = Infinity;
  readonly #socket: Socket;
  readonly #service: Service;
  readonly #http1: Http1Connection;
  readonly #beginHttp2: () => SocketEvents;
  #octets: Uint8Array = NO_OCTETS;
  #successor: SocketEvents | undefined;

  /** @param beginHttp2 takes the connection from HTTP/1. */
  constructor(socket: Socket, service: Service, http1: Http1Connection, beginHttp2: () => SocketEvents) {
    this.#socket = socket;
    this.#service = service;
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
        if (this.#octets.length === 0) this.#watchTime();
        this.#octets = kept(seen);
        return;
      case 'http1':
        this.#hand(this.#http1, seen);
        // The time for a head runs from its first octet, wherever the octets are cut.
        if (this.#http1.connection.inHead)
          this.#http1.time.deadline = Math.min(this.#http1.time.deadline, this.deadline);
        return;
      default:
        // Also with a preface that is invalid: HTTP/2 answers it with GOAWAY (RFC 9113 §3.4).
        return this.#hand(this.#beginHttp2(), seen);
    }
  }

  #watchTime(): void {
    const { sweep, settings } = this.#service;
    this.deadline = sweep.after(timeoutFor('head', settings.timeouts));
    sweep.add(this);
  }

  /** What has come may be the beginning of a request-line, and HTTP/1 answers that it is late. */
  onDeadline(): void {
    this.#hand(this.#http1, this.#octets);
    this.#http1.time.onDeadline();
  }

  #hand(successor: SocketEvents, octets: Uint8Array): void {
    this.#successor = successor;
    this.#service.sweep.delete(this);
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
    this.#service.sweep.delete(this);
    this.#http1.onClose();
  }
}
