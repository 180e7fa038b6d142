/** One stream: one request and its response (RFC 9113 §8.1). What each end may do on it, and how much. */
import { ContentLengthMismatch } from '../../semantics/content-length.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';
import { type Priority, parsePriority } from '../../semantics/priority.ts';
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import type { Http2RequestHead } from '../head/request-head.ts';
import type { Http2ResponseHead } from '../head/response-head.ts';
import type { ReceiveWindow } from './flow-window.ts';
import { isStreamState, STREAM_TRANSITIONS, type StreamEvent, type StreamState } from './states.ts';

/** What a client that has said nothing gets: its turn, each time. RFC 9218 §10 lets the server choose. */
const NO_PRIORITY: Priority = Object.freeze({ urgency: 3, incremental: true });

const NOT_DECLARED = -1;

export class Http2Stream {
  readonly id: number;
  /** Of the request. */
  readonly method: string;
  state: StreamState = 'idle';
  /** Whatever the user of the connection has to find again with each answer of `next`. */
  owner: unknown;
  /** The head of the request. */
  head: Http2RequestHead | undefined;
  /** A client's: the head of the final response. */
  response: Http2ResponseHead | undefined;
  interimResponses = 0;
  /** The user has been told of the stream, and has not released it yet. */
  isRunning = false;

  // --- what comes in ---
  /** Made when the first content comes. */
  receiveWindow: ReceiveWindow | undefined;
  /** Nobody reads the content that is still to come. */
  discardsContent = false;
  #contentReceived = 0;
  #contentDeclared = NOT_DECLARED;

  // --- what goes out ---
  /** Octets of DATA that the peer allows. Negative after a lower SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 §6.9.2). */
  sendWindow: number;
  /** Octets of DATA that wait for a window or for their turn. */
  queued = 0;
  /** Octets of DATA that have been sent. It grows as long as the peer takes something. */
  sent = 0;
  /** What follows the last queued octet: the end, or trailers. */
  afterQueue: 'nothing' | 'end' | 'trailers' = 'nothing';
  trailersAfterQueue: FieldLines | undefined;
  /** It is in the send queue. */
  isWaiting = false;
  hasSentHead = false;
  /** After the response the connection goes away: its handler has said so. */
  closesConnection = false;
  /** Content that waits. Most streams have none. */
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

  /** Goes into the state that follows. @returns what is wrong with what the peer does, or `undefined`. */
  receive(event: StreamEvent): Http2Error | undefined {
    const outcome = STREAM_TRANSITIONS[this.state][event];
    if (isStreamState(outcome)) this.state = outcome;
    else if (outcome !== 'ignored' && outcome !== 'misuse') return HTTP2_ERRORS[outcome];
    return undefined;
  }

  /**
   * Goes into the state that follows.
   *
   * @returns false if the stream is closed: what this end does now is too late.
   * @throws {TypeError} if this end has ended the stream itself.
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

  /** @param octets what Content-Length says, or -1. */
  declareContent(octets: number): void {
    this.#contentDeclared = octets;
  }

  get contentReceived(): number {
    return this.#contentReceived;
  }

  /** Counts content. @returns whether it is within its Content-Length (RFC 9113 §8.1.1). */
  receiveContent(octets: number): boolean {
    this.#contentReceived += octets;
    return this.#contentDeclared === NOT_DECLARED || this.#contentReceived <= this.#contentDeclared;
  }

  /** Whether the content has the length declared, if one was. */
  get hasAllContent(): boolean {
    return this.#contentDeclared === NOT_DECLARED || this.#contentReceived === this.#contentDeclared;
  }

  // --- content sent ---

  /** @param octets Content-Length of the message that this end sends, or -1. */
  owe(octets: number): void {
    this.#owed = octets;
  }

  /** Counts content that is going to be sent. @throws {ContentLengthMismatch} if it is more than was declared. */
  pay(octets: number): void {
    if (this.#owed === NOT_DECLARED) return;
    if (octets > this.#owed) throw new ContentLengthMismatch('The content is longer than its Content-Length');
    this.#owed -= octets;
  }

  /** @throws {ContentLengthMismatch} if there was less content than was declared. */
  assertPaid(): void {
    if (this.#owed > 0) throw new ContentLengthMismatch('The content is shorter than its Content-Length');
  }

  enqueue(octets: Uint8Array): void {
    this.#chunks ??= [];
    this.#chunks.push(octets);
    this.queued += octets.length;
  }

  /** Takes at most so many octets off the queue: a view on the first chunk, which may be shorter. */
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

  /** The stream ends behind what is queued, with these trailers if there are any. */
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

  /** What the client wants: the last PRIORITY_UPDATE, else its Priority field. `undefined` if it has said nothing. */
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

  /** What the server has decided, if it has. */
  set serverPriority(priority: Priority | undefined) {
    this.#serverPriority = priority;
  }

  /** What holds. */
  get priority(): Priority {
    return this.#serverPriority ?? this.clientPriority ?? NO_PRIORITY;
  }
}
