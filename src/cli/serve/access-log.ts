/** One line for each request: when, what came of it, what was asked, how much, how long, by whom. */

import type { SocketAddress } from '../../io/socket-address.ts';
import type { FetchFunction } from '../../server/api.ts';
import { printable } from '../printable.ts';

export interface LogEntry {
  readonly time: Date;
  readonly method: string;
  readonly path: string;
  /** `undefined` when the handler failed and nothing was sent. */
  readonly status: number | undefined;
  /** The octets of content, if the answer declared them. */
  readonly octets: string | undefined;
  readonly milliseconds: number;
  readonly remote: string;
  /** The client went away, or the answer broke off. */
  readonly cutOff: boolean;
}

/** The same handler, with a line written whenever an exchange is over. */
export function withAccessLog(
  handler: FetchFunction,
  write: (line: string) => void,
  colour: boolean,
): FetchFunction {
  return async (request, ctx) => {
    const time = new Date();
    const start = performance.now();
    const { method, url } = request;
    let response: Response | undefined;
    const log = (cutOff: boolean): void => {
      const entry: LogEntry = {
        time,
        method,
        path: pathOf(url),
        // The engine turns a failed handler into 500, unless there is nobody left to tell.
        status: response?.status ?? (cutOff ? undefined : 500),
        octets: response?.headers.get('content-length') ?? undefined,
        milliseconds: performance.now() - start,
        remote: remoteOf(ctx.remoteAddress),
        cutOff,
      };
      write(`${formatEntry(entry, colour)}\n`);
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

export function formatEntry(entry: LogEntry, colour: boolean): string {
  const paint = colour ? painted : unpainted;
  const words = [
    paint(DIM, colour ? clockTime(entry.time) : entry.time.toISOString()),
    paint(statusColour(entry.status), String(entry.status ?? '---')),
    printable(entry.method).padEnd(4),
    printable(entry.path),
    paint(DIM, `${entry.octets === undefined ? '-' : printable(entry.octets)} octets`),
    paint(DIM, `${entry.milliseconds.toFixed(1)} ms`),
    paint(DIM, printable(entry.remote)),
  ];
  if (entry.cutOff) words.push(paint(RED, 'cut off'));
  return words.join(' ');
}

/** The path and the query: everything behind `scheme://authority`. */
function pathOf(url: string): string {
  const slash = url.indexOf('/', url.indexOf('://') + 3);
  return slash < 0 ? url : url.slice(slash);
}

function remoteOf({ address, port, family }: SocketAddress): string {
  if (family === 'unix') return 'unix socket';
  // Behind a proxy that does not say.
  if (family === '') return 'unknown';
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
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
