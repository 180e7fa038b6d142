/**
 * A connection that was accepted while there was no room for it. Nothing is parsed and nothing answered until there is;
 * it costs its socket and one read at most, and leaves when its client does, as far as that can be seen without reading.
 */
import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { DeadlineSweep, Expiring } from '../../io/deadline.ts';
import { attach, pause, resume, type SocketEvents } from '../../io/driven-socket.ts';
import { kept } from '../../io/shared-reading.ts';
import { startConnection } from '../connection/opening.ts';
import type { LiveConnection, Service } from '../service.ts';

/** Who keeps the line. */
interface Keeper {
  onWaitingClose(waiting: WaitingConnection): void;
  onWaitingDeadline(waiting: WaitingConnection): void;
}

export class WaitingConnection implements SocketEvents, Expiring {
  readonly isPaused = true;
  deadline: number;
  /** What had been read when reading was stopped: one piece, or none. */
  readonly #octets: Uint8Array[] = [];
  readonly #socket: Socket;
  readonly #sweep: DeadlineSweep;
  readonly #keeper: Keeper;

  /** @param patience how long it may wait, in milliseconds; 0 is for ever. */
  constructor(socket: Socket, sweep: DeadlineSweep, patience: number, keeper: Keeper) {
    this.#socket = socket;
    this.#sweep = sweep;
    this.#keeper = keeper;
    this.deadline = sweep.after(patience);
    attach(socket, this);
    pause(socket);
    sweep.add(this);
  }

  /** Has it served after all. @param connections where it is from now on. */
  admit(service: Service, connections: Set<LiveConnection>): void {
    this.#sweep.delete(this);
    const connection = startConnection(this.#socket, service, connections);
    // First, because who gets the octets may already hand the socket on, or pause it.
    resume(this.#socket);
    const [octets] = this.#octets;
    if (octets !== undefined) {
      connection.onOctets(this.#octets.length === 1 ? octets : Buffer.concat(this.#octets));
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }

  onOctets(octets: Uint8Array): void {
    this.#octets.push(kept(octets));
  }

  /** Heard only where nothing came before it: then there is nothing to answer either. */
  onPeerEnd(): void {
    this.#socket.destroy();
  }

  onDrain(): void {}

  onError(): void {
    this.#socket.destroy();
  }

  onDeadline(): void {
    this.#keeper.onWaitingDeadline(this);
  }

  onClose(): void {
    this.#sweep.delete(this);
    this.#keeper.onWaitingClose(this);
  }
}
