/** The access log: one line for each request, with time, status, method, path, size, duration and client. */

import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { SocketAddress } from '../../io/socket-address.ts';
import { hostAndPort } from '../../semantics/address/authority.ts';
import type { FetchFunction } from '../../server/api.ts';
import type { RequestEnd } from '../../server/diagnostics.ts';
import { printable } from '../printable.ts';

export interface LogEntry {
  readonly time: Date;
  readonly method: string;
  readonly path: string;
  /** `undefined` if the handler failed and nothing was sent. */
  readonly status: number | undefined;
  /** The Content-Length of the response, if it has one. */
  readonly bytes: string | undefined;
  readonly milliseconds: number;
  readonly remote: string;
  /** Without the port; empty if it is not known. */
  readonly address: string;
  /** Such as `HTTP/1.1`. */
  readonly protocol: string;
  /** Bytes of content that were sent. */
  readonly sent: number;
  /** From `X-Request-Id` of the request, or a new one. */
  readonly id: string;
  readonly referer: string | undefined;
  readonly userAgent: string | undefined;
  /** The client disconnected, or the response failed before its end. */
  readonly isCutOff: boolean;
}

/** A message of the channel `serval:request:rejected`. */
export interface Refusal {
  readonly remoteAddress: SocketAddress;
  /** 0 for a PROXY header, which gets no response. */
  readonly status: number;
  readonly reason: string;
  readonly section: string;
}

type Write = (line: string) => void;

/** Wraps a handler so that a line is written when an exchange ends. */
export function withAccessLog(
  handler: FetchFunction,
  write: Write,
  format: (entry: LogEntry) => string,
): FetchFunction {
  // Published before `completed` settles for others. By context.
  const ends = new WeakMap<object, RequestEnd>();
  subscribe('serval:request:end', (message) => {
    const end = message as RequestEnd;
    ends.set(end.context, end);
  });
  return async (request, ctx) => {
    const time = new Date();
    const start = performance.now();
    const { method, url, headers } = request;
    let response: Response | undefined;
    const log = (isCutOff: boolean): void => {
      const end = ends.get(ctx);
      const entry: LogEntry = {
        time,
        method,
        path: pathOf(url),
        // The server answers 500 for a failed handler, unless the client has disconnected.
        status: response?.status ?? (isCutOff ? undefined : 500),
        bytes: response?.headers.get('content-length') ?? undefined,
        milliseconds: performance.now() - start,
        remote: remoteOf(ctx.remoteAddress),
        address: ctx.remoteAddress.address,
        protocol: end === undefined ? '-' : `HTTP/${end.version === '2' ? '2.0' : end.version}`,
        sent: end?.responseBytes ?? 0,
        id: requestId(headers),
        referer: headers.get('referer') ?? undefined,
        userAgent: headers.get('user-agent') ?? undefined,
        isCutOff,
      };
      write(`${format(entry)}\n`);
    };
    try {
      response = await handler(request, ctx, ctx);
      return response;
    } finally {
      ctx.completed.then(
        () => log(false),
        () => log(true),
      );
    }
  };
}

/** Writes a line for each request that the server refuses before a handler sees it: malformed, too large or too slow. */
export function logRefusals(write: Write, format: (refusal: Refusal, time: Date) => string): void {
  subscribe('serval:request:rejected', (message) => {
    write(`${format(message as Refusal, new Date())}\n`);
  });
}

/** Proxies set it, so that their log and this one can be compared. */
function requestId(headers: Headers): string {
  const given = headers.get('x-request-id');
  return given !== null && /^[\w.:+/=-]{1,128}$/.test(given) ? given : randomUUID();
}

export function formatRefusal(
  { remoteAddress, status, reason, section }: Refusal,
  time: Date,
  colour: boolean,
): string {
  const paint = colour ? painted : unpainted;
  return [
    paint(DIM, colour ? clockTime(time) : time.toISOString()),
    paint(statusColour(status || undefined), status === 0 ? '---' : String(status)),
    `refused: ${wordsOf(reason)} (${section})`,
    paint(DIM, printable(remoteOf(remoteAddress))),
  ].join(' ');
}

/** `BareLF` → `bare LF`, `HostMissing` → `host missing`. */
function wordsOf(reason: string): string {
  return reason.replace(/[A-Z]+(?![a-z])|[A-Z][a-z]+|\d+/g, (word, at: number) => {
    const text = /^[A-Z]{2,}/.test(word) ? word : word.toLowerCase();
    return at === 0 ? text : ` ${text}`;
  });
}

export function formatEntry(entry: LogEntry, colour: boolean): string {
  const paint = colour ? painted : unpainted;
  const words = [
    paint(DIM, colour ? clockTime(entry.time) : entry.time.toISOString()),
    paint(statusColour(entry.status), String(entry.status ?? '---')),
    printable(entry.method).padEnd(4),
    printable(entry.path),
    paint(DIM, `${entry.bytes === undefined ? '-' : printable(entry.bytes)} bytes`),
    paint(DIM, `${entry.milliseconds.toFixed(1)} ms`),
    paint(DIM, printable(entry.remote)),
  ];
  if (entry.isCutOff) words.push(paint(RED, 'cut off'));
  return words.join(' ');
}

/** The path and the query: everything after `scheme://authority`. */
function pathOf(url: string): string {
  const slash = url.indexOf('/', url.indexOf('://') + 3);
  return slash < 0 ? url : url.slice(slash);
}

function remoteOf({ address, port, family }: SocketAddress): string {
  if (family === 'unix') return 'unix socket';
  // The proxy did not name the client.
  if (family === '') return 'unknown';
  return hostAndPort(address, port);
}

function clockTime(time: Date): string {
  return time.toTimeString().slice(0, 8);
}

const DIM = 2;
const RED = 31;

function statusColour(status = 500): number {
  if (status >= 500) return RED;
  if (status >= 400) return 33;
  return status >= 300 ? 36 : 32;
}

function painted(colour: number, text: string): string {
  return `\x1b[${colour}m${text}\x1b[0m`;
}

function unpainted(_colour: number, text: string): string {
  return text;
}
