/** All limits of an HTTP/2 connection, each with its unit, its default and the origin of the default. */

export interface Http2Limits {
  /** Octets in a field section, plus 32 for each field (RFC 9113 §6.5.2). The default is that of HTTP/1.1. */
  readonly fieldSection: number;
  /** Field lines in one section, without pseudo-fields. The default is that of HTTP/1.1. */
  readonly fieldLines: number;
  /** Octets in a trailer section, plus 32 for each field. */
  readonly trailerSection: number;
  /** Octets in `:path` and `:method` together. In HTTP/1.1 it is the limit of the request-line. */
  readonly requestLine: number;
  /** Bytes of content; 0 for no limit. The default is that of HTTP/1.1. */
  readonly content: number;
  /** Concurrent streams. One more is refused. RFC 9113 §6.5.2 recommends at least 100; nginx has 128. */
  readonly concurrentStreams: number;
  /** Bytes that a stream may receive before they are read (RFC 9113 §6.9.2). The 64 KiB of nginx are 1.3 MB/s over 50 ms; Go has 1 MiB. */
  readonly streamWindow: number;
  /** Bytes that all streams together may receive before they are read. Go has 1 MiB. */
  readonly connectionWindow: number;
  /** Acknowledgements and resets that wait in the output while the peer does not read. Envoy has 1,000. */
  readonly waitingControlFrames: number;
  /** Settings in one frame. The default is nghttp2's. */
  readonly settingsInFrame: number;
}

export const DEFAULT_HTTP2_LIMITS: Http2Limits = Object.freeze({
  fieldSection: 16 * 1024,
  fieldLines: 100,
  trailerSection: 4 * 1024,
  requestLine: 8 * 1024,
  content: 16 * 1024 * 1024,
  concurrentStreams: 128,
  streamWindow: 256 * 1024,
  connectionWindow: 1024 * 1024,
  waitingControlFrames: 1_000,
  settingsInFrame: 32,
});

/** For a client: content has no limit, because the client asked for it, and larger windows make downloads fast. */
export const DEFAULT_HTTP2_CLIENT_LIMITS: Http2Limits = Object.freeze({
  ...DEFAULT_HTTP2_LIMITS,
  fieldSection: 32 * 1024,
  fieldLines: 200,
  content: 0,
  streamWindow: 1024 * 1024,
  connectionWindow: 4 * 1024 * 1024,
});

/** Interim responses before the final one. */
export const MOST_INTERIM_RESPONSES = 32;

/** Octets of an encoded field block that are accepted, for each octet that its section may have. */
export const BLOCK_PER_SECTION = 4;

/** One CONTINUATION frame is accepted for this many octets that a block may have. Senders fill their frames. */
export const LEAST_CONTINUATION = 1024;

/** Empty CONTINUATION frames that are accepted in a block, except one that ends it. */
export const MOST_EMPTY_CONTINUATIONS = 1;

/** How often an event may happen: at once, and per second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

const rate = (burst: number, perSecond: number): Rate => ({ burst, perSecond });

/** The rates of events that cost the recipient more than the sender (RFC 9113 §10.5). */
export const RATES = Object.freeze({
  /** RST_STREAM that were received: rapid reset, CVE-2023-44487. The default is nghttp2's. */
  resets: rate(1_000, 33),
  /** RST_STREAM that were sent for errors of the peer: CVE-2025-8671. The same as for those received. */
  streamErrors: rate(1_000, 33),
  /** SETTINGS: CVE-2019-9515. A client sends one, and rarely another. */
  settings: rate(100, 1),
  /** PING: CVE-2019-9512. gRPC sends one in each round trip to measure it. */
  pings: rate(1_000, 100),
  /** DATA without content, except at the end of a stream: CVE-2019-9518. */
  emptyFrames: rate(100, 10),
  /** PRIORITY: CVE-2019-9513. Older browsers send a few for each request, and each request returns tokens. */
  priorities: rate(1_000, 100),
  /** PRIORITY_UPDATE. Chrome sends a few for each request. */
  priorityUpdates: rate(1_000, 100),
  /** WINDOW_UPDATE: data dribble, CVE-2019-9511. Each DATA frame that is sent returns tokens. */
  windowUpdates: rate(1_000, 100),
  /** GOAWAY: a peer that drains sends two (RFC 9113 §6.8). */
  goAways: rate(10, 1),
  /** Frames of unknown types. */
  unknownFrames: rate(1_000, 10),
});

export type RateName = keyof typeof RATES;

/** The tokens of `priorities`, `priorityUpdates` and `windowUpdates` that a request returns. At a client: of `windowUpdates`. */
export const EARNED_BY_REQUEST = 8;
/** The tokens of `windowUpdates` that a DATA frame returns. HAProxy sends four frames for each: two for the stream, two for the connection. */
export const EARNED_BY_DATA = 8;
/** A smaller DATA frame returns tokens only if it empties the queue of its stream. */
export const LEAST_EARNING_DATA = 512;
