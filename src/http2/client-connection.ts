/**
 * The client's end of an HTTP/2 connection, without a socket: it encodes requests, and decodes their responses from the octets
 * received (RFC 9113). Requests are multiplexed: each has its own stream, and the server limits their number.
 */
import type { Runtime } from '../octets/runtime.ts';
import { responseMayHaveContent } from '../semantics/content-length.ts';
import type { FieldLines } from '../semantics/field-lines.ts';
import { Http2Connection } from './connection.ts';
import { NO_ERROR } from './error-codes.ts';
import { compressionError, HTTP2_ERRORS, Http2Error } from './errors.ts';
import { END_STREAM, PREFACE } from './frame/frame-types.ts';
import { writeGoAway, writePing, writePriorityUpdate } from './frame/frame-writer.ts';
import * as settings from './frame/settings.ts';
import { type Http2ResponseHead, readResponseHead } from './head/response-head.ts';
import { readTrailerSection } from './head/trailer-section.ts';
import { DEFAULT_HTTP2_CLIENT_LIMITS, type Http2Limits, MOST_INTERIM_RESPONSES } from './limits.ts';
import { GOAWAY, INTERIM, MESSAGE_HEAD, NOTHING } from './results.ts';
import { Http2Stream } from './stream/stream.ts';
import { ENDED, RESET_THERE } from './stream/streams.ts';

export interface Http2ClientOptions {
  readonly limits?: Http2Limits;
  readonly runtime?: Runtime;
}

/** A request before it is framed. */
export interface Http2RequestStart {
  readonly method: string;
  /** `http` or `https`; not sent for a plain CONNECT. */
  readonly scheme: string;
  /** Host and optional port; for a plain CONNECT both (RFC 9113 §8.5). */
  readonly authority: string;
  /** Path and query; not sent for a plain CONNECT. */
  readonly path: string;
  /** Without Host, Content-Length, TE and Expect. */
  readonly fields: FieldLines;
  /** Length of the content in bytes, -1 if it is not known before the content ends, `undefined` without content. */
  readonly contentLength: number | undefined;
  /** The protocol of an extended CONNECT (RFC 8441 §4). */
  readonly protocol?: string;
  /** The client understands trailers (RFC 9110 §10.1.4). */
  readonly acceptsTrailers?: boolean;
  /** The client waits for 100 (Continue) before it sends content (RFC 9110 §10.1.1). */
  readonly expectsContinue?: boolean;
}

/** Concurrent streams until the SETTINGS of the server arrive. RFC 9113 §6.5.2 recommends that servers allow at least 100. */
const FIRST_STREAMS = 100;
const LAST_STREAM = 0x7fff_ffff;
/** Without content, requests with these methods have a Content-Length of 0 (RFC 9110 §8.6). */
const METHODS_WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH']);
const PING_OCTETS = new Uint8Array(8);

export class Http2ClientConnection extends Http2Connection {
  /** After INTERIM or MESSAGE_HEAD: the head. */
  response: Http2ResponseHead | undefined;
  /** After GOAWAY: requests that the server has not processed. They can be sent again on another connection (RFC 9113 §8.7). */
  unprocessed: readonly Http2Stream[] = [];
  /** Requests that have begun, over the life of the connection. */
  requestCount = 0;
  /** How many PING frames of this end the server has acknowledged. */
  pingsAnswered = 0;

  protected readonly pushFault = HTTP2_ERRORS.PushNotAllowed;
  /** A server opens no streams, because push is disabled. */
  protected readonly lastPeerStream = 0;
  #isGoingAway = false;

  constructor({ limits = DEFAULT_HTTP2_CLIENT_LIMITS, runtime }: Http2ClientOptions = {}) {
    super('client', limits, runtime);
    this.sender.out.piece(PREFACE);
    this.sendSettings([
      [settings.SETTINGS_ENABLE_PUSH, 0],
      [settings.SETTINGS_INITIAL_WINDOW_SIZE, this.limits.streamWindow],
      [settings.SETTINGS_MAX_HEADER_LIST_SIZE, this.limits.fieldSection],
      [settings.SETTINGS_NO_RFC7540_PRIORITIES, 1],
    ]);
  }

