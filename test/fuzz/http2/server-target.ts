/** Plays a script to a server's connection, and checks everything that must hold for any frames. */
import { knownName } from '../../../src/hpack/field-forms.ts';
import { CANCEL } from '../../../src/http2/error-codes.ts';
import { WINDOW_UPDATE } from '../../../src/http2/frame/frame-types.ts';
import type { Http2RequestHead } from '../../../src/http2/head/request-head.ts';
import { DEFAULT_HTTP2_LIMITS, type Http2Limits } from '../../../src/http2/limits.ts';
import * as results from '../../../src/http2/results.ts';
import { Http2ServerConnection } from '../../../src/http2/server-connection.ts';
import type { Http2Stream } from '../../../src/http2/stream/stream.ts';
import { nativeRuntime } from '../../../src/io/native-runtime.ts';
import { FieldLines } from '../../../src/semantics/field-lines.ts';
import { frame, framesIn, get, join, opening } from '../../http2/frames.ts';
import { Broken, type Failure, failureOf } from '../broken.ts';
import type { FuzzTarget } from '../core-campaign.ts';
import { mix, mixText } from '../observation.ts';
import { cutAt, everyOctet, inTwo } from '../pieces.ts';
import type { Random } from '../random.ts';
import { consumeEach } from './consume-each.ts';
import { checkOutput } from './output-check.ts';
import { octetsOf } from './script.ts';

/** Limits that short scripts reach. */
const SMALL_LIMITS: Http2Limits = {
  ...DEFAULT_HTTP2_LIMITS,
  fieldSection: 300,
  fieldLines: 4,
  trailerSection: 60,
  requestLine: 16,
  content: 6,
  concurrentStreams: 2,
  streamWindow: 20,
  waitingControlFrames: 6,
  settingsInFrame: 3,
};

const OPENING = opening();
const BIG = Buffer.alloc(33_000, 'x');
const FIELDS = new FieldLines();
FIELDS.add('Content-Type', 'text/plain');
FIELDS.add('X-Long', 'y'.repeat(40));
const TRAILERS = new FieldLines();
TRAILERS.add('Digest', 'z');

const PIECES = 'any pieces give the same requests and the same output';

export interface Seen {
  /** What came out, without the content. */
  log: string;
  content: string;
  output: Uint8Array;
  mostBuffered: number;
  connection: Http2ServerConnection;
}

/** @param ways a number that decides what is done with each request. */
export function play(chunks: readonly Uint8Array[], limits: Http2Limits, ways: number, takes = false): Seen {
  const connection = new Http2ServerConnection({
    limits,
    runtime: nativeRuntime,
    allowsConnectProtocol: (ways & 1) === 0,
  });
  const seen: Seen = { log: '', content: '', output: new Uint8Array(0), mostBuffered: 0, connection };
  const outputs: Uint8Array[] = [];
  for (const chunk of [OPENING, ...chunks]) {
    connection.receive(chunk);
    let answer = connection.next();
    for (; answer > 0; answer = connection.next()) note(connection, answer, seen, ways);
    if (answer === results.REJECTED && !seen.log.includes('!')) seen.log += `!${connection.error!.reason}`;
    seen.mostBuffered = Math.max(seen.mostBuffered, connection.buffered);
    if (takes) outputs.push(...outputsOf(connection));
  }
  seen.output = join(...outputs, ...outputsOf(connection));
  return seen;
}

function outputsOf(connection: Http2ServerConnection): Uint8Array[] {
  const outputs: Uint8Array[] = [];
  for (let output = connection.output(20_000); output !== undefined; output = connection.output(20_000)) {
    outputs.push(output);
    while (connection.nextDrained() !== undefined) {}
  }
  return outputs;
}

