/** Plays a script to a client's connection that has sent a few requests, and checks everything that must hold for any frames. */
import { knownName } from '../../../src/hpack/field-forms.ts';
import { Http2ClientConnection, type Http2RequestStart } from '../../../src/http2/client-connection.ts';
import { DEFAULT_HTTP2_CLIENT_LIMITS, type Http2Limits } from '../../../src/http2/limits.ts';
import * as results from '../../../src/http2/results.ts';
import { nativeRuntime } from '../../../src/io/native-runtime.ts';
import { FieldLines } from '../../../src/semantics/field-lines.ts';
import { join, settings } from '../../http2/frames.ts';
import { Broken, type Failure, failureOf } from '../broken.ts';
import type { FuzzTarget } from '../core-campaign.ts';
import { mix, mixText } from '../observation.ts';
import { cutAt, everyOctet, inTwo } from '../pieces.ts';
import type { Random } from '../random.ts';
import { consumeEach } from './consume-each.ts';
import { octetsOf } from './script.ts';

const SMALL_LIMITS: Http2Limits = {
  ...DEFAULT_HTTP2_CLIENT_LIMITS,
  fieldSection: 300,
  fieldLines: 4,
  trailerSection: 60,
  streamWindow: 20,
  waitingControlFrames: 6,
  settingsInFrame: 3,
};

const REQUEST: Http2RequestStart = {
  ...{
    method: 'GET',
    scheme: 'https',
    authority: 'a',
    path: '/',
    fields: new FieldLines(),
    contentLength: undefined,
  },
};
/** Streams 1, 3, 5 and 7. */
const REQUESTS: readonly Http2RequestStart[] = [
  REQUEST,
  { ...REQUEST, method: 'POST', contentLength: -1 },
  { ...REQUEST, method: 'CONNECT', authority: 'a:1' },
  { ...REQUEST, method: 'HEAD' },
];
const OPENING = settings();

interface Seen {
  log: string;
  content: string;
  output: Uint8Array;
  mostBuffered: number;
  connection: Http2ClientConnection;
}

function play(chunks: readonly Uint8Array[], limits: Http2Limits): Seen {
  const connection = new Http2ClientConnection({ limits, runtime: nativeRuntime });
  const seen: Seen = { log: '', content: '', output: new Uint8Array(0), mostBuffered: 0, connection };
  const outputs: Uint8Array[] = [];
  const take = () => {
    for (let output = connection.output(); output !== undefined; output = connection.output())
      outputs.push(output);
  };
  for (const start of REQUESTS) {
    const stream = connection.request(start);
    if (start.method === 'POST') connection.sendData(stream, 'x'.repeat(200));
  }
  take();
  for (const chunk of [OPENING, ...chunks]) {
    connection.receive(chunk);
    let answer = connection.next();
    for (; answer > 0; answer = connection.next()) note(connection, answer, seen);
    if (answer === results.REJECTED && !seen.log.includes('!')) seen.log += `!${connection.error!.reason}`;
    seen.mostBuffered = Math.max(seen.mostBuffered, connection.buffered);
  }
  take();
  seen.output = join(...outputs);
  return seen;
}

function note(connection: Http2ClientConnection, answer: number, seen: Seen): void {
  const { stream, response } = connection;
  const id = stream?.id ?? 0;
  switch (answer) {
    case results.INTERIM:
    case results.MESSAGE_HEAD: {
      const { status, fields } = response!;
      const isInterim = answer === results.INTERIM;
      if (isInterim !== status < 200 || status === 101)
        throw new Broken('a status is what it is', String(status));
      for (const name of fields.names)
        if (name !== name.toLowerCase() || name.startsWith(':'))
          throw new Broken('a head is well-formed', name);
      seen.log += `${isInterim ? 'i' : 'h'}${id}`;
      return;
    }
    case results.CONTENT:
      if (stream!.method === 'HEAD') throw new Broken('a response to HEAD has no content', `stream ${id}`);
      seen.content += Buffer.from(connection.content).toString('latin1');
      if (!seen.log.endsWith(`c${id}`)) seen.log += `c${id}`;
      consumeEach(connection, stream!);
      return;
    case results.CONTENT_END:
      seen.log += `e${id},${connection.trailers.names.length}`;
      return;
    case results.RESET:
      seen.log += `x${id},${connection.code}`;
      connection.release(stream!);
      return;
    default:
      seen.log += `g${connection.lastAccepted},${connection.unprocessed.length}`;
      for (const unprocessed of connection.unprocessed) connection.release(unprocessed);
  }
}

export class Http2ClientTarget implements FuzzTarget {
  signature = 0;
  outcome = '';
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  examine(input: Buffer): void {
    const random = this.#random;
    const octets = octetsOf(input);
    const limits = random.oneIn(3) ? SMALL_LIMITS : DEFAULT_HTTP2_CLIENT_LIMITS;
    const whole = play([octets], limits);
    this.signature = pathOf(whole);
    this.outcome = /!(\w+)$/.exec(whole.log)?.[1] ?? (whole.connection.isIdle ? 'idle' : 'goes on');
    compare(whole, inTwo(octets, random), limits);
    if (random.oneIn(16)) compare(whole, everyOctet(new Uint8Array(octets)), limits);
  }

  examineClosely(input: Buffer): number {
    const octets = octetsOf(input);
    let signature = 0;
    for (const limits of [SMALL_LIMITS, DEFAULT_HTTP2_CLIENT_LIMITS]) {
      const whole = play([octets], limits);
      signature = mix(signature, pathOf(whole));
      compare(whole, everyOctet(new Uint8Array(octets)), limits);
    }
    return signature;
  }

  failure(input: Buffer): Failure | undefined {
    return failureOf(() => {
      this.examineClosely(input);
      const octets = octetsOf(input);
      for (const limits of [SMALL_LIMITS, DEFAULT_HTTP2_CLIENT_LIMITS]) {
        const whole = play([octets], limits);
        for (let cut = 1; cut < octets.length; cut++) compare(whole, cutAt(octets, cut), limits);
      }
    });
  }
}

function compare(whole: Seen, chunks: readonly Uint8Array[], limits: Http2Limits): void {
  const pieces = play(chunks, limits);
  const where = chunks.length === 2 ? `cut at ${chunks[0]!.length}` : `in ${chunks.length} pieces`;
  if (pieces.log !== whole.log || pieces.content !== whole.content)
    throw new Broken('any pieces give the same responses', `whole ${whole.log}, ${where} ${pieces.log}`);
  if (pieces.mostBuffered > 16_384 + 9)
    throw new Broken('what waits undecoded is bounded', `${pieces.mostBuffered} octets`);
}

function pathOf({ log }: Seen): number {
  return mixText(0, log.replace(/\d+/g, ''));
}

knownName(':authority').learn('a');
