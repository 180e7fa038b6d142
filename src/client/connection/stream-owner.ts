/** What an HTTP/2 connection and the owners of its streams know of each other. */
import type { Http2ClientConnection } from '../../http2/client-connection.ts';
import type { Http2Error } from '../../http2/errors.ts';
import type { Http2ResponseHead } from '../../http2/head/response-head.ts';
import type { DeadlineSweep } from '../../io/deadline.ts';
import type { FieldSection } from '../../semantics/field-section.ts';
import type { ClientError } from '../errors.ts';
import type { ClientExchange } from '../exchange.ts';
import type { ClientSettings } from '../options.ts';
import type { LostWire } from './wire.ts';
import type { WireObserver } from './wire-observer.ts';

/** What holds a stream of a connection. */
export interface StreamOwner {
  readonly observer: WireObserver | undefined;
  onInterim(head: Http2ResponseHead): void;
  onHead(head: Http2ResponseHead): void;
  onContent(octets: Uint8Array): void;
  onContentEnd(trailers: FieldSection): void;
  onDrained(): void;
  /** The server has reset the stream, or what it sent breaks a rule. @param error the broken rule. */
  onReset(code: number, error: Http2Error | undefined): void;
  /** The exchange can't go on here. @param facts in place of those that the stream knows. */
  onLost(error: ClientError, facts?: Partial<LostWire>): void;
  /** Ends the stream, and with it its exchange. */
  abort(error: unknown): void;
}

/** What a wire takes from its connection. */
export interface StreamHost {
  readonly connection: Http2ClientConnection;
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  readonly isSecure: boolean;
  /** The socket takes no more for now. */
  readonly isBlocked: boolean;
  /** When the server has sent something, on the clock of the sweep. */
  readonly heardAt: number;
  flush(): void;
  flushSoon(): void;
  /** The server wants HTTP/1.1. @returns whether it is used from now on. */
  onHttp1Required(): boolean;
  /** The server says nothing at all: other requests should not meet this connection. */
  onSilence(): void;
  /** The stream has another owner from now on. */
  onHandOver(from: StreamOwner, to: StreamOwner): void;
  /** The owner of a stream has finished with it. */
  onStreamEnd(owner: StreamOwner): void;
  /** The request may be sent again. */
  onRetry(exchange: ClientExchange): void;
}
