/** Every bound that an HTTP/2 connection keeps, each with its unit, its default and where the default comes from. */

export interface Http2Limits {
  /** Octets of a field section, each field with 32 more (RFC 9113 §6.5.2). As over HTTP/1.1. */
  readonly fieldSection: number;
  /** Field lines in one section, pseudo-fields apart. As over HTTP/1.1. */
  readonly fieldLines: number;
  /** Octets of a trailer section, each field with 32 more. */
  readonly trailerSection: number;
  /** Octets of `:path` and `:method`. As over HTTP/1.1, where it bounds the request-line. */
  readonly requestLine: number;
  /** Octets of content. Zero is no bound. As over HTTP/1.1. */
  readonly content: number;
  /** Streams at once; one more is refused. RFC 9113 §6.5.2 asks for at least 100; nginx has 128. */
  readonly concurrentStreams: number;
  /** Octets that a stream may receive before they are read (RFC 9113 §6.9.2). nginx has 64 KiB, Node 64 KiB - 1. */
  readonly streamWindow: number;
  /** Octets that all streams together may receive before they are read. Go has 1 MiB. */
  readonly connectionWindow: number;
  /** Acknowledgements, resets and the like that wait because the peer does not read. Envoy has 1,000. */
  readonly waitingControlFrames: number;
  /** Settings in one frame. nghttp2's default. */
  readonly settingsInFrame: number;
}

export const DEFAULT_HTTP2_LIMITS: Http2Limits = Object.freeze({
  fieldSection: 16 * 1024,
  fieldLines: 100,
  trailerSection: 4 * 1024,
  requestLine: 8 * 1024,
  content: 16 * 1024 * 1024,
  concurrentStreams: 128,
  streamWindow: 64 * 1024,
  connectionWindow: 1024 * 1024,
  waitingControlFrames: 1_000,
  settingsInFrame: 32,
});

/** As for the server, where the server's content is what was asked for and has no bound, and large windows let it come fast. */
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

/** Octets of a field block, as they come, for each octet that its section may have. */
export const BLOCK_PER_SECTION = 4;

/** CONTINUATION frames are bounded by the block, at so many octets a frame: senders fill theirs. */
export const LEAST_CONTINUATION = 1024;

/** Frames of a field block that are empty and do not end it. */
export const MOST_EMPTY_CONTINUATIONS = 1;

/** How often something may happen: at once, and each second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

const rate = (burst: number, perSecond: number): Rate => ({ burst, perSecond });

/** What costs the server more than the client, if it comes too often (RFC 9113 §10.5). */
export const RATES = Object.freeze({
  /** RST_STREAM received: rapid reset, CVE-2023-44487. nghttp2's default. */
  resets: rate(1_000, 33),
  /** RST_STREAM sent because of what the client did: CVE-2025-8671. As for those received. */
  streamErrors: rate(1_000, 33),
  /** SETTINGS: CVE-2019-9515. A client sends one, and seldom another. */
  settings: rate(100, 1),
  /** PING: CVE-2019-9512. gRPC measures with one in each round trip. */
  pings: rate(1_000, 100),
  /** DATA without content that does not end its stream: CVE-2019-9518. */
  emptyFrames: rate(100, 10),
  /** PRIORITY: CVE-2019-9513. Older browsers send a handful for each request, which gives as many back. */
  priorities: rate(1_000, 100),
  /** PRIORITY_UPDATE. Chrome sends a few for each request. */
  priorityUpdates: rate(1_000, 100),
  /** WINDOW_UPDATE: the data dribble of CVE-2019-9511. Each frame of DATA sent gives some back. */
  windowUpdates: rate(1_000, 100),
  /** Frames of types that are not known. */
  unknownFrames: rate(1_000, 10),
});

export type RateName = keyof typeof RATES;

/** What a request gives back of `priorities`, `priorityUpdates` and `windowUpdates`. */
export const EARNED_BY_REQUEST = 8;
/** What a frame of DATA gives back of `windowUpdates`: one for the stream, one for the connection. */
export const EARNED_BY_DATA = 2;
/** A frame of DATA that is smaller than this, and does not end what there was to send, gives nothing back. */
export const LEAST_EARNING_DATA = 512;
