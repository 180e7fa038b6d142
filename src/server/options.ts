/** The options of `serve` and `listen`: their shapes, defaults and checks (Fetch Server API draft, "Server configuration"). */

import { notSupported, type ProtocolError } from '../fetch/errors.ts';
import { DEFAULT_LIMITS, type MessageLimits } from '../http1/limits.ts';
import { DEFAULT_HTTP2_LIMITS, type Http2Limits } from '../http2/limits.ts';
import { checkInteger, checkObject, checkOneOf, checkType, refusal } from '../options/checks.ts';
import { readPort } from '../options/port.ts';
import { resolveTls, type TlsOptions } from '../tls/options.ts';
import { isTlsSource, type TlsSource } from '../tls/source.ts';
import type { Answer, ConnectAndError, MaybeResponse, ServerContext } from './api.ts';
import { insteadOf } from './foreign-options.ts';
import {
  checkProxyOptions,
  type ProxyOptions,
  type ProxySettings,
  resolveProxy,
} from './proxy/proxy-options.ts';
import { type RedirectOptions, resolveRedirect } from './redirect-http.ts';
import { type HstsOptions, resolveHsts } from './strict-transport-security.ts';

/** What becomes of a connection when there are `limits.maxConnections` of them. */
export type WhenFull =
  /** It waits until another one ends. While any does, each response says `Connection: close`, which makes room. */
  | 'wait'
  /** It is answered 503 with Retry-After, and closed. */
  | 'refuse'
  /** It is closed without a word. */
  | 'close';

/** In milliseconds; 0 disables. Each clock runs only while the peer owes progress, and starts again when there is some. */
export interface TimeoutOptions {
  /** From the first octet of a connection, or the end of its PROXY header, to the end of the TLS handshake. Default 10,000. */
  handshake?: number;
  /** Between exchanges, and before the first. Default 65,000: longer than the 60 s after which balancers drop a connection. */
  idle?: number;
  /** From the first octet of a head to its last, whatever arrives in between. Default 30,000. On expiry: 408. */
  headers?: number;
  /** While the handler waits for content and none comes. Default 60,000. On expiry: 408 if nothing was sent, and an abort. */
  receive?: number;
  /** While the client does not take what has been written. Default 60,000. On expiry: an abort. */
  send?: number;
  /** While no octet passes a tunnel in either direction. Default 0. */
  tunnelIdle?: number;
  /** How long the server waits, after the response, for promises given to `waitUntil`. Default 30,000. */
  waitUntil?: number;
  /** How long `close`, and `drain` after its grace, let exchanges finish; then they are cut off. Default 60,000. */
  close?: number;
}

/** 0 disables. */
export interface LimitOptions {
  /** Octets of a request-line: method, request-target and version. Default 8,192. Beyond: 414, or 501 for the method. */
  maxRequestLineSize?: number;
  /** Octets of a header section, its empty line included. Default 16,384. Beyond: 431. */
  maxHeaderSize?: number;
  /** Octets of request content. Default 16 MiB. Declared beyond: 413. Beyond while it arrives: `ERR_HTTP_CONTENT_TOO_LARGE`. */
  maxRequestBodySize?: number;
  /** Requests on one connection; the last answer says `Connection: close`. Default 0. */
  maxRequestsPerConnection?: number;
  /** Connections at once on one listener; `whenFull` says what becomes of any more. Default 0. */
  maxConnections?: number;
  /** With `whenFull: 'wait'`: how many of those may wait; any more are answered 503. Default 511. */
  maxWaitingConnections?: number;
  /** TLS handshakes at once on one listener; beyond, the one that has taken longest is given up. Default 1,000. */
  maxHandshakes?: number;
  /** Streams at once on one HTTP/2 connection; one more is refused (RFC 9113 §5.1.2). Default 128. */
  maxConcurrentStreams?: number;
  /** Bytes that one HTTP/2 stream may send before they are read (RFC 9113 §6.9.2). Default 256 KiB. */
  streamWindow?: number;
  /** The same for all streams of a connection together. Default 1 MiB. */
  connectionWindow?: number;
}

