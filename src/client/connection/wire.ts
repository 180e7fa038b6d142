/**
 * What carries an exchange: an HTTP/1.1 connection, or one stream of an HTTP/2 connection. The exchange and the sender of its
 * content know these interfaces and no version of HTTP.
 */
import type { Duplex } from 'node:stream';
import type { FieldLines } from '../../semantics/field-lines.ts';

/** What an exchange needs of its wire. */
export interface ClientWire {
  /** There is room for more content. */
  onContentWanted(): void;
  /** The reader wants nothing of the rest. */
  onContentRefused(): void;
  /** The exchange is over for its caller. */
  giveUp(reason: unknown): void;
}

/** Frames and writes the content of one request. */
export interface ContentWriter {
  /** The server does not take what was written. */
  readonly isBlocked: boolean;
  /** Fulfils when there is room again, or when the wire has ended. */
  drained(): Promise<void>;
  /** Writes a piece of at least one byte. @throws {ContentLengthMismatch} if it is longer than declared. */
  piece(content: string | Uint8Array): void;
  /** Writes content that is complete. @throws {ContentLengthMismatch} if it does not have the declared length. */
  whole(content: string | Uint8Array): void;
  /** Ends the content. @throws {ContentLengthMismatch} if it was shorter than declared. */
  end(trailers: FieldLines | undefined): void;
}

/** What the sender of content needs of the wire. */
export interface SendingWire {
  readonly writer: ContentWriter;
  /** Sends what has been written. */
  flush(): void;
  onRequestEnd(): void;
  /** The content can't be read, or is not what was declared. */
  abort(error: unknown): void;
}

/** A connection, or a stream of one, that carries another protocol from now on. */
export interface ClientTunnel {
  readonly version: '1.1' | '2';
  /** Paused. It emits `close` when the tunnel has ended or was lost. */
  readonly octets: Duplex;
  /** Octets that came behind the head of the response. */
  readonly received: Uint8Array;
  /** Both directions have ended. */
  close(): void;
  /** Cuts it off. */
  abort(): void;
}

/** Why an exchange can't go on over its wire. */
export interface LostWire {
  /** The connection had carried requests before, so that it was probably closed for its age and not for this request. */
  readonly wasReused: boolean;
  /** An octet of the request has been handed to the socket. */
  readonly wasSent: boolean;
  /** An octet of a response has arrived, interim responses included. */
  readonly wasAnswered: boolean;
  /** The server has stated that it did not process the request (RFC 9113 §8.7). */
  readonly isUnprocessed: boolean;
}
