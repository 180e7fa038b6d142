/** The bounds that hold behind the start-line, whichever way a message goes. */
export interface SectionLimits {
  /** Octets in the header section, its empty line included. Node and nginx stand at 16 and 32 KiB. */
  readonly fieldSection: number;
  /** Field lines in one section. Apache's default. */
  readonly fieldLines: number;
  /** Octets of content. Zero is no bound. nginx has 1 MiB, Express 100 KiB, Bun 128 MiB. */
  readonly content: number;
  /** Octets of chunk extensions in one chunk. */
  readonly chunkExtension: number;
  /**
   * Octets of chunk framing (sizes, extensions, CRLFs) that are free; beyond them, four octets of framing for each octet of
   * content. Chunks of two octets pass without end; of one octet, 65,536 do.
   */
  readonly chunkOverhead: number;
  /** Octets in the trailer section, its empty line included. */
  readonly trailerSection: number;
}

/** Every bound the decoder of requests keeps, in one object, each with its unit, its default and where the default comes from. */
export interface MessageLimits extends SectionLimits {
  /** Octets in the request-line, CRLF apart. RFC 9112 §3 asks for at least 8,000. */
  readonly requestLine: number;
  /** Octets in a method. The longest registered one, UPDATEREDIRECTREF, has 17. */
  readonly method: number;
}

/** Every bound the decoder of responses keeps. */
export interface ResponseLimits extends SectionLimits {
  /** Octets in the status-line, CRLF apart. The longest registered reason phrase has 31. */
  readonly statusLine: number;
  /** Interim responses before the final one. Who sends Early Hints sends one or two. */
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

/** As for requests; but content has no bound: its recipient asked for it, and takes it as fast as it likes. */
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

/** Octets of chunk framing allowed for each octet of content, beyond `chunkOverhead`. */
export const CHUNK_OVERHEAD_PER_OCTET = 4;

/** Empty lines before a request-line that are forgiven (RFC 9112 §2.2 asks for at least one). */
export const MAX_LEADING_EMPTY_LINES = 2;
