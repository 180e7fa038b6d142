import { DEFAULT_LIMITS, MESSAGE_HEAD, RequestDecoder } from '../../../src/http1/index.ts';
import { HEAD_OCTETS } from '../browser-request.ts';
import { runtimeLatin1 } from '../latin1.ts';
import type { Micro } from '../measure.ts';

const about = 'http1/request-decoder';
const octets = HEAD_OCTETS.length;
const text = runtimeLatin1(HEAD_OCTETS, 0, octets);

/** The decoder gets a text that was made before, so only its own work is measured. */
const parser = new RequestDecoder(DEFAULT_LIMITS, (_, start, end) =>
  start === 0 && end === octets ? text : runtimeLatin1(HEAD_OCTETS, start, end),
);
const decoder = new RequestDecoder(DEFAULT_LIMITS, runtimeLatin1);

function decode(what: RequestDecoder, times: number, field?: string): number {
  let sum = 0;
  for (let i = 0; i < times; i++) {
    what.receive(HEAD_OCTETS);
    if (what.next() !== MESSAGE_HEAD) throw new Error('the head was rejected');
    const head = what.head!;
    sum += field === undefined ? head.path.length : head.fields.get(field)!.length;
  }
  return sum;
}

export const REQUEST_DECODER: readonly Micro[] = [
  { about, what: `parse a head of ${octets} octets`, octets, run: (times) => decode(parser, times) },
  { about, what: 'the same with its text', octets, run: (times) => decode(decoder, times) },
  { about, what: 'the same and look up a field', octets, run: (times) => decode(decoder, times, 'cookie') },
];