export interface ListenOptions {
  /** A number, or the text of an environment variable, such as `"8080"`. Default 0: any free port. */
  port?: number | string;
  /** Default `"0.0.0.0"`. */
  hostname?: string;
  /**
   * Ours: a unix socket instead of an address; its file is removed on close. One that a dead server has left there is replaced.
   */
  path?: string;
  /** Ours: the permissions of that file, such as `0o660`; to connect takes that to write. Default: what the umask leaves. */
  mode?: number;
  /**
   * Ours: the descriptor of a socket that is bound already, instead of an address, as systemd hands over from 3 on. It is
   * closed with the listener.
   */
  fd?: number;
  reusePort?: boolean;
  /** With a wildcard IPv6 address: no IPv4. Default false. */
  ipv6Only?: boolean;
  /** How many connections may wait to be accepted. Default 511. */
  backlog?: number;
  timeouts?: TimeoutOptions;
  limits?: LimitOptions;
  /** Ours: whom to believe about the client. Default: nobody. What `listen` says replaces what `serve` was told, as a whole. */
  proxy?: ProxyOptions;
  /**
   * Ours: what becomes of a connection beyond `limits.maxConnections`. `"wait"`: it is accepted and not read until there is
   * room, for `timeouts.idle` at most. `"refuse"`: it is answered 503. `"close"`: it is closed at once. Default `"wait"`: a
   * crowd that is shorter than the line costs time, and no request.
   */
  whenFull?: WhenFull;
  /** Certificates, or a source of them that may change. What `listen` says replaces what `serve` was told, as a whole. */
  tls?: TlsOptions | TlsSource;
  /**
   * Ours, with `tls`: a second port, for plain HTTP, at which each request is answered 308 to the https URL. It belongs to one
   * listener: the one of this call.
   */
  redirectHttp?: number | RedirectOptions;
  /**
   * Ours, with `tls`: each response says `Strict-Transport-Security`, so browsers use HTTPS only. A number is `maxAge`, in
   * seconds. Default: none. It is never sent over plain HTTP (RFC 6797 §7.2).
   */
  hsts?: number | HstsOptions;
  /** Not yet: throws `NotSupportedError`. */
  quic?: unknown;
  altSvc?: unknown;
}

/** `connect` and `error` are for handlers without the draft's marker; a marked one has its own. */
export interface ServerOptions extends ListenOptions, ConnectAndError {
  /**
   * May answer for a fault of the client, about which `error` is not asked; `undefined` leaves the default, which is `status`. The faults
   * are content beyond `limits.maxRequestBodySize` (413), content that does not arrive within `timeouts.receive` (408), content that is
   * not HTTP (400), and the handshake of a WebSocket (400, 403, 426). Called when `fetch` has failed with `error`, and without `fetch`
   * when a declared length is beyond the limit. Serval's own.
   */
  clientError?(ctx: ServerContext, error: ProtocolError, status: number): Answer<MaybeResponse>;
  /** Whether `100 Continue` is sent by itself when the content is first read. Default true. */
  autoContinue?: boolean;
  /**
   * A client that has ended its side (TCP FIN) still gets its answer. By default the end of input while a request is in progress
   * means that the client has gone: `request.signal` is aborted. With `true` the handler may take `timeouts.idle`. Default false.
   */
  halfOpen?: boolean;
  /** Aborting it destroys the server with the signal's reason. */
  signal?: AbortSignal;
}

/** Options with every member filled in. */
export interface ServerSettings {
  readonly timeouts: Readonly<Required<TimeoutOptions>>;
  readonly messageLimits: MessageLimits;
  readonly http2Limits: Http2Limits;
  readonly maxRequestsPerConnection: number;
  readonly maxConnections: number;
  readonly maxWaitingConnections: number;
  readonly maxHandshakes: number;
  readonly whenFull: WhenFull;
  readonly autoContinue: boolean;
  readonly halfOpen: boolean;
  /** `Keep-Alive: timeout=…` CRLF; empty where no whole second can be promised. */
  readonly keepAliveLine: string;
  readonly tls: TlsOptions | TlsSource | undefined;
  readonly redirectHttp: RedirectOptions | undefined;
  /** The value of `Strict-Transport-Security`; empty for none. */
  readonly hsts: string;
  readonly proxy: ProxySettings | undefined;
}

const DEFAULT_TIMEOUTS: Required<TimeoutOptions> = {
  handshake: 10_000,
  idle: 65_000,
  headers: 30_000,
  receive: 60_000,
  send: 60_000,
  tunnelIdle: 0,
  waitUntil: 30_000,
  close: 60_000,
};