  // --- requests ---

  /** Whether a request may begin now. */
  get mayRequest(): boolean {
    return !this.isClosing && this.streams.running < this.mostRequests;
  }

  /** No request may begin on this connection again. */
  get isClosing(): boolean {
    return this.hasFailed || this.#isGoingAway || this.streams.last >= LAST_STREAM;
  }

  /** The number of concurrent requests that the server allows. */
  get mostRequests(): number {
    const { peer } = this.control;
    return peer.count === 0 ? FIRST_STREAMS : peer.maxConcurrentStreams;
  }

  /** Whether the SETTINGS of the server have arrived. */
  get hasSettings(): boolean {
    return this.control.peer.count > 0;
  }

  /** Whether the server allows extended CONNECT (RFC 8441 §3). Known when its SETTINGS have arrived. */
  get allowsConnectProtocol(): boolean {
    return this.control.peer.enableConnectProtocol;
  }

  /**
   * Sends the head of a request.
   *
   * @returns its stream. Content may follow, except when `contentLength` is `undefined` or 0.
   * @throws {TypeError} if no request may begin.
   */
  request(start: Http2RequestStart): Http2Stream {
    if (!this.mayRequest) throw new TypeError('The connection is not free for a request');
    const { method, contentLength } = start;
    const { streams, control } = this;
    const stream = new Http2Stream(
      streams.last === 0 ? 1 : streams.last + 2,
      method,
      control.peer.initialWindow,
    );
    streams.last = stream.id;
    streams.add(stream);
    streams.begin(stream);
    this.requestCount++;
    this.guard.onRequestSent();
    stream.send('sendHeaders');
    const ends = method !== 'CONNECT' && (contentLength === undefined || contentLength === 0);
    if (!ends && contentLength !== undefined) stream.owe(contentLength);
    const blockStart = this.sender.beginBlock();
    this.#writeHead(start);
    this.sender.endBlock(blockStart, stream, ends ? END_STREAM : 0);
    stream.hasSentHead = true;
    if (ends) this.onSentEnd(stream);
    return stream;
  }

