/**
 * A listener's service to connections that it has no room for: each is answered 503 with Retry-After and `Connection:
 * close` (RFC 9110 §15.6.4), as soon as it has asked for something and not before, lest the answer be taken for noise. All
 * else, the lingering close included, is as ever; only its patience is short.
 */
import type { ServerSettings } from '../options.ts';
import type { LiveConnection, Service } from '../service.ts';

/** How long it may take a client, in milliseconds, to send its head, and to take its answer. */
const PATIENCE_MS = 5_000;

export class TurningAway implements Service {
  readonly isBusy = true;
  readonly refusesLateRequests = true;
  readonly isClosing = true;
  readonly settings: ServerSettings;
  readonly #service: Service;
  readonly #onClose: (connection: LiveConnection) => void;

  constructor(service: Service, onClose: (connection: LiveConnection) => void) {
    this.#service = service;
    this.#onClose = onClose;
    const { timeouts } = service.settings;
    this.settings = {
      ...service.settings,
      timeouts: {
        ...timeouts,
        idle: shortened(timeouts.idle),
        headers: shortened(timeouts.headers),
        receive: shortened(timeouts.receive),
        send: shortened(timeouts.send),
      },
    };
  }

  get handlers() {
    return this.#service.handlers;
  }
  get server() {
    return this.#service.server;
  }
  get counters() {
    return this.#service.counters;
  }
  get sweep() {
    return this.#service.sweep;
  }
  get origins() {
    return this.#service.origins;
  }
  get scanners() {
    return this.#service.scanners;
  }
  get defaultAuthority() {
    return this.#service.defaultAuthority;
  }
  get path() {
    return this.#service.path;
  }
  get waitingFor() {
    return this.#service.waitingFor;
  }

  onWaitedFor(): void {
    this.#service.onWaitedFor();
  }

  onConnectionClose(connection: LiveConnection): void {
    this.#onClose(connection);
  }
}

const shortened = (milliseconds: number): number =>
  milliseconds === 0 ? PATIENCE_MS : Math.min(milliseconds, PATIENCE_MS);
