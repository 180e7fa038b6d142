/**
 * The server's end of an HTTP/2 connection, without a socket: it decodes requests from the octets received, and encodes responses
 * (RFC 9113).
 *
 * The caller has one loop: pass octets to `receive`, call `next` until it returns NEED_OCTETS, write `output`, and resume the
 * responses on the streams of `nextDrained`. `examples/replay-http2.ts` is the smallest such caller.
 */
import type { Rejection } from '../octets/rejection.ts';
import type { Runtime } from '../octets/runtime.ts';
import { responseMayHaveContent } from '../semantics/content-length.ts';
import { FieldLines } from '../semantics/field-lines.ts';
import { parsePriority } from '../semantics/priority.ts';
import { Http2Connection } from './connection.ts';
import { Drain } from './drain.ts';
import { NO_ERROR } from './error-codes.ts';
import { compressionError, HTTP2_ERRORS, Http2Error } from './errors.ts';
import { END_STREAM } from './frame/frame-types.ts';
import * as settings from './frame/settings.ts';
import { HeadCache } from './head/head-cache.ts';
import { type Http2RequestHead, readRequestHead } from './head/request-head.ts';
import { ResponseBlocks } from './head/response-blocks.ts';
import { readTrailerSection } from './head/trailer-section.ts';
import type { Http2Limits } from './limits.ts';
import { HTTP2_REJECTIONS } from './rejections.ts';
import { GOAWAY, MESSAGE_HEAD, NOTHING, PRIORITY, REFUSED, REJECTED } from './results.ts';
import { PriorityUpdates } from './stream/priority-updates.ts';
import { Http2Stream } from './stream/stream.ts';
import { ENDED, FORGOTTEN, RESET_HERE } from './stream/streams.ts';

export interface Http2ServerOptions {
  readonly limits?: Http2Limits;
  readonly runtime?: Runtime;
  /** Whether clients may use extended CONNECT (RFC 8441). */
  readonly allowsConnectProtocol?: boolean;
}

/** The head of a final response, before it is framed. */
export interface Http2ResponseStart {
  readonly status: number;
  readonly fields: FieldLines;
  /** Length of the content in bytes, or -1 if it is not known before the content ends. For HEAD and 304: that of a GET. */
  readonly contentLength: number;
  /** `Date: …` CRLF, for a response that has no Date of its own (RFC 9110 §6.6.1); or empty. */
  readonly dateLine: string;
}

/** Characters of a PRIORITY_UPDATE that are parsed. */
const MOST_PRIORITY = 256;

export class Http2ServerConnection extends Http2Connection {
  /** After REFUSED: the reason. */
  rejection: Rejection | undefined;
  /** Requests whose head was complete, over the life of the connection. */
  requestCount = 0;

  protected readonly pushFault = HTTP2_ERRORS.PushByClient;
  readonly #allowsConnectProtocol: boolean;
  readonly #heads = new HeadCache();
  readonly #responseBlocks: ResponseBlocks;
  readonly #updates: PriorityUpdates;
  readonly #drain: Drain;

  constructor({ limits, runtime, allowsConnectProtocol = false }: Http2ServerOptions = {}) {
    super('server', limits, runtime);
    this.#allowsConnectProtocol = allowsConnectProtocol;
    this.#responseBlocks = new ResponseBlocks(this.sender.encoder);
    this.#updates = new PriorityUpdates(this.limits.concurrentStreams);
    this.#drain = new Drain(this.sender.out);
    this.sendSettings([
      [settings.SETTINGS_MAX_CONCURRENT_STREAMS, this.limits.concurrentStreams],
      [settings.SETTINGS_INITIAL_WINDOW_SIZE, this.limits.streamWindow],
      [settings.SETTINGS_MAX_HEADER_LIST_SIZE, this.limits.fieldSection],
      [settings.SETTINGS_ENABLE_CONNECT_PROTOCOL, Number(allowsConnectProtocol)],
      [settings.SETTINGS_NO_RFC7540_PRIORITIES, 1],
    ]);
  }

  // --- requests ---

  protected headersFault(id: number): Http2Error | undefined {
    if (id > this.streams.last && (id & 1) === 1) return undefined;
    if ((id & 1) === 0) return HTTP2_ERRORS.StreamIdentifierEven;
    if (this.streams.get(id) !== undefined) return undefined;
    const how = this.streams.howClosed(id);
    if (how === FORGOTTEN) return HTTP2_ERRORS.StreamIdentifierReused;
    return how === ENDED ? HTTP2_ERRORS.HeadersOnClosedStream : undefined;
  }

