/** What an experiment is, and what it works with. */
import { sourceUrl } from '../../annotation/field-notes.ts';
import type { ExperimentCard, Sentence } from '../messages.ts';
import type { Http1Client } from './client/http1-client.ts';
import type { Http2Client } from './client/http2-client.ts';

/** The client's place: connections to the server, and what all requests have in common. */
export interface Bench {
  /** The request-target (RFC 9112 §3.2.1). */
  readonly path: string;
  readonly authority: string;
  readonly isSecure: boolean;
  /** Aborted when the experiment has to end. */
  readonly signal: AbortSignal;
  /** Milliseconds since the experiment began. */
  now(): number;
  /** @throws {Unreachable} */
  openHttp1(): Promise<Http1Client>;
  /** @returns `undefined` if the server has chosen another protocol by ALPN. @throws {Unreachable} */
  openHttp2(): Promise<Http2Client | undefined>;
  /** Fulfils early when the experiment has to end. */
  pause(milliseconds: number): Promise<void>;
}

export interface Experiment extends ExperimentCard {
  /** @returns what has happened, in five sentences or fewer. @throws {Unreachable} */
  run(bench: Bench): Promise<Sentence[]>;
}

export const USER_AGENT = 'serval-inspector';

/** @param source such as `RFC 9112 §9.3`. */
export function says(text: string, source?: string): Sentence {
  return source === undefined ? { text } : { text, source, url: sourceUrl(source) };
}

/** The head of a request: start-line, Host, User-Agent, and the fields that are given. */
export function requestHead(
  { path, authority }: Bench,
  fields: readonly string[] = [],
  { method = 'GET', version = '1.1', target = path } = {},
): string {
  const lines = [
    `${method} ${target} HTTP/${version}`,
    `Host: ${authority}`,
    `User-Agent: ${USER_AGENT}`,
    ...fields,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

export const milliseconds = (count: number): string =>
  count < 1 ? `${count.toFixed(2)} ms` : count < 10 ? `${count.toFixed(1)} ms` : `${Math.round(count)} ms`;

export const plural = (count: number, word: string): string =>
  `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
