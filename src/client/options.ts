/** The options of a client: their types, defaults and checks. */
import { DEFAULT_RESPONSE_LIMITS, type ResponseLimits } from '../http1/limits.ts';
import { LARGEST_WINDOW } from '../http2/frame/settings.ts';
import { DEFAULT_HTTP2_CLIENT_LIMITS, type Http2Limits } from '../http2/limits.ts';
import { checkInteger, checkMembers, checkOneOf, checkType } from '../options/checks.ts';
import type { LookupFunction } from '../platform/node-objects.ts';
import { type ClientTlsOptions, type ClientTlsSettings, resolveClientTls } from './tls-options.ts';

/** In milliseconds; 0 disables. Each clock runs only while the server owes progress, and starts again when there is some. */
export interface ClientTimeouts {
  /** Until a connection is established, including the lookup of its name and the TLS handshake. Default 10,000. */
  connect?: number;
  /** For `100 Continue`, before the content is sent without it. Default 1,000. */
  continue?: number;
  /** From the last octet of a request to the last of the response's head; interim responses put it off. Default 300,000. */
  headers?: number;
  /** While the content is being read and none arrives. Default 300,000. */
  receive?: number;
  /** While the server does not take what has been written. Default 60,000. */
  send?: number;
  /** How long an idle connection is kept, unless the server says how long it keeps the connection. Default 4,000. */
  idle?: number;
}

/** 0 disables, except for `maxConnections`, `maxConcurrentStreams` and `streamWindow`. */
export interface ClientLimits {
  /** Connections to one origin. Default 128. Requests over HTTP/2 share one connection, so they need no more. */
  maxConnections?: number;
  /** Requests that wait for a connection to one origin. Beyond: `ERR_HTTP_QUEUE_FULL`. Default 65,536. */
  maxQueue?: number;
  /** Requests at once on one HTTP/2 connection, unless the server allows fewer. Others wait. Default 256. */
  maxConcurrentStreams?: number;
  /** Bytes that an HTTP/2 response may hold in memory before they are read (RFC 9113 §6.9.2). Default 1 MiB. */
  streamWindow?: number;
  /** Bytes of a header section, including its empty line. Default 32,768. Beyond: `ERR_HTTP_PROTOCOL_ERROR`. */
  maxHeaderSize?: number;
  /** Bytes of content, both as received and as decoded. Beyond: `ERR_HTTP_CONTENT_TOO_LARGE`. Default 0. */
  maxResponseSize?: number;
  /**
   * Bytes that content may decode to for each byte received, beyond the first 4 MiB. Text compresses to a tenth; what
   * compresses to a two-hundredth is likely a bomb. Beyond: `ERR_HTTP_CONTENT_CODING`. Default 200.
   */
  maxDecodingRatio?: number;
  /** Redirects that are followed. Beyond: `ERR_HTTP_REDIRECT`. Default 20, as in Fetch. */
  maxRedirects?: number;
}

export interface ClientOptions {
  timeouts?: ClientTimeouts;
  limits?: ClientLimits;
  /** Whether content codings are asked for and decoded (RFC 9110 §8.4). Default true. */
  decode?: boolean;
  /** The value of User-Agent for requests without one (RFC 9110 §10.1.5). Default `serval`; empty for no such field. */
  userAgent?: string;
  /** A unix socket for all connections, whatever the URL says. */
  path?: string;
  /** Only addresses of this family. Default 0: both, whichever answers first (RFC 8305). */
  family?: 0 | 4 | 6;
  /** Replaces `dns.lookup`, the system's lookup of names. */
  lookup?: LookupFunction;
  /**
   * Milliseconds before another address of the same name is tried as well (RFC 8305 §5). 0: not before the attempt has
   * failed. Default 250.
   */
  connectionAttemptDelay?: number;
  tls?: ClientTlsOptions;
  /**
   * Whether HTTP/2 is offered to servers of https URLs by ALPN, with HTTP/1.1 for the others (RFC 9113 §3.2). With
   * `prior-knowledge`, requests to http URLs use HTTP/2 as well, without asking the server (§3.3). Default true.
   */
  http2?: boolean | 'prior-knowledge';
}