  protected onBlock(id: number, endsStream: boolean, octets: Uint8Array, start: number, end: number): number {
    const { hpack, streams, limits } = this;
    const stream = streams.get(id);
    const isNew = id > streams.last;
    const { tableVersion } = hpack;
    if (isNew) {
      const known = this.#heads.find(octets, start, end, tableVersion, endsStream);
      if (known !== undefined) return this.#refusal(id) ?? this.#begin(id, known, endsStream);
    }
    const most = stream === undefined ? limits.fieldSection : limits.trailerSection;
    if (!hpack.decode(octets, start, end, most)) return this.fail(compressionError(hpack.error));
    if (stream !== undefined) return this.#onTrailers(stream, endsStream);
    // The stream was reset. The block was decoded only for the dynamic table. `fault` sends no second RST_STREAM.
    if (!isNew) return this.fault(HTTP2_ERRORS.FrameOnClosedStream, id);
    const refusal = this.#refusal(id);
    if (refusal !== undefined) return refusal;
    if (hpack.listSize > limits.fieldSection) return this.#refuseUnread(id, endsStream);
    const facts = { limits, allowsConnectProtocol: this.#allowsConnectProtocol, endsStream };
    const head = readRequestHead(hpack.fields, facts);
    if (head instanceof Http2Error) return this.#refuseStream(id, head);
    if (hpack.tableVersion === tableVersion)
      this.#heads.keep(head, octets, start, end, tableVersion, endsStream);
    return this.#begin(id, head, endsStream);
  }

  /** @returns the result of `next` if no request may begin on this stream; `undefined` if one may. */
  #refusal(id: number): number | undefined {
    const { streams } = this;
    streams.last = id;
    if (this.#drain.isFinal) {
      streams.remember(id, RESET_HERE);
      return NOTHING;
    }
    if (this.dependsOnItself) return this.#refuseStream(id, HTTP2_ERRORS.SelfDependency);
    if (streams.running >= this.limits.concurrentStreams)
      return this.#refuseStream(id, HTTP2_ERRORS.TooManyStreams);
    return undefined;
  }

