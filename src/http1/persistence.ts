/** Whether a connection persists after an exchange: one pure function for each end (RFC 9112 §9.3). */
import { CLOSE, KEEP_ALIVE } from '../semantics/connection/connection-options.ts';

export interface PersistenceFacts {
  /** The request's HTTP/1 minor version. */
  readonly minor: number;
  /** The connection options of the request, as flags. */
  readonly requestOptions: number;
  /** The server closes: because of the handler, a limit, or a shutdown. */
  readonly serverCloses: boolean;
  /** The end of the connection ends the content of the response. */
  readonly responseEndsByClosing: boolean;
}

export function connectionPersists(facts: PersistenceFacts): boolean {
  // `close` from either side is final (RFC 9112 §9.6).
  if ((facts.requestOptions & CLOSE) !== 0 || facts.serverCloses) return false;
  if (facts.responseEndsByClosing) return false;
  // HTTP/1.1 and later persist by default; an HTTP/1.0 client must ask for it (RFC 9112 §9.3).
  return facts.minor >= 1 || (facts.requestOptions & KEEP_ALIVE) !== 0;
}

export interface ResponsePersistenceFacts {
  /** The response's HTTP/1 minor version. */
  readonly minor: number;
  /** The connection options of the response, as flags. */
  readonly responseOptions: number;
  /** The client has sent `close`, or will not use the connection again. */
  readonly clientCloses: boolean;
  /** The end of the connection ends the content of the response. */
  readonly responseEndsByClosing: boolean;
}

/** The same for the client, which decides by the head of the final response (RFC 9112 §9.3). */
export function connectionPersistsAfterResponse(facts: ResponsePersistenceFacts): boolean {
  // RFC 9112 §9.6: a client that has sent or received `close` MUST NOT send further requests.
  if ((facts.responseOptions & CLOSE) !== 0 || facts.clientCloses) return false;
  if (facts.responseEndsByClosing) return false;
  // An HTTP/1.0 server sends `keep-alive` if it keeps the connection (RFC 9112 §9.3, Appendix C.2.2).
  return facts.minor >= 1 || (facts.responseOptions & KEEP_ALIVE) !== 0;
}