/** Options with every member filled in. */
export interface ClientSettings {
  readonly timeouts: Readonly<Required<ClientTimeouts>>;
  readonly limits: Readonly<Required<ClientLimits>>;
  readonly responseLimits: ResponseLimits;
  readonly http2Limits: Http2Limits;
  readonly decode: boolean;
  readonly userAgent: string;
  readonly path: string | undefined;
  readonly family: 0 | 4 | 6;
  readonly lookup: LookupFunction | undefined;
  readonly connectionAttemptDelay: number;
  readonly tls: ClientTlsSettings;
  readonly http2: boolean | 'prior-knowledge';
}

const DEFAULT_TIMEOUTS: Required<ClientTimeouts> = {
  connect: 10_000,
  continue: 1_000,
  headers: 300_000,
  receive: 300_000,
  send: 60_000,
  idle: 4_000,
};

const DEFAULT_CLIENT_LIMITS: Required<ClientLimits> = {
  maxConnections: 128,
  maxQueue: 65_536,
  maxConcurrentStreams: 256,
  streamWindow: DEFAULT_HTTP2_CLIENT_LIMITS.streamWindow,
  maxHeaderSize: DEFAULT_RESPONSE_LIMITS.fieldSection,
  maxResponseSize: 0,
  maxDecodingRatio: 200,
  maxRedirects: 20,
};

const OPTIONS: readonly (keyof ClientOptions)[] = [
  ...(['timeouts', 'limits', 'decode', 'userAgent', 'path', 'family', 'lookup'] as const),
  ...(['connectionAttemptDelay', 'tls', 'http2'] as const),
];

/** The most that a timer of the runtime takes. */
const MOST_MS = 2 ** 31 - 1;

/**
 * Checks options and fills in what is missing.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function resolveClientSettings(options: ClientOptions): ClientSettings {
  checkMembers('options', options, OPTIONS);
  checkType('options.decode', options.decode, 'boolean');
  checkType('options.userAgent', options.userAgent, 'string');
  checkType('options.path', options.path, 'string');
  checkType('options.lookup', options.lookup, 'function');
  checkOneOf('options.family', options.family, [0, 4, 6]);
  checkOneOf('options.http2', options.http2, [true, false, 'prior-knowledge']);
  const { maxConnections, maxConcurrentStreams, streamWindow } = options.limits ?? {};
  checkInteger('options.limits.maxConnections', maxConnections, 1, Number.MAX_SAFE_INTEGER);
  checkInteger('options.limits.maxConcurrentStreams', maxConcurrentStreams, 1, Number.MAX_SAFE_INTEGER);
  checkInteger('options.limits.streamWindow', streamWindow, 1, LARGEST_WINDOW);
  checkInteger('options.connectionAttemptDelay', options.connectionAttemptDelay, 0, MOST_MS);
  const timeouts = integers('options.timeouts', options.timeouts, DEFAULT_TIMEOUTS);
  const limits = integers('options.limits', options.limits, DEFAULT_CLIENT_LIMITS);
  return {
    timeouts,
    limits,
    responseLimits: {
      ...DEFAULT_RESPONSE_LIMITS,
      fieldSection: limits.maxHeaderSize === 0 ? Infinity : limits.maxHeaderSize,
      content: limits.maxResponseSize,
    },
    http2Limits: http2Limits(limits),
    decode: options.decode ?? true,
    userAgent: options.userAgent ?? 'serval',
    path: options.path,
    family: options.family ?? 0,
    lookup: options.lookup,
    connectionAttemptDelay: options.connectionAttemptDelay ?? 250,
    tls: resolveClientTls(options.tls),
    http2: options.http2 ?? true,
  };
}

/** Each stream has room for its window, so that a response that is not read stops no other. */
function http2Limits(limits: Required<ClientLimits>): Http2Limits {
  const { maxHeaderSize, maxConcurrentStreams, streamWindow } = limits;
  return {
    ...DEFAULT_HTTP2_CLIENT_LIMITS,
    fieldSection: maxHeaderSize || LARGEST_WINDOW,
    streamWindow,
    connectionWindow: Math.min(maxConcurrentStreams * streamWindow, LARGEST_WINDOW),
  };
}

/** A group of options that are integers from 0 on. */
function integers<T extends object>(group: string, given: Partial<T> | undefined, defaults: T): T {
  checkMembers(group, given, Object.keys(defaults));
  const members: Record<string, number> = { ...(defaults as Record<string, number>) };
  for (const [name, value] of Object.entries(given ?? {}) as [string, number | undefined][]) {
    checkInteger(`${group}.${name}`, value, 0, Number.MAX_SAFE_INTEGER);
    if (value !== undefined) members[name] = value;
  }
  return members as T;
}
