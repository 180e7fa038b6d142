/** One stream, with one request and its response (RFC 9113 §8.1): its state, its windows, and the content that waits. */
import { ContentLengthMismatch } from '../../semantics/content-length.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';
import { type Priority, parsePriority } from '../../semantics/priority.ts';
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import type { Http2RequestHead } from '../head/request-head.ts';
import type { Http2ResponseHead } from '../head/response-head.ts';
import type { ReceiveWindow } from './flow-window.ts';
import { isStreamState, STREAM_TRANSITIONS, type StreamEvent, type StreamState } from './states.ts';

/** The priority without a signal of the client: streams share the connection. RFC 9218 §10 lets the server choose. */
const NO_PRIORITY: Priority = Object.freeze({ urgency: 3, incremental: true });

const NOT_DECLARED = -1;

export class Http2Stream {
  readonly id: number;
  /** The method of the request. */
  readonly method: string;
  state: StreamState = 'idle';
  /** For the caller, to find its own object by the stream. */
  owner: unknown;
  /** The head of the request. */
  head: Http2RequestHead | undefined;
  /** For a client: the head of the final response. */
  response: Http2ResponseHead | undefined;
  interimResponses = 0;
  /** The caller uses the stream, and has not released it yet. */
  isRunning = false;

  // --- received ---
  /** Allocated when the first content arrives. */
  receiveWindow: ReceiveWindow | undefined;
  /** Content that arrives from now on is dropped. */
  discardsContent = false;
  #contentReceived = 0;
  #contentDeclared = NOT_DECLARED;

  // --- sent ---
  /** Bytes of DATA that the peer allows. Negative after a lower SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 §6.9.2). */
  sendWindow: number;
  /** Bytes of content that wait for a window or for their turn. */
  queued = 0;
  /** Bytes of content that have been sent. The number grows while the peer makes progress. */
  sent = 0;
  /** The end of the message, if it waits after the queued content. */
  afterQueue: 'nothing' | 'end' | 'trailers' = 'nothing';
  trailersAfterQueue: FieldLines | undefined;
  /** The stream is in the send queue. */
  isWaiting = false;
  hasSentHead = false;
  /** The connection is drained after this response, because the handler asked for it. */
  closesConnection = false;
  /** The content that waits. Most streams have none. */
  #chunks: Uint8Array[] | undefined;
  #chunkAt = 0;
  #owed = NOT_DECLARED;
  #clientPriority: Priority | undefined;
  #serverPriority: Priority | undefined;

  constructor(id: number, method: string, sendWindow: number) {
    this.id = id;
    this.method = method;
    this.sendWindow = sendWindow;
  }

  /** Whether the peer has sent all of its message. */
  get hasReceivedEnd(): boolean {
    return this.state === 'half-closed (remote)' || this.state === 'closed';
  }

  /** Whether this end has sent all of its message. */
  get hasSentEnd(): boolean {
    return this.state === 'half-closed (local)' || this.state === 'closed';
  }

  get isClosed(): boolean {
    return this.state === 'closed';
  }

  /** Applies an action of the peer. @returns its error, or `undefined`. */
  receive(event: StreamEvent): Http2Error | undefined {
    const outcome = STREAM_TRANSITIONS[this.state][event];
    if (isStreamState(outcome)) this.state = outcome;
    else if (outcome !== 'ignored' && outcome !== 'misuse') return HTTP2_ERRORS[outcome];
    return undefined;
  }

  /**
   * Applies an action of this end.
   *
   * @returns false if the stream is closed: the action is too late.
   * @throws {TypeError} if this end has already ended its message.
   */
  send(event: StreamEvent): boolean {
    const outcome = STREAM_TRANSITIONS[this.state][event];
    if (isStreamState(outcome)) {
      this.state = outcome;
      return true;
    }
    if (outcome === 'ignored') return false;
    throw new TypeError(`Stream ${this.id} is ${this.state}: ${event} is not possible (RFC 9113 §5.1)`);
  }

  // --- content received ---

  /** @param octets the Content-Length of the peer's message, or -1. */
  declareContent(octets: number): void {
    this.#contentDeclared = octets;
  }

  get contentReceived(): number {
    return this.#contentReceived;
  }

  /** Counts content. @returns false if it is longer than its Content-Length (RFC 9113 §8.1.1). */
  receiveContent(octets: number): boolean {
    this.#contentReceived += octets;
    return this.#contentDeclared === NOT_DECLARED || this.#contentReceived <= this.#contentDeclared;
  }

  /** Whether the content has the length of Content-Length, or there is none. */
  get hasAllContent(): boolean {
    return this.#contentDeclared === NOT_DECLARED || this.#contentReceived === this.#contentDeclared;
  }

  // --- content sent ---

  /** @param octets the Content-Length of this end's message, or -1. */
  owe(octets: number): void {
    this.#owed = octets;
  }

  /** Counts content to send. @throws {ContentLengthMismatch} if it is longer than Content-Length. */
  pay(octets: number): void {
    if (this.#owed === NOT_DECLARED) return;
    if (octets > this.#owed) throw new ContentLengthMismatch('The content is longer than its Content-Length');
    this.#owed -= octets;
  }

  /** @throws {ContentLengthMismatch} if the content was shorter than Content-Length. */
  assertPaid(): void {
    if (this.#owed > 0) throw new ContentLengthMismatch('The content is shorter than its Content-Length');
  }

  enqueue(octets: Uint8Array): void {
    this.#chunks ??= [];
    this.#chunks.push(octets);
    this.queued += octets.length;
  }

  /** Takes octets from the queue: a view on the first chunk. @param most octets at most. */
  dequeue(most: number): Uint8Array {
    const chunks = this.#chunks!;
    const chunk = chunks[0]!;
    const end = Math.min(chunk.length, this.#chunkAt + most);
    const piece = chunk.subarray(this.#chunkAt, end);
    this.queued -= piece.length;
    if (end === chunk.length) {
      chunks.shift();
      this.#chunkAt = 0;
    } else {
      this.#chunkAt = end;
    }
    return piece;
  }

  /** Ends the message after the queued content, with these trailers if they are given. */
  endAfterQueue(trailers: FieldLines | undefined): void {
    this.afterQueue = trailers === undefined ? 'end' : 'trailers';
    this.trailersAfterQueue = trailers;
  }

  dropQueue(): void {
    this.#chunks = undefined;
    this.#chunkAt = 0;
    this.queued = 0;
    this.afterQueue = 'nothing';
  }

  // --- priority (RFC 9218) ---

  /** The priority by the client: its last PRIORITY_UPDATE, or its Priority field. `undefined` without both. */
  get clientPriority(): Priority | undefined {
    if (this.#clientPriority === undefined) {
      const value = this.head?.fields.get('priority');
      if (value !== null && value !== undefined) this.#clientPriority = parsePriority(value);
    }
    return this.#clientPriority;
  }

  set clientPriority(priority: Priority) {
    this.#clientPriority = priority;
  }

  /** The priority by the server, if it has set one. */
  set serverPriority(priority: Priority | undefined) {
    this.#serverPriority = priority;
  }

  /** The effective priority. */
  get priority(): Priority {
    return this.#serverPriority ?? this.clientPriority ?? NO_PRIORITY;
  }
}