  /** `next` does not return the request, but the caller learns that there was one. */
  #refuseStream(id: number, error: Http2Error): number {
    return this.fault(error, id) === REJECTED ? REJECTED : this.answerReset(undefined, error.code, error);
  }

  #begin(id: number, head: Http2RequestHead, endsStream: boolean): number {
    const stream = this.#open(id, head.method, endsStream);
    stream.head = head;
    stream.declareContent(head.contentLength);
    if (head.rejection === undefined) return MESSAGE_HEAD;
    return this.#refuse(stream, head.rejection);
  }

  /** Refuses a request whose fields are too large: not all of them were decoded. */
  #refuseUnread(id: number, endsStream: boolean): number {
    const method = this.hpack.fields.find(({ name }) => name === ':method')?.value ?? '';
    return this.#refuse(this.#open(id, method, endsStream), HTTP2_REJECTIONS.FieldSectionTooLarge);
  }

  #open(id: number, method: string, endsStream: boolean): Http2Stream {
    const stream = new Http2Stream(id, method, this.control.peer.initialWindow);
    stream.receive('receiveHeaders');
    if (endsStream) stream.receive('receiveEnd');
    const priority = this.#updates.take(id);
    if (priority !== undefined) stream.clientPriority = priority;
    this.streams.add(stream);
    this.streams.begin(stream);
    this.guard.onRequest();
    this.requestCount++;
    this.stream = stream;
    return stream;
  }

  #refuse(stream: Http2Stream, rejection: Rejection): number {
    stream.discardsContent = true;
    this.inflow.abandon(stream);
    this.stream = stream;
    this.rejection = rejection;
    return REFUSED;
  }

  #onTrailers(stream: Http2Stream, endsStream: boolean): number {
    const { hpack, limits } = this;
    const error = stream.receive('receiveHeaders');
    if (error !== undefined) return this.fault(error, stream.id);
    if (this.dependsOnItself) return this.fault(HTTP2_ERRORS.SelfDependency, stream.id);
    // RFC 9113 §8.5: only DATA and frames that manage the stream are allowed.
    if (stream.head?.connect !== undefined) return this.fault(HTTP2_ERRORS.HeadersInTunnel, stream.id);
    if (!endsStream) return this.fault(HTTP2_ERRORS.TrailersWithoutEnd, stream.id);
    if (hpack.listSize > limits.trailerSection) {
      stream.receive('receiveEnd');
      if (stream.isClosed) this.close(stream, ENDED);
      return stream.discardsContent ? NOTHING : this.#refuse(stream, HTTP2_REJECTIONS.TrailerSectionTooLarge);
    }
    const trailers = readTrailerSection(hpack.fields);
    if (trailers instanceof Http2Error) return this.fault(trailers, stream.id);
    return this.endContent(stream, trailers);
  }

  protected onContent(stream: Http2Stream): number {
    const { content } = this.limits;
    if (content === 0 || stream.contentReceived <= content || stream.discardsContent) return NOTHING;
    // The octets of a tunnel have no limit.
    return stream.head?.connect === undefined
      ? this.#refuse(stream, HTTP2_REJECTIONS.ContentTooLarge)
      : NOTHING;
  }

  protected onPriorityUpdate(id: number, octets: Uint8Array, start: number, end: number): number {
    const tooMany = this.guard.note('priorityUpdates');
    if (tooMany !== undefined) return this.fail(tooMany);
    // Streams with even identifiers would be pushed, and the server does not push (RFC 9218 §7.1).
    if ((id & 1) === 0) return this.fail(HTTP2_ERRORS.PriorityUpdateStream);
    const priority = parsePriority(this.runtime.latin1(octets, start, Math.min(end, start + MOST_PRIORITY)));
    const stream = this.streams.get(id);
    if (stream === undefined) {
      if (this.streams.isIdle(id)) this.#updates.keep(id, priority);
      return NOTHING;
    }
    this.sender.reprioritize(stream, () => {
      stream.clientPriority = priority;
    });
    this.stream = stream;
    return PRIORITY;
  }

  get lastPeerStream(): number {
    return this.streams.last;
  }

  protected onGoAway(): number {
    return GOAWAY;
  }

  protected onPingAck(octets: Uint8Array, start: number): void {
    if (this.#drain.isAnswered(octets, start)) this.finishDrain();
  }

  // --- responses ---

  /** Sends an interim response (RFC 9110 §15.2). HTTP/2 has no 101 (RFC 9113 §8.6). */
  sendInterim(stream: Http2Stream, status: number, fields: FieldLines | undefined): void {
    if (status === 101) throw new TypeError('HTTP/2 has no 101 (Switching Protocols) (RFC 9113 §8.6)');
    if (stream.send('sendHeaders')) this.#sendHead(stream, status, fields ?? NO_LINES, -1, '', false);
  }

  /**
   * Sends the head of the final response.
   *
   * @returns whether content may follow. False for HEAD, 204, 205 and 304, for a length of 0, and if the stream is closed.
   */
  beginResponse(stream: Http2Stream, start: Http2ResponseStart): boolean {
    const { status, fields, contentLength } = start;
    if (!stream.send('sendHeaders')) return false;
    if (fields.closes) stream.closesConnection = true;
    const mayHaveContent = responseMayHaveContent(stream.method, status) && status !== 205;
    const ends = !mayHaveContent || contentLength === 0;
    const length = mayHaveContent
      ? contentLength
      : lengthWithoutContent(stream.method, status, contentLength);
    if (!ends) stream.owe(contentLength);
    this.#sendHead(stream, status, fields, length, start.dateLine, ends);
    return !ends;
  }

  /** Sends a whole response: HEADERS, and one DATA if the windows allow. @param content each character of text is one octet. */
  sendResponse(stream: Http2Stream, start: Http2ResponseStart, content: Uint8Array | string | null): void {
    if (this.beginResponse(stream, start)) this.sendData(stream, content ?? '', true);
  }

  /** Accepts a CONNECT. From now on, the content of both sides is the octets of the tunnel (RFC 9113 §8.5, RFC 8441 §5). */
  acceptTunnel(stream: Http2Stream, status: number, fields: FieldLines, dateLine = ''): void {
    if (stream.send('sendHeaders')) this.#sendHead(stream, status, fields, -1, dateLine, false);
  }

  /**
   * Refuses a request: sends a whole response, unless one has begun, and drops the rest of the request.
   *
   * @param fields what every response of the server has; more are added.
   */
  refuse(stream: Http2Stream, rejection: Rejection, dateLine = '', fields = new FieldLines()): void {
    if (!stream.hasSentHead) {
      fields.add('Content-Type', 'text/plain');
      const content = `${rejection.sentence} (${rejection.section.replace('§', 'section ')})\n`;
      const { status } = rejection;
      this.sendResponse(stream, { status, fields, contentLength: content.length, dateLine }, content);
    }
    this.refuseContent(stream);
  }

  #sendHead(
    stream: Http2Stream,
    status: number,
    fields: FieldLines,
    contentLength: number,
    dateLine: string,
    ends: boolean,
  ): void {
    const { sender } = this;
    const start = sender.beginBlock();
    this.#responseBlocks.write(sender.out, status, fields, contentLength, dateLine);
    sender.endBlock(start, stream, ends ? END_STREAM : 0);
    if (status >= 200) stream.hasSentHead = true;
    if (ends) this.onSentEnd(stream);
  }

  override onSentEnd(stream: Http2Stream): void {
    super.onSentEnd(stream);
    if (stream.closesConnection) this.drain();
  }

  // --- the end ---

  /** Announces the end of the connection. Requests that arrive before the client knows are still served (RFC 9113 §6.8). */
  drain(): void {
    if (!this.hasFailed) this.#drain.begin();
  }

  /** Ignores all later requests. The engine calls this when the client has acknowledged `drain`. */
  finishDrain(code: number = NO_ERROR): void {
    if (!this.hasFailed) this.#drain.finish(this.streams.last, code);
  }

  /** The end of the connection was announced. */
  get isDraining(): boolean {
    return this.#drain.hasBegun;
  }

  /** All requests have been served. The connection can be closed when the output has been written. */
  get isDone(): boolean {
    return this.hasFailed || (this.#drain.isFinal && this.isIdle);
  }
}

const NO_LINES = new FieldLines();

/** HEAD and 304 may have the Content-Length of a GET (RFC 9110 §8.6). 205 has 0. Other responses without content have none. */
function lengthWithoutContent(method: string, status: number, contentLength: number): number {
  if (status === 205) return 0;
  const tellsLength = method === 'HEAD' ? status !== 204 && status >= 200 : status === 304;
  return tellsLength ? contentLength : -1;
}
