/** The limits of a message behind its start-line, for requests and responses. */
export interface SectionLimits {
  /** Octets in the header section, its empty line included. Node has 16 KiB, nginx 32 KiB. */
  readonly fieldSection: number;
  /** Field lines in one section. The default is Apache's. */
  readonly fieldLines: number;
  /** Bytes of content; 0 for no limit. nginx has 1 MiB, Express 100 KiB, Bun 128 MiB. */
  readonly content: number;
  /** Octets of chunk extensions in one chunk. */
  readonly chunkExtension: number;
  /**
   * Octets of chunk framing (sizes, extensions, CRLFs) that are free. Beyond them, each byte of content allows four octets
   * of framing. So the number of chunks of two bytes is unlimited, and that of chunks of one byte is 65,536.
   */
  readonly chunkOverhead: number;
  /** Octets in the trailer section, its empty line included. */
  readonly trailerSection: number;
}

/** All limits of the decoder of requests, each with its unit, its default and the origin of the default. */
export interface MessageLimits extends SectionLimits {
  /** Octets in the request-line without its CRLF. RFC 9112 §3 recommends at least 8,000. */
  readonly requestLine: number;
  /** Octets in a method. The longest registered one, UPDATEREDIRECTREF, has 17. */
  readonly method: number;
}

/** All limits of the decoder of responses. */
export interface ResponseLimits extends SectionLimits {
  /** Octets in the status-line without its CRLF. The longest registered reason phrase has 31. */
  readonly statusLine: number;
  /** Interim responses before the final one. A server that sends Early Hints sends one or two. */
  readonly interimResponses: number;
}

export const DEFAULT_LIMITS: MessageLimits = Object.freeze({
  requestLine: 8 * 1024,
  method: 32,
  fieldSection: 16 * 1024,
  fieldLines: 100,
  content: 16 * 1024 * 1024,
  chunkExtension: 4 * 1024,
  chunkOverhead: 64 * 1024,
  trailerSection: 4 * 1024,
});

/** As for requests, but content has no limit: the client asked for it, and reads it at its own pace. */
export const DEFAULT_RESPONSE_LIMITS: ResponseLimits = Object.freeze({
  statusLine: 4 * 1024,
  interimResponses: 32,
  fieldSection: 32 * 1024,
  fieldLines: 200,
  content: 0,
  chunkExtension: 4 * 1024,
  chunkOverhead: 64 * 1024,
  trailerSection: 4 * 1024,
});

/** Octets of chunk framing allowed for each byte of content, beyond `chunkOverhead`. */
export const CHUNK_OVERHEAD_PER_OCTET = 4;

/** Empty lines that are ignored before a request-line (RFC 9112 §2.2 asks for at least one). */
export const MAX_LEADING_EMPTY_LINES = 2;
