/**
 * What can be observed from outside: `node:diagnostics_channel` events. Publishing to a channel that nobody listens to
 * costs one look at a boolean.
 *
 * | channel | message |
 * | --- | --- |
 * | `serval:connection:open`, `:close` | `{ remoteAddress, localAddress }` |
 * | `serval:tls:handshake` | `{ remoteAddress, serverName, alpnProtocol, protocol, cipher, resumed }` |
 * | `serval:tls:rejected` | `{ remoteAddress, serverName, reason, code }`; `code` is OpenSSL's or the system's, where there is one |
 * | `serval:request:start` | `{ context, method, path, version, scheme, startTime }`; a {@link RequestStart} |
 * | `serval:request:end` | the same, and `{ status, error, requestBytes, responseBytes }`; a {@link RequestEnd} |
 * | `serval:request:rejected` | `{ remoteAddress, reason, status, section }`; `status` 0 for a PROXY header, which gets no answer |
 * | `serval:fault` | `{ error, where, method, path }`; an error of the application or of the system. `method` and `path` if it concerns a request. Printed to stderr without a subscriber. |
 */
import { channel } from 'node:diagnostics_channel';
import type { SocketAddress } from '../io/socket-address.ts';
import type { Rejection } from '../octets/rejection.ts';
import type { ServerContext } from './api.ts';
import { type FaultedRequest, faultText } from './fault-text.ts';

export const connectionOpen = channel('serval:connection:open');
export const connectionClose = channel('serval:connection:close');
export const tlsHandshake = channel('serval:tls:handshake');
export const tlsRejected = channel('serval:tls:rejected');
export const requestStart = channel('serval:request:start');
export const requestEnd = channel('serval:request:end');
export const requestRejected = channel('serval:request:rejected');

/** The message of `serval:request:start`. */
export interface RequestStart {
  readonly context: ServerContext;
  readonly method: string;
  readonly path: string;
  readonly version: '1.0' | '1.1' | '2';
  /** The scheme of the client's URL, as a trusted proxy reports it. */
  readonly scheme: 'http' | 'https';
  /** When the head was complete, on the clock of `performance.now()`. 0 if there was no subscriber at that time. */
  readonly startTime: number;
}

/** The message of `serval:request:end`. */
export interface RequestEnd extends RequestStart {
  /** 0 if no final response had begun. */
  readonly status: number;
  /** Why the exchange was cut off; otherwise `undefined`. */
  readonly error: unknown;
  /** Bytes of content that were received for the handler, and that were sent. */
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Tells of a request that was refused before the application heard of it. */
export function publishRejection(
  { reason, status, section }: Rejection,
  addresses: { remoteAddress: SocketAddress },
): void {
  if (!requestRejected.hasSubscribers) return;
  requestRejected.publish({ remoteAddress: addresses.remoteAddress, reason, status, section });
}

const fault = channel('serval:fault');

/** Reports an error that no client sees, to the subscribers or on standard error. */
export function reportFault(error: unknown, where: string, request?: FaultedRequest): void {
  if (fault.hasSubscribers) {
    const about = request === undefined ? {} : { method: request.method, path: request.path };
    fault.publish({ error, where, ...about });
  } else console.error(`serval: ${faultText(error, where, request)}`);
}
