import { DEFAULT_LIMITS, FieldLines, MESSAGE_HEAD, ServerConnection } from '../../../src/http1/index.ts';
import { HEAD_OCTETS } from '../browser-request.ts';
import { runtimeLatin1 } from '../latin1.ts';
import type { Micro } from '../measure.ts';

const about = 'http1/response-encoder';
const dateLine = 'Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n';

const FIVE_FIELDS: readonly (readonly [string, string])[] = [
  ['Content-Type', 'application/json'],
  ['Cache-Control', 'public, max-age=3600'],
  ['ETag', '"5f2c8e0a4b7d4c1e"'],
  ['Vary', 'Accept-Encoding'],
  ['X-Request-Id', '9f0a2c4e-1b3d-4f5a-8c7e-0d1f2a3b4c5d'],
];

const connection = new ServerConnection(DEFAULT_LIMITS, runtimeLatin1);
connection.receive(HEAD_OCTETS);
if (connection.next() !== MESSAGE_HEAD) throw new Error('the head was rejected');

function encode(lines: readonly (readonly [string, string])[]): Micro['run'] {
  return (times) => {
    let sum = 0;
    for (let i = 0; i < times; i++) {
      const fields = new FieldLines();
      for (const [name, value] of lines) fields.add(name, value);
      const start = { status: 200, reason: '', fields, contentLength: 13, dateLine, serverCloses: false };
      sum += connection.beginResponse(start).length;
    }
    return sum;
  };
}

export const RESPONSE_ENCODER: readonly Micro[] = [
  { about, what: 'check and encode a head with one field', run: encode(FIVE_FIELDS.slice(0, 1)) },
  { about, what: 'check and encode a head with five fields', run: encode(FIVE_FIELDS) },
];