function note(connection: Http2ServerConnection, answer: number, seen: Seen, ways: number): void {
  const { stream } = connection;
  const id = stream?.id ?? 0;
  switch (answer) {
    case results.MESSAGE_HEAD:
      seen.log += `h${id}`;
      checkHead(stream!.head!);
      if (stream!.hasReceivedEnd || wayOf(stream!, ways) % 2 === 1) act(connection, stream!, ways);
      return;
    case results.CONTENT:
      seen.content += Buffer.from(connection.content).toString('latin1');
      if (!seen.log.endsWith(`c${id}`)) seen.log += `c${id}`;
      if (wayOf(stream!, ways) !== 4) consumeEach(connection, stream!);
      return;
    case results.CONTENT_END:
      seen.log += `e${id},${connection.trailers.names.length}`;
      if (wayOf(stream!, ways) % 2 === 0) act(connection, stream!, ways);
      return;
    case results.REFUSED:
      seen.log += `r${id},${connection.rejection!.reason}`;
      connection.refuse(stream!, connection.rejection!);
      return;
    case results.RESET:
      seen.log += `x${id},${connection.code}`;
      if (stream !== undefined && wayOf(stream, ways) !== 6) connection.release(stream);
      return;
    case results.PRIORITY:
      seen.log += `p${id},${stream!.priority.urgency}`;
      return;
    default:
      seen.log += `g${connection.lastAccepted}`;
  }
}

const wayOf = (stream: Http2Stream, ways: number) => (stream.id + ways) % 12;

/** What a handler may do. */
function act(connection: Http2ServerConnection, stream: Http2Stream, ways: number): void {
  if (stream.isClosed || stream.hasSentEnd || stream.hasSentHead) return;
  const start = { status: 200, fields: FIELDS, contentLength: -1, dateLine: '' };
  switch (wayOf(stream, ways)) {
    case 0:
    case 1:
      return connection.sendResponse(stream, { ...start, contentLength: 2 }, 'ok');
    case 2:
    case 3:
      return connection.sendResponse(stream, { ...start, contentLength: BIG.length }, BIG);
    case 4:
      connection.sendInterim(stream, 103, FIELDS);
      if (connection.beginResponse(stream, start)) {
        connection.sendData(stream, BIG.subarray(0, 17_000));
        connection.sendData(stream, 'text');
        connection.sendEnd(stream, TRAILERS);
      }
      return;
    case 5:
      connection.refuseContent(stream);
      return connection.sendResponse(stream, { ...start, status: 404 }, BIG.subarray(0, 20_000));
    case 6:
    case 7:
      connection.reset(stream, CANCEL);
      if (wayOf(stream, ways) === 7) connection.release(stream);
      return;
    case 8:
      // Is never answered.
      return;
    case 9:
      connection.sendResponse(stream, { ...start, contentLength: 0 }, null);
      connection.refuseContent(stream);
      return;
    case 10:
      connection.drain();
      return connection.sendResponse(stream, start, 'drains');
    default:
      if (stream.head?.connect === undefined)
        return connection.sendResponse(stream, { ...start, status: 304 }, null);
      connection.acceptTunnel(stream, 200, FIELDS);
      connection.sendData(stream, 'through the tunnel');
  }
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;
const PATH = /^(?:\/[\x21\x24-\x3b\x3d\x40-\x5b\x5d\x5f\x61-\x7a\x7c\x7e]*(?:\?[\x21\x22\x24-\x7e]*)?|\*|)$/;

/** A head that is given out can be passed on over HTTP/1 without becoming another one (RFC 9113 §10.3). */
function checkHead({ method, path, authority, scheme, fields, connect }: Http2RequestHead): void {
  const fault = (what: string) => {
    throw new Broken('a head is well-formed', what);
  };
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method)) fault(`method ${method}`);
  if (!PATH.test(path)) fault(`path ${JSON.stringify(path)}`);
  if ((path === '') !== (connect?.protocol === null)) fault(`path ${JSON.stringify(path)} of ${method}`);
  if (!/^[\x21\x24-\x2e\x30-\x3b\x3d\x41-\x5b\x5d\x5f\x61-\x7a\x7e]+$/.test(authority))
    fault(`authority ${authority}`);
  if (scheme !== undefined && !/^[a-z][a-z0-9+.-]*$/.test(scheme)) fault(`scheme ${scheme}`);
  for (const [i, name] of fields.names.entries()) {
    if (
      !TOKEN.test(name) ||
      /^(connection|keep-alive|proxy-connection|transfer-encoding|upgrade)$/.test(name)
    )
      fault(`field ${name}`);
    if (!VALUE.test(fields.values[i]!)) fault(`value ${JSON.stringify(fields.values[i])}`);
  }
  if (fields.lines('host').length !== 1) fault('not one Host');
}

