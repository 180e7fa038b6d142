/** Whether a connection goes on after an exchange: one pure function for each end (RFC 9112 §9.3). */
import { CLOSE, KEEP_ALIVE } from '../semantics/connection-options.ts';

export interface PersistenceFacts {
  /** The request's HTTP/1 minor version. */
  readonly minor: number;
  /** The connection options of the request, as flags. */
  readonly requestOptions: number;
  /** The server wants to close: the handler said so, a limit was reached, a shutdown is under way. */
  readonly serverCloses: boolean;
  /** The content of the response ends where the connection does. */
  readonly responseEndsByClosing: boolean;
}

export function connectionPersists(facts: PersistenceFacts): boolean {
  // `close` from either side is final (RFC 9112 §9.6).
  if ((facts.requestOptions & CLOSE) !== 0 || facts.serverCloses) return false;
  if (facts.responseEndsByClosing) return false;
  // HTTP/1.1 and later persist unless told otherwise; HTTP/1.0 must ask (RFC 9112 §9.3).
  return facts.minor >= 1 || (facts.requestOptions & KEEP_ALIVE) !== 0;
}

export interface ResponsePersistenceFacts {
  /** The response's HTTP/1 minor version. */
  readonly minor: number;
  /** The connection options of the response, as flags. */
  readonly responseOptions: number;
  /** The client has said `close`, or does not want the connection any more. */
  readonly clientCloses: boolean;
  /** The content of the response ends where the connection does. */
  readonly responseEndsByClosing: boolean;
}

/** The same for the other end, which learns it from the head of the final response (RFC 9112 §9.3). */
export function connectionPersistsAfterResponse(facts: ResponsePersistenceFacts): boolean {
  // RFC 9112 §9.6: who has received `close` MUST NOT send further requests, and who has sent it neither.
  if ((facts.responseOptions & CLOSE) !== 0 || facts.clientCloses) return false;
  if (facts.responseEndsByClosing) return false;
  // An HTTP/1.0 server says so if it keeps the connection (RFC 9112 §9.3, Appendix C.2.2).
  return facts.minor >= 1 || (facts.responseOptions & KEEP_ALIVE) !== 0;
}
