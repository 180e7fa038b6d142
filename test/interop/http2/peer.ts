/** What is asked of each program that speaks HTTP/2 with Serval. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Http2Site } from './site.ts';

/** The exchanges, each a column of the table. */
export const EXCHANGES = ['text', 'down', 'up', 'trailers down', 'trailers up', '1,000 streams'] as const;
export type Exchange = (typeof EXCHANGES)[number];

/** Where a program finds Serval, or the proxy in front of it. */
export interface Target {
  readonly site: Http2Site;
  /** `http://127.0.0.1:1234` or `https://localhost:1234`. */
  readonly origin: string;
  /** The program speaks TLS. */
  readonly encrypted: boolean;
  /** What Serval speaks, with the program or with the proxy. */
  readonly protocol: 'h2' | 'h2c';
}

export interface Http2Peer {
  readonly name: string;
  /** The exchanges that it can do. Each returns a remark, and throws if what came back is wrong. */
  readonly exchanges: Readonly<Partial<Record<Exchange, (target: Target) => Promise<string>>>>;
  /** Those that the proxy in front does not pass on. */
  readonly drops?: readonly Exchange[];
  /** It speaks HTTP/2 only over TLS. */
  readonly needsTls?: boolean;
}

export const STREAMS = 1_000;

const MOST_OUTPUT = 64 * 2 ** 20;
const PATIENCE_MS = 180_000;
const run = promisify(execFile);

/** @returns what a command of the shell prints. @throws {Error} with its errors. */
export async function shell(command: string): Promise<string> {
  const options = { maxBuffer: MOST_OUTPUT, timeout: PATIENCE_MS };
  const { stdout } = await run('bash', ['-o', 'pipefail', '-c', command], options);
  return stdout;
}

export function expect(what: string, received: string, expected: string): string {
  if (received.trim() !== expected)
    throw new Error(
      `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(received.slice(-300))}`,
    );
  return 'ok';
}

/** The text names the protocol between the proxy, if there is one, and Serval. */
export function expectText(received: string, { protocol }: Target): string {
  return expect('text', received, `Hello over ${protocol}`);
}

export function expectMatch(what: string, received: string, match: RegExp): string {
  if (!match.test(received)) throw new Error(`${what}: ${match} is not in ${received.slice(-1_000)}`);
  return 'ok';
}
