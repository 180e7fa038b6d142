/** How a server is doing: what `serval/health` tells, and whoever else wants to know. Serval's own. */

/** Since the server was made, unless it says "now". */
export interface ServerCounts {
  /** Being served now, those that are closing included. */
  readonly connections: number;
  /** Accepted, and waiting now for one of the others to end (`whenFull: 'wait'`). */
  readonly connectionsWaiting: number;
  readonly connectionsAccepted: number;
  /** Of those accepted: answered 503, or closed, because there was no room. */
  readonly connectionsRefused: number;
  /** TLS handshakes that came to their end; of those, the ones that resumed a session; those that came to none. */
  readonly handshakesFinished: number;
  readonly handshakesResumed: number;
  readonly handshakesFailed: number;
  /** Whose head was complete and right. */
  readonly requestsStarted: number;
  /** Whose response was handed to the transport whole. What is neither finished nor cut off is under way. */
  readonly requestsFinished: number;
  /** That ended without a whole response: the client had gone, or took too long, or the handler's stream failed. */
  readonly requestsCutOff: number;
  /** Of those finished: answered 503 without asking the handler, while busy, closing or full. */
  readonly requestsRefused: number;
  /**
   * Answered 4xx or 5xx before there was anything to start: they were not HTTP, too large, or too slow. With them, connections of
   * balancers that were closed for their PROXY header.
   */
  readonly requestsRejected: number;
}

export interface ServerStatus {
  /** Whether at least one listener is bound and accepts connections. */
  readonly listening: boolean;
  /** Whether the end has begun: nobody should send anything new. From `drain()`, `close()` or `destroy()` on. */
  readonly draining: boolean;
  /** Aborted when draining begins. */
  readonly drainSignal: AbortSignal;
  /** Whether it was told to answer 503 to everything. */
  readonly busy: boolean;
  readonly counts: ServerCounts;
}

/** What is counted where it happens; one object for all connections of a server. */
export class Counters {
  connectionsAccepted = 0;
  connectionsRefused = 0;
  handshakesFinished = 0;
  handshakesResumed = 0;
  handshakesFailed = 0;
  requestsStarted = 0;
  requestsFinished = 0;
  requestsCutOff = 0;
  requestsRefused = 0;
  requestsRejected = 0;
}
