/** Drives the decoder of responses as `incremental.ts` drives that of requests: what comes out must be the same for every split. */
import assert from 'node:assert/strict';
import { DEFAULT_RESPONSE_LIMITS, type ResponseLimits } from '../../src/http1/limits.ts';
import { ResponseDecoder } from '../../src/http1/response-decoder.ts';
import type { Rejection } from '../../src/octets/rejection.ts';
import {
  CONTENT,
  CONTENT_END,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PAUSED,
  REJECTED,
} from '../../src/octets/results.ts';
import { copiesOf, linesOf, textOf } from './incremental.ts';

export function limitedResponses(changes: Partial<ResponseLimits>): ResponseLimits {
  return { ...DEFAULT_RESPONSE_LIMITS, ...changes };
}

export interface DecodedResponse {
  readonly status: number;
  readonly reason: string;
  readonly minor: number;
  readonly fields: readonly string[];
  content: string;
  trailers: readonly string[];
  complete: boolean;
}

export interface DecodedAnswer {
  /** The status codes of the interim responses. */
  readonly interim: readonly number[];
  readonly response: DecodedResponse | undefined;
  /** Why decoding ended; `undefined` if it waits for more or has all. */
  readonly rejection: Rejection | undefined;
  /** What a tunnel begins with; `undefined` if there is none. */
  readonly tunnel: string | undefined;
}

export interface Asked {
  /** Default `GET`. */
  readonly method?: string;
  /** The server ends its side behind the last octet. */
  readonly ends?: boolean;
  readonly offersUpgrade?: boolean;
  readonly limits?: ResponseLimits;
}

/** What a decoder makes of all that answers one request, twice as in `decodeRequests`. */
export function decodeAnswer(
  chunks: readonly Uint8Array[],
  asked: Asked = {},
  decoder = new ResponseDecoder(asked.limits),
): DecodedAnswer {
  const keeping = decode(copiesOf(chunks), asked, new ResponseDecoder(asked.limits), true);
  const decoded = decode(chunks, asked, decoder, false);
  assert.deepEqual(keeping, decoded);
  return decoded;
}

function decode(
  chunks: readonly Uint8Array[],
  asked: Asked,
  decoder: ResponseDecoder,
  keeps: boolean,
): DecodedAnswer {
  const { method = 'GET', ends = false, offersUpgrade = false } = asked;
  const interim: number[] = [];
  let response: DecodedResponse | undefined;
  const take = (result: number): void => {
    if (result === INTERIM) interim.push(decoder.head!.status);
    if (result === MESSAGE_HEAD) response = responseOf(decoder);
    if (result === CONTENT) response!.content += textOf(decoder.content);
    if (result === CONTENT_END) {
      response!.trailers = linesOf(decoder.trailers);
      response!.complete = true;
    }
  };
  decoder.expect({ method, offersUpgrade });
  let result = NEED_OCTETS;
  for (const chunk of chunks) {
    decoder.receive(chunk);
    for (result = decoder.next(); result > 0 && result !== PAUSED; result = decoder.next()) take(result);
    if (result === REJECTED) break;
    if (keeps) decoder.keep();
    if (keeps || decoder.buffered === 0) chunk.fill(0x21);
  }
  if (result === NEED_OCTETS && ends) take(decoder.end());
  const tunnel = result === PAUSED ? textOf(decoder.stop()) : undefined;
  return { interim, response, rejection: decoder.rejection, tunnel };
}

function responseOf(decoder: ResponseDecoder): DecodedResponse {
  const { status, reason, minor, fields, framing } = decoder.head!;
  const complete = framing.kind === 'none';
  return { status, reason, minor, fields: linesOf(fields), content: '', trailers: [], complete };
}
