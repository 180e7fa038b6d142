/**
 * The seam between an exchange and what carries it: an HTTP/1 connection, or one stream of an HTTP/2 connection.
 *
 * An exchange knows its {@link Wire} and no more. A connection knows what it carries as {@link Carried} and no more: it
 * calls `service.begin(wire, head)` for each request head it has decoded. A new protocol plugs in by implementing `Wire`.
 */
import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { ReceivedContent } from '../../fetch/content/received-content.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import type { Rejection } from '../../octets/rejection.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';
import type { Priority } from '../../semantics/priority.ts';
import type { ExchangeObserver, ObservedExchange } from '../observer.ts';

/** The head of a final response, before it is framed. */
export interface WireHead {
  readonly status: number;
  /** Empty for the standard phrase. HTTP/2 has none and drops it. */
  readonly reason: string;
  readonly fields: FieldLines;
  /** Octets of content, or -1 when the length is unknown until the content ends. For HEAD and 304: those of a GET. */
  readonly contentLength: number;
}

/** How the connection is secured, and what the handshake agreed on. */
export interface WireSecurity {
  readonly encrypted: boolean;
  readonly alpnProtocol: string;
  /** The name that the client asked for by SNI; `null` without TLS or without a name. */
  readonly serverName: string | null;
  /** The client's, verified; `null` where it was not asked for, or has none. */
  readonly peerCertificate: X509Certificate | null;
  /** Whether this host has a certificate of its own, and the one of this connection is not for it (RFC 9113 §9.1.2). */
  misdirects(host: string): boolean;
}

/** Of a connection without TLS. */
export const CLEAR: WireSecurity = {
  ...{ encrypted: false, alpnProtocol: 'http/1.1', serverName: null, peerCertificate: null },
  misdirects: () => false,
};

export interface WireAddresses {
  readonly remoteAddress: SocketAddress;
  readonly localAddress: SocketAddress;
}

/** A tunnel that has been opened on a wire. */
export interface OpenedTunnel {
  /** The status of the response that opened it. */
  readonly status: number;
  /**
   * Both directions. Octets that arrived with the request come first: `takeReceived`. The connection still drives it: call `leaveFlow` or
   * `attachFlow` of `io/driven-socket.ts`.
   */
  readonly octets: Duplex;
  /** From now on this hears how the tunnel ends, in place of the exchange. */
  carry(carried: Carried): void;
  /** What arrived with the request. It is not kept. */
  takeReceived(): Uint8Array;
  /** Octets have passed: the idle clock starts again. */
  onActivity(): void;
  /** Both directions have ended. */
  close(): void;
  /** Cuts the tunnel off. */
  abort(error: unknown): void;
}

/** What carries one exchange at a time. Content is sent piece by piece after `sendHead`, or at once by `sendWhole`. */
export interface Wire {
  readonly addresses: WireAddresses;
  readonly security: WireSecurity;
  /** The request's content has been decoded to its end, or there is none. */
  readonly requestIsComplete: boolean;
  /** Trailer fields can follow the content of the response that has begun. */
  readonly sendsTrailers: boolean;
  /** Tells the observer of the connection, if it has one, of an exchange that begins. */
  observe?(exchange: ObservedExchange): ExchangeObserver | undefined;
  /** The peer takes no more for now: wait for `drained`. */
  readonly isBlocked: boolean;
  /** What the client has asked for by other means than the Priority field (RFC 9218 §7); `undefined` without that. */
  readonly clientPriority: Priority | undefined;
  /** Sets what the server thinks of the response's priority; `undefined` leaves it to the client (RFC 9218 §8). */
  prioritize(priority: Priority | undefined): void;
  /** From now on this exchange hears what the connection decodes, and how it ends. */
  carry(exchange: Carried): void;
  sendInterim(status: number, fields: FieldLines | undefined): void;
  /** Head and content together. Content that the status or the method forbids is left out. */
  sendWhole(head: WireHead, content: string | Uint8Array | null): void;
  /** @returns false when the response has no content (HEAD, 204, 304): none may be sent then. */
  sendHead(head: WireHead): boolean;
  /** @throws {ContentLengthMismatch} if this is more than the head declared. */
  sendPiece(octets: Uint8Array): void;
  /** Like `sendPiece`. @returns when the octets may be changed: they have been taken, or the wire is gone. */
  lendPiece(octets: Uint8Array): Promise<void>;
  /** @throws {ContentLengthMismatch} if the content was shorter than the head declared. */
  endContent(trailers: FieldLines | undefined): void;
  drained(): Promise<void>;
  flush(): void;
  /** Flushes after everything that can run now has run, so that small pieces share one write. */
  flushSoon(): void;
  /** The response is complete. The exchange calls this once, and nothing else says so. */
  release(): void;
  /** Breaks the exchange off: HTTP/1 closes the connection, HTTP/2 resets the stream. */
  abort(error: unknown): void;
  /** The handler has ended, after its exchange was aborted. */
  onHandlerEnd(): void;
  /** A reader waits for content. */
  onContentWanted(): void;
  /** The reader wants no more of the content. */
  onContentRefused(): void;
  /** Answers 200 or 101 and leaves HTTP. @param protocol for the `Upgrade` field; `null` for a plain CONNECT. */
  openTunnel(fields: FieldLines, protocol: string | null): OpenedTunnel;
}

/** What a connection knows of the exchange that it carries. */
export interface Carried {
  /** `undefined` when the request has no content. */
  readonly content: ReceivedContent | undefined;
  /** The client waits for 100 (Continue) and has not got it (RFC 9110 §10.1.1). */
  readonly owesContinue: boolean;
  /** A final response has begun. */
  readonly hasAnswered: boolean;
  /** A response is being sent, or its source is being read: a client that has ended may wait for it. */
  readonly isAnswering: boolean;
  readonly responseIsComplete: boolean;
  /** What arrives is no content, or too much of it. The handler may still answer. */
  onContentRejected(rejection: Rejection): void;
  /** The client has given the request another priority. */
  onPriority(priority: Priority): void;
  /** The client has ended its side while a response is being sent to it. */
  onPeerEnd(): void;
  /** The peer, or a timeout, has ended the exchange. */
  abort(error: unknown): void;
}
