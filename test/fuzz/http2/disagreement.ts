/** What Serval and `node:http2` disagree on, as the name of a class. */
import { DEFAULT_HTTP2_LIMITS } from '../../../src/http2/limits.ts';
import * as results from '../../../src/http2/results.ts';
import { Http2ServerConnection } from '../../../src/http2/server-connection.ts';
import { framesIn, join, opening } from '../../http2/frames.ts';
import type { Http2Outcome } from './conversation.ts';

/** @returns the class of the first difference; `undefined` if there is none. */
export function http2DisagreementOf(
  ours: Http2Outcome,
  theirs: Http2Outcome,
  octets: Uint8Array,
): string | undefined {
  const [one, other] = [endOf(ours), endOf(theirs)];
  if (one !== other) {
    if (one === 'ends') return `connection: Serval ${ours.connection}; node goes on`;
    if (one === 'waits') return `connection: Serval waits; node ${other === 'ends' ? 'ends' : 'goes on'}`;
    return `connection: Serval goes on; node ${other === 'ends' ? codeOf(theirs) : 'waits'}`;
  }
  // What a server has answered before it ends the connection is a matter of time.
  if (one !== 'open') return undefined;
  const reasons = reasonsIn(octets);
  const streams = [...new Set([...ours.streams.keys(), ...theirs.streams.keys()])].sort((a, b) => a - b);
  for (const stream of streams) {
    const difference = differenceOf(
      ours.streams.get(stream),
      theirs.streams.get(stream),
      reasons.get(stream),
    );
    if (difference !== undefined) return `stream: ${difference}`;
  }
  return undefined;
}

/** Codes are not compared: node ends most connections with INTERNAL_ERROR, or without a word. */
const endOf = ({ connection }: Http2Outcome): string =>
  connection === 'open' || connection === 'waits' ? connection : 'ends';
const codeOf = ({ connection }: Http2Outcome): string => connection.split(' ')[0]!;

function differenceOf(
  ours = 'says nothing',
  theirs = 'says nothing',
  reason: string | undefined,
): string | undefined {
  if (ours === theirs) return undefined;
  const isAnswer = (outcome: string) => outcome.startsWith('answers');
  if (isAnswer(ours) && isAnswer(theirs)) {
    const names = ['', 'the method', 'the target', 'the content', 'the fields'];
    const [one, other] = [ours.split(' '), theirs.split(' ')];
    return `both answer, and understand ${names.filter((_, i) => i > 0 && one[i] !== other[i]).join(', ')} differently`;
  }
  if (ours.startsWith('status')) return `Serval ${ours}; node takes the request`;
  const shown = isAnswer(ours) ? 'answers' : ours;
  const why = reason === undefined || ours.endsWith('STREAM_CLOSED') ? '' : ` (${reason})`;
  return `Serval ${shown}${why}; node ${theirs.startsWith('resets') ? theirs : 'does not'}`;
}

/** Why the engine ends or refuses each stream. */
function reasonsIn(octets: Uint8Array): ReadonlyMap<number, string> {
  const connection = new Http2ServerConnection({ limits: DEFAULT_HTTP2_LIMITS });
  const reasons = new Map<number, string>();
  connection.receive(join(opening(), octets));
  connection.output();
  for (let answer = connection.next(); answer > 0; answer = connection.next()) {
    const { stream } = connection;
    if (answer === results.REFUSED) reasons.set(stream!.id, connection.rejection!.reason);
    const output = connection.output();
    for (const frame of output === undefined ? [] : framesIn(output)) {
      if (frame.type !== 3 || reasons.has(frame.stream)) continue;
      reasons.set(frame.stream, connection.error?.reason ?? 'FrameOnClosedStream');
    }
    if (stream !== undefined && answer === results.RESET) connection.release(stream);
  }
  return reasons;
}
