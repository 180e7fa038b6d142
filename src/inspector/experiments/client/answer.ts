/** What came in answer to a request over HTTP/1. */
import type { ResponseHead } from '../../../http1/index.ts';

/**
 * - `complete`: the whole response.
 * - `cut off`: the connection ended within it.
 * - `none`: the connection ended before it, or the experiment did.
 * - `malformed`: what came was no response.
 */
export type AnswerEnd = 'complete' | 'cut off' | 'none' | 'malformed';

export interface Answer {
  end: AnswerEnd;
  /** Of the final response. */
  head: ResponseHead | undefined;
  /** Statuses of interim responses (RFC 9110 §15.2). */
  readonly interim: number[];
  /** Bytes of its content, as they were sent. */
  contentLength: number;
  /** The content, coded as it was sent, if it is at most 1 MiB. */
  content: Buffer[];
  /** When its head was complete, and when all of it was, in milliseconds since the experiment began. */
  headAt: number;
  endAt: number;
  /** The connection may carry another request (RFC 9112 §9.3). */
  persists: boolean;
}

export const statusOf = (answer: Answer | undefined): number => answer?.head?.status ?? 0;

/** Of a field of its head; an empty string without one. */
export const fieldOf = (answer: Answer | undefined, name: string): string =>
  answer?.head?.fields.get(name) ?? '';