export class Http2ServerTarget implements FuzzTarget {
  signature = 0;
  outcome = '';
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  examine(input: Buffer): void {
    const random = this.#random;
    const octets = octetsOf(input);
    const limits = random.oneIn(3) ? SMALL_LIMITS : DEFAULT_HTTP2_LIMITS;
    const ways = random.below(12);
    const whole = play([octets], limits, ways);
    this.signature = pathOf(whole);
    this.outcome = /!(\w+)$/.exec(whole.log)?.[1] ?? (whole.connection.isIdle ? 'idle' : 'goes on');
    check(whole, octets, limits);
    compare(whole, inTwo(octets, random), limits, ways);
    if (random.oneIn(16)) compare(whole, everyOctet(new Uint8Array(octets)), limits, ways);
    if (random.oneIn(4)) check(play(inTwo(octets, random), limits, ways, true), octets, limits);
  }

  examineClosely(input: Buffer): number {
    const octets = octetsOf(input);
    let signature = 0;
    for (const limits of [SMALL_LIMITS, DEFAULT_HTTP2_LIMITS]) {
      for (let ways = input.length % 4; ways < 12; ways += 4) {
        const whole = play([octets], limits, ways);
        signature = mix(signature, pathOf(whole));
        check(whole, octets, limits);
        compare(whole, everyOctet(new Uint8Array(octets)), limits, ways);
      }
    }
    return signature;
  }

  failure(input: Buffer): Failure | undefined {
    return failureOf(() => {
      this.examineClosely(input);
      const octets = octetsOf(input);
      const ways = input.length % 12;
      for (const [turn, limits] of [SMALL_LIMITS, DEFAULT_HTTP2_LIMITS].entries()) {
        const whole = play([octets], limits, ways);
        for (let cut = 1 + turn; cut < octets.length; cut += 2) {
          compare(whole, cutAt(octets, cut), limits, ways);
          if (cut % 8 < 2) check(play(cutAt(octets, cut), limits, ways, true), octets, limits);
        }
      }
    });
  }
}

/** What happened, whichever the streams were. */
function pathOf({ log }: Seen): number {
  return mixText(0, log.replace(/\d+/g, ''));
}

function compare(whole: Seen, chunks: readonly Uint8Array[], limits: Http2Limits, ways: number): void {
  const pieces = play(chunks, limits, ways);
  const where = chunks.length === 2 ? `cut at ${chunks[0]!.length}` : `in ${chunks.length} pieces`;
  if (pieces.log !== whole.log) throw new Broken(PIECES, `whole ${whole.log}, ${where} ${pieces.log}`);
  if (pieces.content !== whole.content) throw new Broken(PIECES, `content differs, ${where}`);
  if (Buffer.compare(withoutWindows(pieces.output), withoutWindows(whole.output)) !== 0)
    throw new Broken(PIECES, `output differs, ${where}`);
}

/** How often a window is opened depends on how much content comes at once. */
function withoutWindows(output: Uint8Array): Uint8Array {
  const kept = framesIn(output).filter(({ type }) => type !== WINDOW_UPDATE);
  return join(...kept.map(({ type, flags, stream, payload }) => frame(type, flags, stream, payload)));
}

function check(seen: Seen, octets: Uint8Array, limits: Http2Limits): void {
  checkOutput(seen.output, octets);
  if (seen.mostBuffered > 16_384 + 9)
    throw new Broken('what waits undecoded is bounded', `${seen.mostBuffered} octets`);
  if (seen.connection.running > limits.concurrentStreams)
    throw new Broken(
      'streams at once are bounded',
      `${seen.connection.running} of ${limits.concurrentStreams}`,
    );
}

// A field that is sent for the second time in a process is encoded another way (`hpack/field-forms.ts`): here that must not depend
// on which script comes first.
for (const status of [103, 404, 413, 414, 417, 431]) knownName(':status').learn(String(status));
for (let i = 0; i < 36; i++)
  play([join(get(1), get(3), get(5, '/', ['expect', 'x']))], DEFAULT_HTTP2_LIMITS, i);
