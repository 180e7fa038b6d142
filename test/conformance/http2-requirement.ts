/**
 * A requirement of HTTP/2 as a test: what a client sends behind its preface and SETTINGS, and what has to come of it. Each is
 * sent whole, octet by octet, and cut at every octet.
 */
import { test } from 'node:test';
import type { Http2ServerOptions } from '../../src/http2/server-connection.ts';
import { type Conversation, converse, failsWith, type Respond, resetsWith } from '../http2/conversation.ts';

type Octets = Uint8Array | readonly Uint8Array[];

/** The connection ends with this reason and code. @param last the last stream that GOAWAY names. */
export function fails(
  title: string,
  octets: Octets,
  reason: string,
  code: string,
  last?: number,
  options?: Http2ServerOptions,
): void {
  test(title, () => failsWith(octets, reason, code, last, options));
}

/** The stream ends with this reason and code; the connection goes on. */
export function resets(
  title: string,
  octets: Octets,
  stream: number,
  reason: string,
  code?: string,
  options?: Http2ServerOptions,
): void {
  test(title, () => resetsWith(octets, stream, reason, code, options));
}

/** What is given out, and what is sent. */
export function gives(
  title: string,
  octets: Octets,
  expected: Partial<Conversation>,
  options?: Http2ServerOptions,
  respond?: Respond,
): void {
  test(title, () => converse(octets, expected, options, respond));
}
