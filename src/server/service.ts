/** What all connections of one listener share. */

import type { Origins } from '../fetch/request-url.ts';
import type { ScannerPool } from '../http1/head/head-scanners.ts';
import type { DeadlineSweep } from '../io/deadline.ts';
import type { Exchange } from './exchange/exchange.ts';
import type { Settings } from './options.ts';
import type { ServerStatus, Tally } from './status.ts';

/** Handlers of either convention, called in one way. */
export interface Handlers {
  fetch(exchange: Exchange): unknown;
  connect: ((exchange: Exchange) => unknown) | undefined;
  error: ((exchange: Exchange, error: unknown) => unknown) | undefined;
}

/** A connection, from when it is accepted until its socket is closed. */
export interface OpenConnection {
  /** Closes if nothing is going on. */
  closeIfIdle(): void;
  /** Ends at once, and with it what is going on. */
  destroy(error: unknown): void;
}

export interface Service {
  readonly settings: Settings;
  readonly handlers: Handlers;
  readonly server: ServerStatus;
  readonly tally: Tally;
  readonly sweep: DeadlineSweep;
  readonly origins: Origins;
  readonly scanners: ScannerPool;
  /** Stands in for the Host of an HTTP/1.0 request that has none. */
  readonly defaultAuthority: string;
  /** Of a unix socket. */
  readonly path: string | undefined;
  /** New exchanges are refused with 503. */
  readonly isBusy: boolean;
  /** ... and their connections closed with it. */
  readonly refusesLateRequests: boolean;
  /** Each response is its connection's last. */
  readonly isClosing: boolean;
  /** Unsettled `waitUntil` promises, by exchange. */
  readonly waitingFor: Set<unknown>;
  onWaitedFor(): void;
  onConnectionClose(connection: OpenConnection): void;
}
