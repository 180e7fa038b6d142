/** What all connections of one listener share. */
import type { ScannerPool } from '../http1/head/head-scanners.ts';
import type { DeadlineSweep } from '../io/deadline.ts';
import type { Rejection } from '../octets/rejection.ts';
import type { RequestHead } from '../semantics/request-head.ts';
import type { TlsAcceptance } from '../tls/acceptance.ts';
import type { Wire } from './exchange/wire.ts';
import type { ServerObserver } from './observer.ts';
import type { ServerSettings } from './options.ts';
import type { Counters } from './status.ts';

/** A connection, from when it is accepted until its socket is closed. */
export interface LiveConnection {
  /** Closes if no exchange is in progress. */
  closeIfIdle(): void;
  /** The timeouts in the settings have become shorter: applies them to what the client owes now. */
  hurry?(): void;
  /** Ends at once, and with it every exchange. */
  destroy(error: unknown): void;
}

export interface Service {
  readonly settings: ServerSettings;
  readonly counters: Counters;
  readonly sweep: DeadlineSweep;
  readonly scanners: ScannerPool;
  /** `undefined` where connections are not encrypted. */
  readonly tls: TlsAcceptance | undefined;
  /** Hears of each connection. */
  readonly observer?: ServerObserver | undefined;
  /** The path of a unix socket. */
  readonly socketPath: string | undefined;
  /** The application takes tunnels. */
  readonly acceptsTunnels: boolean;
  /** The application may answer for faults of the client. */
  readonly answersClientFaults: boolean;
  /** Connections close after the response in progress. */
  readonly refusesLateRequests: boolean;
  /** Each response is its connection's last. */
  readonly isClosing: boolean;
  /**
   * Begins the exchange for a request.
   *
   * @param isTurnedAway the connection was accepted only to be answered 503.
   * @param fault what is wrong with the content, which does not arrive. Only where the application answers such faults.
   * @returns why the wire has to refuse the request; `undefined` when the exchange has begun.
   */
  begin(wire: Wire, head: RequestHead, isTurnedAway?: boolean, fault?: Rejection): Rejection | undefined;
  onConnectionClose(connection: LiveConnection): void;
  /** The socket of a connection has become a tunnel. `undefined` where requests are only refused. */
  replaceConnection?(connection: LiveConnection, tunnel: LiveConnection): void;
}
