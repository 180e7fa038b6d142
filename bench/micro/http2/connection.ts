import { HpackEncoder, OctetWriter } from '../../../src/hpack/index.ts';
import {
  DEFAULT_HTTP2_LIMITS,
  FieldLines,
  Http2ServerConnection,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PREFACE,
} from '../../../src/http2/index.ts';
import { nativeRuntime } from '../../../src/io/native-runtime.ts';
import type { Micro } from '../measure.ts';
import { REQUEST } from './header-block.ts';

const about = 'http2/server-connection';
const DATE_LINE = 'Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n';
const HEADERS = 1;
const END_STREAM_AND_HEADERS = 5;
const SETTINGS = Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0);

function headersFrame(encoder: HpackEncoder, stream: number): Buffer {
  const out = new OctetWriter(nativeRuntime);
  encoder.begin(out);
  for (const [name, value] of REQUEST) encoder.field(out, name, value);
  const header = Buffer.alloc(9);
  header.writeUIntBE(out.length, 0, 3);
  header[3] = HEADERS;
  header[4] = END_STREAM_AND_HEADERS;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, out.octets.subarray(0, out.length)]);
}

/** Requests that arrive in one read, `streams` of them, each answered with 13 bytes; then one output. */
function exchange(streams: number): Micro['run'] {
  const limits = { ...DEFAULT_HTTP2_LIMITS, concurrentStreams: streams };
  const connection = new Http2ServerConnection({ limits, runtime: nativeRuntime });
  const encoder = new HpackEncoder();
  // Fields are added to the table when they are sent for the second time: from the third on, all is indexes.
  const first = [1, 3, 5].map((stream) => headersFrame(encoder, stream));
  let next = 7;
  const frames = Buffer.concat(Array.from({ length: streams }, () => headersFrame(encoder, 0)));
  const frameLength = frames.length / streams;
  const answerAll = (): number => {
    for (let answer = connection.next(); answer !== NEED_OCTETS; answer = connection.next()) {
      if (answer !== MESSAGE_HEAD) throw new Error('the request was not understood');
      const fields = new FieldLines();
      fields.add('Content-Type', 'text/plain');
      const start = { status: 200, fields, contentLength: 13, dateLine: DATE_LINE };
      connection.sendResponse(connection.stream!, start, 'Hello, world!');
    }
    // The client opens its window again; the frames of that are not what is measured.
    connection.receive(WINDOW_UPDATE);
    connection.next();
    return connection.output()!.length;
  };
  connection.receive(Buffer.concat([PREFACE, SETTINGS]));
  for (const octets of first) {
    connection.receive(octets);
    answerAll();
  }
  return (times) => {
    let sum = 0;
    for (let i = 0; i < times; i++) {
      if (next > 0x7fff_0000) throw new Error('no stream identifiers are left');
      for (let at = 5; at < frames.length; at += frameLength, next += 2) frames.writeUInt32BE(next, at);
      connection.receive(frames);
      sum += answerAll();
    }
    return sum;
  };
}

const WINDOW_UPDATE = Uint8Array.of(0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0x10, 0);

export const HTTP2_CONNECTION: readonly Micro[] = [
  { about, what: 'a request and its response', run: exchange(1) },
  { about, what: '10 requests in one read, and their responses', run: exchange(10) },
  { about, what: '100 requests in one read, and their responses', run: exchange(100) },
];
