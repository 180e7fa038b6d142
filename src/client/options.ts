/** The options of a client: their shapes, defaults and checks. */
import type { LookupFunction } from 'node:net';
import { DEFAULT_RESPONSE_LIMITS, type ResponseLimits } from '../http1/limits.ts';

/** In milliseconds; 0 disables. Each clock runs only while the server owes progress, and starts again when there is some. */
export interface ClientTimeouts {
  /** Until a connection stands, the look-up of its name included. Default 10,000. */
  connect?: number;
  /** For `100 Continue`, before the content is sent without it. Default 1,000. */
  continue?: number;
  /** From the last octet of a request to the last of the response's head; interim responses put it off. Default 300,000. */
  headers?: number;
  /** While somebody reads the content and none comes. Default 300,000. */
  receive?: number;
  /** While the server does not take what has been written. Default 60,000. */
  send?: number;
  /** How long an idle connection is kept when the server does not say how long it keeps it. Default 4,000. */
  idle?: number;
}

/** 0 disables, but for `maxConnections`. */
export interface ClientLimits {
  /** Connections to one origin. Default 128. */
  maxConnections?: number;
  /** Requests that wait for a connection to one origin. Beyond: `ERR_HTTP_QUEUE_FULL`. Default 65,536. */
  maxQueue?: number;
  /** Octets of a header section, its empty line included. Default 32,768. Beyond: `ERR_HTTP_PROTOCOL_ERROR`. */
  maxHeaderSize?: number;
  /** Octets of content, as received and as decoded. Beyond: `ERR_HTTP_CONTENT_TOO_LARGE`. Default 0. */
  maxResponseSize?: number;
  /**
   * How many octets content may decode to for each that is received, beyond the first 4 MiB. Text compresses to a tenth, and
   * what compresses to a two-hundredth is a bomb. Beyond: `ERR_HTTP_CONTENT_CODING`. Default 200.
   */
  maxDecodingRatio?: number;
  /** Redirects that are followed. Beyond: `ERR_HTTP_REDIRECT`. Default 20, as in Fetch. */
  maxRedirects?: number;
}

export interface ClientOptions {
  timeouts?: ClientTimeouts;
  limits?: ClientLimits;
  /** Whether content codings are asked for and undone (RFC 9110 §8.4). Default true. */
  decode?: boolean;
  /** The value of User-Agent where a request has none (RFC 9110 §10.1.5). Default `serval`; empty for no such field. */
  userAgent?: string;
  /** A unix socket that all connections go to, whatever the URL says. */
  path?: string;
  /** Only addresses of this family. Default 0: both, whichever answers first (RFC 8305). */
  family?: 0 | 4 | 6;
  /** In place of the system's look-up of names, `dns.lookup`. */
  lookup?: LookupFunction;
}

/** Options with every member filled in. */
export interface ClientSettings {
  readonly timeouts: Readonly<Required<ClientTimeouts>>;
  readonly limits: Readonly<Required<ClientLimits>>;
  readonly responseLimits: ResponseLimits;
  readonly decode: boolean;
  readonly userAgent: string;
  readonly path: string | undefined;
  readonly family: 0 | 4 | 6;
  readonly lookup: LookupFunction | undefined;
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
  maxHeaderSize: DEFAULT_RESPONSE_LIMITS.fieldSection,
  maxResponseSize: 0,
  maxDecodingRatio: 200,
  maxRedirects: 20,
};

const OPTIONS = new Set(['timeouts', 'limits', 'decode', 'userAgent', 'path', 'family', 'lookup']);

/**
 * Checks options and fills in what is missing.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function resolveClientSettings(options: ClientOptions): ClientSettings {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`options: not an object: ${options}`);
  for (const name of Object.keys(options))
    if (!OPTIONS.has(name)) throw new TypeError(`options.${name}: there is no such option`);
  checkType('decode', options.decode, 'boolean');
  checkType('userAgent', options.userAgent, 'string');
  checkType('path', options.path, 'string');
  checkType('lookup', options.lookup, 'function');
  const family = options.family ?? 0;
  if (![0, 4, 6].includes(family)) throw new RangeError(`options.family: not 0, 4 or 6: ${String(family)}`);
  const timeouts = numbers('timeouts', options.timeouts, DEFAULT_TIMEOUTS);
  const limits = numbers('limits', options.limits, DEFAULT_CLIENT_LIMITS);
  if (limits.maxConnections === 0) throw new RangeError('options.limits.maxConnections: not at least 1: 0');
  return {
    timeouts,
    limits,
    responseLimits: {
      ...DEFAULT_RESPONSE_LIMITS,
      fieldSection: limits.maxHeaderSize === 0 ? Infinity : limits.maxHeaderSize,
      content: limits.maxResponseSize,
    },
    decode: options.decode ?? true,
    userAgent: options.userAgent ?? 'serval',
    path: options.path,
    family,
    lookup: options.lookup,
  };
}

function numbers<T extends object>(group: string, given: Partial<T> | undefined, defaults: T): T {
  if (given !== undefined && (typeof given !== 'object' || given === null))
    throw new TypeError(`options.${group}: not an object: ${String(given)}`);
  const members: Record<string, number> = { ...(defaults as Record<string, number>) };
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!Object.hasOwn(defaults, name))
      throw new TypeError(`options.${group}.${name}: there is no such option`);
    if (value === undefined) continue;
    if (typeof value !== 'number')
      throw new TypeError(`options.${group}.${name}: not a number: ${String(value)}`);
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`options.${group}.${name}: not an integer from 0 on: ${value}`);
    members[name] = value;
  }
  return members as T;
}

function checkType(name: string, value: unknown, type: string): void {
  if (value !== undefined && typeof value !== type)
    throw new TypeError(`options.${name}: not a ${type}: ${String(value)}`);
}
