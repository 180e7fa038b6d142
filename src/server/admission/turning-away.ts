/**
 * The service for connections beyond the limit: each is answered 503 with Retry-After and `Connection: close` (RFC 9110
 * §15.6.4) once its first request has arrived, since an earlier response would match no request. Everything else is as for
 * a normal connection, with shorter timeouts.
 */
import type { RequestHead } from '../../semantics/request-head.ts';
import type { Wire } from '../exchange/wire.ts';
import type { ServerSettings } from '../options.ts';
import type { LiveConnection, Service } from '../service.ts';

/** How long a client may take to send its head, and to take its answer, in milliseconds. */
const PATIENCE_MS = 5_000;

export class TurningAway implements Service {
  readonly refusesLateRequests = true;
  readonly isClosing = true;
  readonly acceptsTunnels = false;
  readonly answersClientFaults = false;
  readonly settings: ServerSettings;
  readonly counters;
  readonly sweep;
  readonly scanners;
  readonly tls;
  readonly onConnectionClose: (connection: LiveConnection) => void;
  readonly #service: Service;

  constructor(service: Service, onConnectionClose: (connection: LiveConnection) => void) {
    const { timeouts } = service.settings;
    const idle = shortened(timeouts.idle);
    const handshake = shortened(timeouts.handshake);
    const headers = shortened(timeouts.headers);
    const receive = shortened(timeouts.receive);
    const send = shortened(timeouts.send);
    this.settings = {
      ...service.settings,
      timeouts: { ...timeouts, handshake, idle, headers, receive, send },
    };
    this.counters = service.counters;
    this.sweep = service.sweep;
    this.scanners = service.scanners;
    this.tls = service.tls;
    this.onConnectionClose = onConnectionClose;
    this.#service = service;
  }

  /** Known only once the listener is bound. */
  get socketPath(): string | undefined {
    return this.#service.socketPath;
  }

  get observer() {
    return this.#service.observer;
  }

  begin(wire: Wire, head: RequestHead) {
    return this.#service.begin(wire, head, true);
  }
}

const shortened = (milliseconds: number): number =>
  milliseconds === 0 ? PATIENCE_MS : Math.min(milliseconds, PATIENCE_MS);
