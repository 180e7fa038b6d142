/**
 * How a server is observed: one observer hears of each connection, of the octets that pass, and of each exchange. A server without
 * an observer pays for one look at a field of the connection. What is observed can't be changed.
 */
import type { MessageLimits } from '../http1/limits.ts';
import type { Http2Limits } from '../http2/limits.ts';
import type { SocketAddress } from '../io/socket-address.ts';
import type { RequestHead } from '../semantics/request-head.ts';
import type { ExchangeOperation, ExchangeState } from './exchange/states.ts';

export { EXCHANGE_OPERATIONS, EXCHANGE_STATES, EXCHANGE_TRANSITIONS } from './exchange/states.ts';
export type { ExchangeOperation, ExchangeState };

/**
 * The method of a server that gives it its observer. It belongs to the thread and not to this module, because an application may
 * bring a copy of Serval of its own.
 */
export const OBSERVE: unique symbol = Symbol.for('serval.observe') as never;

export interface ObservableServer {
  /** Observes the connections that are accepted from now on. @param observer `undefined` ends it. */
  [OBSERVE](observer: ServerObserver | undefined): void;
}

export interface ServerObserver {
  /** A connection has been accepted. @returns `undefined` if it is not to be observed. */
  onConnection(ends: ConnectionEnds, limits: DecodingLimits): ConnectionObserver | undefined;
}

/** The limits of what is received. */
export interface DecodingLimits {
  readonly messageLimits: MessageLimits;
  readonly http2Limits: Http2Limits;
}

/** Why a request is refused. */
export interface Refusal {
  readonly reason: string;
  /** 0 if the stream was reset in place of an answer. */
  readonly status: number;
  readonly section: string;
  readonly sentence: string;
}

export interface ConnectionEnds {
  readonly remoteAddress: SocketAddress;
  readonly localAddress: SocketAddress;
}

/** What a TLS handshake has agreed on. */
export interface SecuredBy {
  /** `TLSv1.3`, for example. */
  readonly protocol: string;
  readonly cipher: string;
  readonly alpnProtocol: string;
  /** The name that the client asked for (RFC 6066 §3). */
  readonly serverName: string | null;
  /** It continues the session of an earlier connection (RFC 8446 §2.2). */
  readonly isResumed: boolean;
}

/**
 * Why the server ends a connection: its last response is complete, it was idle for too long, the server closes, content was left
 * unread, a request was refused, or something went wrong.
 */
export type Ending = 'last response' | 'idle' | 'server closes' | 'unread content' | 'refused' | 'failed';

export interface ConnectionObserver {
  /** A line with secrets of the TLS handshake, in the format of SSLKEYLOGFILE. An observer without it causes none. */
  readonly onKeyLog?: ((line: Uint8Array) => void) | undefined;
  onSecured(tls: SecuredBy): void;
  /** The connection speaks HTTP/2. */
  onHttp2(): void;
  /**
   * Octets have arrived, after decryption.
   *
   * @param octets may be overwritten when this returns.
   * @param undecoded how many of those received before have not been decoded yet.
   */
  onReceived(octets: Uint8Array, undecoded: number): void;
  /** Octets have been handed to the socket. Text has one character an octet. */
  onSent(octets: Uint8Array | string): void;
  /**
   * The head of a request has been decoded, and its exchange begins.
   *
   * @param stream of HTTP/2; 0 for HTTP/1.
   * @param undecoded octets that were received behind the head.
   * @returns `undefined` if the exchange is not to be observed.
   */
  onExchange(exchange: ObservedExchange, stream: number, undecoded: number): ExchangeObserver | undefined;
  /** The request of the current exchange of HTTP/1 is complete. */
  onRequestEnd(undecoded: number): void;
  /** A request was refused before the application heard of it. Its answer follows. */
  onRefused(refusal: Refusal, stream: number): void;
  /** The client has ended its side. */
  onPeerEnd(): void;
  /** @param error what went wrong, if that is why. */
  onEnding(why: Ending, error?: unknown): void;
  /** The socket is closed. */
  onClose(): void;
}

export interface ObservedExchange {
  readonly head: RequestHead;
  readonly state: ExchangeState;
  /** Of the final response; 0 before it begins. */
  readonly status: number;
}

export interface ExchangeObserver {
  /** An operation was legal, and has led to this state. */
  onState(operation: ExchangeOperation, state: ExchangeState): void;
  /** The response has been handed to the transport, or was cut off by the error. */
  onEnd(error: unknown): void;
}