  #writeHead({ method, scheme, authority, path, fields, protocol, ...start }: Http2RequestStart): void {
    const { out, encoder } = this.sender;
    const field = (name: string, value: string) => encoder.field(out, name, value);
    encoder.begin(out);
    field(':method', method);
    if (method !== 'CONNECT' || protocol !== undefined) field(':scheme', scheme);
    field(':authority', authority);
    if (method !== 'CONNECT' || protocol !== undefined) field(':path', path);
    if (protocol !== undefined) field(':protocol', protocol);
    const { names, values } = fields.section;
    for (let i = 0; i < names.length; i++) field(names[i]!, values[i]!);
    if (start.acceptsTrailers === true) field('te', 'trailers');
    if (start.expectsContinue === true) field('expect', '100-continue');
    const length = start.contentLength ?? (METHODS_WITH_CONTENT.has(method) ? 0 : -1);
    if (length >= 0) field('content-length', String(length));
  }

  /** Changes the priority of a request (RFC 9218 §7.1). @param priority a Priority field value. */
  sendPriority(stream: Http2Stream, priority: string): void {
    if (!stream.isClosed) writePriorityUpdate(this.sender.out, stream.id, priority);
  }

  /** Sends PING. Its acknowledgement increments `pingsAnswered` (RFC 9113 §6.7). */
  ping(): void {
    writePing(this.sender.out, 0, PING_OCTETS, 0);
  }

  /** Sends GOAWAY: no request follows (RFC 9113 §6.8). */
  goAway(): void {
    if (this.#isGoingAway || this.hasFailed) return;
    this.#isGoingAway = true;
    writeGoAway(this.sender.out, 0, NO_ERROR, '');
  }

  // --- responses ---

  protected headersFault(id: number): Http2Error | undefined {
    const { streams } = this;
    if (streams.get(id) !== undefined) return undefined;
    if (streams.isIdle(id)) return HTTP2_ERRORS.FrameOnIdleStream;
    return streams.howClosed(id) === ENDED ? HTTP2_ERRORS.HeadersOnClosedStream : undefined;
  }

  protected onBlock(id: number, endsStream: boolean, octets: Uint8Array, start: number, end: number): number {
    const { hpack, limits } = this;
    const stream = this.streams.get(id);
    const isTrailers = stream?.response !== undefined;
    const most = isTrailers ? limits.trailerSection : limits.fieldSection;
    if (!hpack.decode(octets, start, end, most)) return this.fail(compressionError(hpack.error));
    // The stream was reset. The block was decoded only for the dynamic table.
    if (stream === undefined) return NOTHING;
    const error = stream.receive('receiveHeaders');
    if (error !== undefined) return this.fault(error, id);
    if (hpack.listSize > most) return this.fault(HTTP2_ERRORS.FieldSectionTooLarge, id);
    return isTrailers ? this.#onTrailers(stream, endsStream) : this.#onHead(stream, endsStream);
  }

  #onHead(stream: Http2Stream, endsStream: boolean): number {
    const head = readResponseHead(this.hpack.fields, endsStream);
    if (head instanceof Http2Error) return this.fault(head, stream.id);
    if (head.fields.names.length > this.limits.fieldLines)
      return this.fault(HTTP2_ERRORS.FieldSectionTooLarge, stream.id);
    this.stream = stream;
    this.response = head;
    if (head.isInterim) {
      const isTooMany = ++stream.interimResponses > MOST_INTERIM_RESPONSES;
      return isTooMany ? this.fault(HTTP2_ERRORS.TooManyInterim, stream.id) : INTERIM;
    }
    stream.response = head;
    const { method } = stream;
    const isTunnel = method === 'CONNECT' && head.status < 300;
    // RFC 9113 §8.1.1: a response without content may have the Content-Length of a GET. A tunnel has none.
    if (!isTunnel)
      stream.declareContent(responseMayHaveContent(method, head.status) ? head.contentLength : 0);
    if (endsStream) {
      if (!stream.hasAllContent) return this.fault(HTTP2_ERRORS.ContentLengthMismatch, stream.id);
      stream.receive('receiveEnd');
      if (stream.isClosed) this.close(stream, ENDED);
    }
    return MESSAGE_HEAD;
  }

  #onTrailers(stream: Http2Stream, endsStream: boolean): number {
    if (!endsStream) return this.fault(HTTP2_ERRORS.TrailersWithoutEnd, stream.id);
    const trailers = readTrailerSection(this.hpack.fields);
    if (trailers instanceof Http2Error) return this.fault(trailers, stream.id);
    return this.endContent(stream, trailers);
  }

  protected onContent(stream: Http2Stream): number {
    if (stream.response === undefined) return this.fault(HTTP2_ERRORS.DataBeforeHeaders, stream.id);
    return NOTHING;
  }

  /** RFC 9113 §6.8: streams with greater identifiers than the one in GOAWAY were not processed. */
  protected onGoAway(): number {
    this.#isGoingAway = true;
    const unprocessed = [...this.streams.all()].filter(({ id }) => id > this.lastAccepted);
    for (const stream of unprocessed) {
      stream.receive('receiveReset');
      this.close(stream, RESET_THERE);
    }
    this.unprocessed = unprocessed;
    return GOAWAY;
  }

  protected onPriorityUpdate(): number {
    return this.fail(HTTP2_ERRORS.PriorityUpdateByServer);
  }

  protected onPingAck(): void {
    this.pingsAnswered++;
  }

  /** Frames on a forgotten stream are ignored, too: this end may have reset it. */
  protected override isIgnored(id: number): boolean {
    const how = this.streams.howClosed(id);
    return how !== ENDED && how !== RESET_THERE;
  }
}