/** As many as wait in the kernel by default, see `backlog`. */
const DEFAULT_WAITING = 511;
const DEFAULT_HANDSHAKES = 1_000;
const WHEN_FULL: readonly unknown[] = ['wait', 'refuse', 'close'] satisfies WhenFull[];

const LIMIT_NAMES = [
  'maxRequestLineSize',
  'maxHeaderSize',
  'maxRequestBodySize',
  'maxRequestsPerConnection',
  'maxConnections',
  'maxWaitingConnections',
  'maxHandshakes',
  'maxConcurrentStreams',
  'streamWindow',
  'connectionWindow',
];
const LISTEN_OPTIONS: ReadonlySet<string> = new Set([
  ...[
    'port',
    'hostname',
    'path',
    'mode',
    'fd',
    'reusePort',
    'ipv6Only',
    'backlog',
    'timeouts',
    'limits',
    'proxy',
    'whenFull',
    'tls',
    'redirectHttp',
    'hsts',
    'quic',
    'altSvc',
  ],
]);
export const SERVER_OPTIONS: ReadonlySet<string> = new Set([
  ...LISTEN_OPTIONS,
  'autoContinue',
  'halfOpen',
  'signal',
  'connect',
  'error',
  'clientError',
]);
/** RFC 6797 §7.2. */
export const HSTS_WITHOUT_TLS =
  'options.hsts: requires options.tls, because it is never sent over plain HTTP';

/**
 * Checks options and fills in what is missing, member by member: first from `listen`, then from `serve`.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 * @throws {DOMException} `NotSupportedError` for QUIC.
 */
export function resolveSettings(server: ServerOptions, listen: ListenOptions): ServerSettings {
  checkOptions(server, SERVER_OPTIONS);
  checkOptions(listen, LISTEN_OPTIONS);
  const timeouts = { ...DEFAULT_TIMEOUTS, ...definedIn(server.timeouts), ...definedIn(listen.timeouts) };
  const limits = { ...definedIn(server.limits), ...definedIn(listen.limits) } as LimitOptions;
  const tls = listen.tls ?? server.tls;
  // Not that of `serve`: a second listener would want the same port.
  const redirectHttp = resolveRedirect(listen.redirectHttp);
  if (redirectHttp !== undefined && tls === undefined)
    throw new TypeError(
      'options.redirectHttp: requires options.tls, because there is no HTTPS to redirect to',
    );
  const hsts = resolveHsts(listen.hsts ?? server.hsts);
  if (listen.hsts !== undefined && tls === undefined) throw new TypeError(HSTS_WITHOUT_TLS);
  return {
    timeouts,
    messageLimits: {
      ...DEFAULT_LIMITS,
      requestLine:
        limits.maxRequestLineSize === 0
          ? Infinity
          : (limits.maxRequestLineSize ?? DEFAULT_LIMITS.requestLine),
      fieldSection:
        limits.maxHeaderSize === 0 ? Infinity : (limits.maxHeaderSize ?? DEFAULT_LIMITS.fieldSection),
      content: limits.maxRequestBodySize ?? DEFAULT_LIMITS.content,
    },
    http2Limits: {
      ...DEFAULT_HTTP2_LIMITS,
      fieldSection: limits.maxHeaderSize || DEFAULT_HTTP2_LIMITS.fieldSection,
      content: limits.maxRequestBodySize ?? DEFAULT_HTTP2_LIMITS.content,
      concurrentStreams: limits.maxConcurrentStreams || DEFAULT_HTTP2_LIMITS.concurrentStreams,
      streamWindow: limits.streamWindow || DEFAULT_HTTP2_LIMITS.streamWindow,
      connectionWindow: limits.connectionWindow || DEFAULT_HTTP2_LIMITS.connectionWindow,
    },
    maxRequestsPerConnection: limits.maxRequestsPerConnection || Infinity,
    maxConnections: limits.maxConnections || Infinity,
    maxWaitingConnections: (limits.maxWaitingConnections ?? DEFAULT_WAITING) || Infinity,
    maxHandshakes: (limits.maxHandshakes ?? DEFAULT_HANDSHAKES) || Infinity,
    whenFull: listen.whenFull ?? server.whenFull ?? 'wait',
    autoContinue: server.autoContinue ?? true,
    halfOpen: server.halfOpen ?? false,
    keepAliveLine: keepAliveLineFor(timeouts.idle),
    ...{ tls, redirectHttp, hsts },
    proxy: resolveProxy(listen.proxy ?? server.proxy ?? {}),
  };
}

