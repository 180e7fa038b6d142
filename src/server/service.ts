/** What all connections of one listener share. */

import type { Origins } from '../fetch/request-url.ts';
import type { ScannerPool } from '../http1/head/head-scanners.ts';
import type { DeadlineSweep } from '../io/deadline.ts';
import type { Exchange } from './exchange/exchange.ts';
import type { ServerSettings } from './options.ts';
import type { Counters, ServerStatus } from './status.ts';

/** Handlers of either convention, called in one way. */
export interface Handlers {
  fetch(exchange: Exchange): unknown;
  connect: ((exchange: Exchange) => unknown) | undefined;
  error: ((exchange: Exchange, error: unknown) => unknown) | undefined;
}

/** A connection, from when it is accepted until its socket is closed. */
export interface LiveConnection {
  /** Closes if nothing is going on. */
  closeIfIdle(): void;
  /** Ends at once, and with it what is going on. */
  destroy(error: unknown): void;
}

export interface Service {
  readonly settings: ServerSettings;
  readonly handlers: Handlers;
  readonly server: ServerStatus;
  readonly counters: Counters;
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
  onConnectionClose(connection: LiveConnection): void;
}
