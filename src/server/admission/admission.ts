/** Which connections of a listener are served, which wait until there is room, and which are turned away. */
import type { Socket } from 'node:net';
import { startConnection } from '../connection/opening.ts';
import type { LiveConnection, Service } from '../service.ts';
import { TurningAway } from './turning-away.ts';
import { WaitingConnection } from './waiting-connection.ts';

/** Connections that are turned away at the same time; each gets its answer, and some time to read it. */
const MOST_TURNED_AWAY = 1_000;

export class Admission {
  readonly #service: Service;
  readonly #served = new Set<LiveConnection>();
  readonly #waiting = new Set<WaitingConnection>();
  readonly #turnedAway = new Set<LiveConnection>();
  readonly #turningAway: TurningAway;
  readonly #onLeft: () => void;

  /** @param onLeft called whenever a connection has gone, whatever it was. */
  constructor(service: Service, onLeft: () => void) {
    this.#service = service;
    this.#onLeft = onLeft;
    this.#turningAway = new TurningAway(service, (connection) => {
      this.#turnedAway.delete(connection);
      this.#onLeft();
    });
  }

  get served(): number {
    return this.#served.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Nobody is here. */
  get isEmpty(): boolean {
    return this.#served.size + this.#waiting.size + this.#turnedAway.size === 0;
  }

  accept(socket: Socket): void {
    if (socket.destroyed) return;
    const { settings, counters, sweep } = this.#service;
    counters.connectionsAccepted++;
    if (this.#served.size < settings.maxConnections) {
      startConnection(socket, this.#service, this.#served);
    } else if (settings.whenFull === 'wait' && this.#waiting.size < settings.maxWaitingConnections) {
      this.#waiting.add(new WaitingConnection(socket, sweep, settings.timeouts.idle, this));
    } else {
      counters.connectionsRefused++;
      if (settings.whenFull === 'close' || this.#turnedAway.size >= MOST_TURNED_AWAY) socket.destroy();
      else startConnection(socket, this.#turningAway, this.#turnedAway);
    }
  }

  /** One that was served has gone: who has waited longest comes in. */
  onConnectionClose(connection: LiveConnection): void {
    this.#served.delete(connection);
    const [first] = this.#waiting;
    if (first !== undefined && this.#served.size < this.#service.settings.maxConnections) {
      this.#waiting.delete(first);
      first.admit(this.#service, this.#served);
    }
    this.#onLeft();
  }

  /** The one that was served is the tunnel from now on. */
  replaceConnection(connection: LiveConnection, tunnel: LiveConnection): void {
    this.#served.delete(connection);
    this.#served.add(tunnel);
  }

  onWaitingClose(waiting: WaitingConnection): void {
    this.#waiting.delete(waiting);
    this.#onLeft();
  }

  onWaitingDeadline(waiting: WaitingConnection): void {
    this.#turnAway(waiting);
  }

  /** Lets what is under way finish: idle connections are closed, and who still waits is answered 503. */
  close(): void {
    for (const waiting of this.#waiting) this.#turnAway(waiting);
    for (const connections of [this.#served, this.#turnedAway]) {
      for (const connection of connections) connection.closeIfIdle();
    }
  }

  /** The timeouts in the settings have become shorter. */
  hurry(): void {
    for (const connection of this.#served) connection.hurry?.();
  }

  destroy(error: unknown): void {
    for (const waiting of this.#waiting) waiting.destroy();
    for (const connections of [this.#served, this.#turnedAway]) {
      for (const connection of connections) connection.destroy(error);
    }
  }

  #turnAway(waiting: WaitingConnection): void {
    if (!this.#waiting.delete(waiting)) return;
    this.#service.counters.connectionsRefused++;
    waiting.admit(this.#turningAway, this.#turnedAway);
  }
}