function checkOptions(options: ServerOptions, known: ReadonlySet<string>): void {
  checkObject('options', options);
  for (const name of Object.keys(options)) {
    if (known.has(name)) continue;
    const instead = insteadOf(name);
    throw new TypeError(
      `options.${name}: there is no such option${instead === undefined ? '' : `; ${instead}`}`,
    );
  }
  readPort('options.port', options.port);
  checkInteger('options.backlog', options.backlog, 0, 2 ** 31 - 1);
  checkMembers('timeouts', options.timeouts, Object.keys(DEFAULT_TIMEOUTS));
  checkMembers('limits', options.limits, LIMIT_NAMES);
  checkProxyOptions(options.proxy);
  checkOneOf('options.whenFull', options.whenFull, WHEN_FULL);
  for (const name of ['hostname', 'path'] as const) checkType(`options.${name}`, options[name], 'string');
  for (const name of ['reusePort', 'ipv6Only', 'autoContinue', 'halfOpen'] as const)
    checkType(`options.${name}`, options[name], 'boolean');
  for (const name of ['connect', 'error', 'clientError'] as const)
    checkType(`options.${name}`, options[name], 'function');
  // The system takes an empty name for every address.
  if (options.hostname === '') throw new TypeError(refusal('options.hostname', 'a name or an address', ''));
  checkInteger('options.mode', options.mode, 0, 0o777);
  if (options.mode !== undefined && options.path === undefined)
    throw new TypeError('options.mode: requires options.path, because only a unix socket has a mode');
  if (options.path !== undefined && options.port !== undefined)
    throw new TypeError('options.path: cannot be combined with options.port');
  checkInteger('options.fd', options.fd, 0, 2 ** 31 - 1);
  if (options.fd !== undefined) {
    for (const name of ['port', 'hostname', 'path', 'reusePort', 'ipv6Only'] as const) {
      if (options[name] !== undefined)
        throw new TypeError(`options.fd: cannot be combined with options.${name}`);
    }
  }
  // `port: process.env.PORT` without the variable: listening nowhere, or at random, would be a riddle.
  const { path, fd, hostname } = options;
  if (
    'port' in options &&
    options.port === undefined &&
    [path, fd, hostname].every((given) => given === undefined)
  )
    throw new TypeError(refusal('options.port', 'an integer from 0 to 65535', undefined));
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal))
    throw new TypeError(refusal('options.signal', 'an AbortSignal', options.signal));
  if (options.tls !== undefined && !isTlsSource(options.tls)) resolveTls(options.tls, Date.now());
  if (resolveRedirect(options.redirectHttp) !== undefined && options.path !== undefined)
    throw new TypeError('options.redirectHttp: cannot be combined with options.path');
  if (options.quic) throw notSupported('options.quic: QUIC is not supported');
}

function checkMembers(group: string, value: object | undefined, names: readonly string[]): void {
  if (value === undefined) return;
  checkObject(`options.${group}`, value);
  for (const [name, member] of Object.entries(value)) {
    if (!names.includes(name)) throw new TypeError(`options.${group}.${name}: there is no such option`);
    checkInteger(`options.${group}.${name}`, member, 0, Number.MAX_SAFE_INTEGER);
  }
}

/** A client that sends its next request at the last moment must not meet a FIN: the server waits this much longer. */
const KEEP_ALIVE_MARGIN_MS = 1_000;

/** `Keep-Alive: timeout=…` CRLF; empty where no whole second can be promised. */
export function keepAliveLineFor(idle: number): string {
  const seconds = Math.floor((idle - KEEP_ALIVE_MARGIN_MS) / 1_000);
  return seconds < 1 ? '' : `Keep-Alive: timeout=${seconds}\r\n`;
}

/** Members that are `undefined` count as absent, as in Web IDL dictionaries. */
export function definedIn<T extends object>(value: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(value ?? {}).filter(([, member]) => member !== undefined),
  ) as Partial<T>;
}
