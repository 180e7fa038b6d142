/**
 * An open HTTP/2 connection of a pool, with its socket. It carries many exchanges at once: each has a stream (`http2-wire.ts`),
 * and all frames that one read or one turn of the event loop caused leave in one write.
 *
 * A connection is in use; then it is retired, because of GOAWAY or for its owner: no request begins, and those in progress are
 * finished; then it is closed.
 */
import type { Socket } from 'node:net';
import { Http2ClientConnection } from '../../http2/client-connection.ts';
import { errorCodeName, HTTP_1_1_REQUIRED, NO_ERROR } from '../../http2/error-codes.ts';
import {
  CONTENT,
  CONTENT_END,
  GOAWAY,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  REJECTED,
  RESET,
} from '../../http2/results.ts';
import type { DeadlineSweep, Expiring } from '../../io/deadline.ts';
import { attach, type SocketEvents } from '../../io/driven-socket.ts';
import { FrameOutput } from '../../io/http2/frame-output.ts';
import { nativeRuntime } from '../../io/native-runtime.ts';
import { isShared } from '../../io/shared-reading.ts';
import { type ClientError, clientError, connectionRefused } from '../errors.ts';
import type { ClientExchange } from '../exchange.ts';
import type { ClientSettings } from '../options.ts';
import type { ConnectionFacts } from './connecting.ts';
import { FrameWatch } from './frame-watch.ts';
import { Http2Wire } from './http2-wire.ts';
import type { StreamHost, StreamOwner } from './stream-owner.ts';

/** What a connection needs of its pool. */
export interface Http2Owner {
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  /** More requests may begin than before. */
  onRoom(connection: Http2Connection): void;
  /** No request may begin on it again. */
  onRetired(connection: Http2Connection): void;
  onClosed(connection: Http2Connection): void;
  /** The server wants HTTP/1.1 (RFC 9113 §7). @returns whether later connections offer nothing else. */
  onHttp1Required(): boolean;
  /** The request may be sent again. */
  onRetry(exchange: ClientExchange): void;
}

/** How a server that does not speak HTTP/2 begins. */
const HTTP1_STATUS_LINE = [...'HTTP/1'].map((character) => character.charCodeAt(0));

/** RFC 8441 §3: the client MUST NOT ask a server for a tunnel whose SETTINGS do not allow it. */
export const NO_TUNNELS = clientError('ERR_HTTP_PROTOCOL_ERROR', 'The server allows no tunnels over HTTP/2');

export class Http2Connection implements Expiring, SocketEvents, StreamHost {
  deadline = Infinity;
  /** The windows limit what the server sends, so the socket is always read. */
  readonly isPaused = false;
  readonly connection: Http2ClientConnection;
  readonly isSecure: boolean;
  heardAt = 0;

  readonly #socket: Socket;
  readonly #owner: Http2Owner;
  readonly #facts: ConnectionFacts;
  readonly #output: FrameOutput;
  readonly #owners = new Set<StreamOwner>();
  #watch: FrameWatch | undefined;
  #awaited: 'nothing' | 'idle' | 'send' = 'nothing';
  #isPumping = false;
  #hasReceived = false;
  /** A response has been completed. */
  #hasAnswered = false;
  #isRetired = false;
  #isClosed = false;
  /** The error code of the server's GOAWAY, if it is an error. */
  #goneFor: string | undefined;

  constructor(socket: Socket, facts: ConnectionFacts, owner: Http2Owner) {
    this.#socket = socket;
    this.#facts = facts;
    this.#owner = owner;
    this.isSecure = facts.security !== undefined;
    this.connection = new Http2ClientConnection({
      limits: owner.settings.http2Limits,
      runtime: nativeRuntime,
    });
    this.#output = new FrameOutput(this.connection, socket, (output) => this.#show('sent', output));
    attach(socket, this);
    owner.sweep.add(this);
    // RFC 9113 §3.4: requests may follow the preface at once, in the same write.
    this.flushSoon();
  }

  get settings(): ClientSettings {
    return this.#owner.settings;
  }

  get sweep(): DeadlineSweep {
    return this.#owner.sweep;
  }

  get isBlocked(): boolean {
    return this.#output.outbound.isBlocked;
  }

  /** Whether a request may begin now. */
  get mayBegin(): boolean {
    const isOpen = !this.#isRetired && !this.#isClosed && this.connection.mayRequest;
    return isOpen && this.connection.running < this.settings.limits.maxConcurrentStreams;
  }

  /** Whether it is known if the server carries it: whether it allows tunnels is a setting (RFC 8441 §3). */
  knowsAbout({ request }: ClientExchange): boolean {
    return request.tunnel === undefined || this.connection.hasSettings;
  }

  /** It has carried requests, and has none for now: the server may be closing it. */
  get isResting(): boolean {
    return this.#hasAnswered && this.#owners.size === 0;
  }

  // --- requests ---

  /** Begins an exchange, which `mayBegin` allows. A tunnel that the server does not allow fails with {@link NO_TUNNELS}. */
  begin(exchange: ClientExchange): void {
    const { observer, tunnel } = exchange.request;
    if (tunnel !== undefined && !this.connection.allowsConnectProtocol) return exchange.fail(NO_TUNNELS);
    observer?.onConnection?.({ ...this.#facts, isReused: this.connection.requestCount > 0 });
    // An observer may have aborted it.
    if (exchange.isOver) return;
    if (observer?.onFrame !== undefined && !this.connection.isInFrame) this.#watch ??= new FrameWatch();
    const wire = new Http2Wire(this, exchange, this.#hasAnswered);
    this.#owners.add(wire);
    this.#socket.ref();
    wire.begin();
    this.flushSoon();
  }

  onHandOver(from: StreamOwner, to: StreamOwner): void {
    this.#owners.delete(from);
    this.#owners.add(to);
  }

  onStreamEnd(owner: StreamOwner): void {
    this.#owners.delete(owner);
    // The output, and the deadline of an idle connection.
    this.flushSoon();
  }

  onRetry(exchange: ClientExchange): void {
    this.#owner.onRetry(exchange);
  }

  // --- what comes in ---

  onOctets(octets: Uint8Array): void {
    if (this.#isClosed) return;
    if (!this.#hasReceived && HTTP1_STATUS_LINE.every((octet, i) => octet === octets[i]))
      return this.#fail(
        clientError('ERR_HTTP_PROTOCOL_ERROR', 'The server speaks HTTP/1, and not HTTP/2 (RFC 9113 §3.3)'),
      );
    this.#hasReceived = true;
    this.heardAt = this.sweep.now;
    this.#show('received', octets);
    this.connection.receive(octets, this.sweep.now);
    this.#pump();
    if (this.connection.buffered > 0 && isShared(octets)) this.connection.keep();
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (!this.#isClosed && this.#step(this.connection.next())) {}
      this.#write();
    } finally {
      this.#isPumping = false;
    }
    this.#regulate();
  }

  /** @returns whether there may be more to decode. */
  #step(result: number): boolean {
    const { connection } = this;
    const owner = connection.stream?.owner as StreamOwner | undefined;
    switch (result) {
      case INTERIM:
        owner?.onInterim(connection.response!);
        return true;
      case MESSAGE_HEAD:
        this.#hasAnswered = true;
        owner?.onHead(connection.response!);
        return true;
      case CONTENT:
        owner?.onContent(connection.content);
        return true;
      case CONTENT_END:
        owner?.onContentEnd(connection.trailers);
        return true;
      case RESET:
        owner?.onReset(connection.code, connection.error);
        return true;
      case GOAWAY:
        this.#onGoAway();
        return true;
      case REJECTED:
        this.#fail(connectionRefused(connection.error!));
        return false;
      default:
        return result !== NEED_OCTETS;
    }
  }

  /** RFC 9113 §6.8: the server processes no streams but those up to the last one that it names. */
  #onGoAway(): void {
    const { code, unprocessed } = this.connection;
    if (code === HTTP_1_1_REQUIRED) this.#owner.onHttp1Required();
    if (code !== NO_ERROR) this.#goneFor = errorCodeName(code);
    this.#retire();
    const error = this.#lost('The server has not processed the request');
    for (const { owner } of unprocessed)
      (owner as StreamOwner | undefined)?.onLost(error, { isUnprocessed: true });
  }

  // --- what goes out ---

  flush(): void {
    if (this.#isClosed || this.#isPumping) return;
    this.#isPumping = true;
    try {
      this.#write();
    } finally {
      this.#isPumping = false;
    }
    this.#regulate();
  }

  flushSoon(): void {
    this.#output.outbound.flushSoon(this);
  }

  #write(): void {
    this.#output.write();
    if (this.isBlocked) for (const owner of this.#owners) owner.onDrained();
  }

  onDrain(): void {
    this.#output.outbound.onDrain();
    this.flush();
    for (const owner of this.#owners) owner.onDrained();
  }

  #show(direction: 'sent' | 'received', octets: Uint8Array): void {
    if (this.#watch === undefined) return;
    for (const frame of this.#watch.framesOf(direction, octets))
      for (const { observer } of this.#owners) observer?.onFrame?.(frame);
  }

  // --- time ---

  /** Sets the deadline, gives the room to waiting requests, and closes a retired connection that has finished. */
  #regulate(): void {
    if (this.#isClosed) return;
    if (this.mayBegin) this.#owner.onRoom(this);
    else if (this.connection.isClosing) this.#retire();
    if (this.#isRetired && this.#owners.size === 0) return this.#end();
    const awaited = this.isBlocked ? 'send' : this.#owners.size === 0 ? 'idle' : 'nothing';
    if (awaited === this.#awaited) return;
    if (awaited === 'idle') this.#socket.unref();
    this.#await(awaited);
  }

  #await(awaited: 'nothing' | 'idle' | 'send'): void {
    this.#awaited = awaited;
    const { timeouts } = this.settings;
    this.deadline = awaited === 'nothing' ? Infinity : this.sweep.after(timeouts[awaited]);
    if (awaited === 'send') this.#output.outbound.hasProgressed();
  }

  onDeadline(): void {
    this.deadline = Infinity;
    if (this.#awaited === 'idle') return this.retire();
    // Slow is not dead: as long as the server takes something, it has time.
    if (this.#output.outbound.hasProgressed()) return this.#await('send');
    this.#fail(clientError('ERR_HTTP_TIMEOUT', 'The server did not take the request in time'));
  }

  onHttp1Required(): boolean {
    if (!this.#owner.onHttp1Required()) return false;
    this.retire();
    return true;
  }

  onSilence(): void {
    this.retire();
  }

  // --- the end ---

  /** Begins no more requests, says so to the server (RFC 9113 §6.8), and closes when those in progress are finished. */
  retire(): void {
    if (this.#isClosed) return;
    this.#retire();
    this.flushSoon();
  }

  #retire(): void {
    if (this.#isRetired) return;
    this.#isRetired = true;
    this.connection.goAway();
    this.#owner.onRetired(this);
  }

  /** Ends every exchange with this error, says why to the server, and closes. */
  #fail(error: ClientError): void {
    for (const owner of [...this.#owners]) owner.onLost(error, { wasAnswered: true });
    this.#end();
  }

  #lost(what: string, cause?: Error): ClientError {
    const code = this.#goneFor === undefined ? '' : `: GOAWAY with ${this.#goneFor} (RFC 9113 §6.8)`;
    const reason = cause === undefined ? '' : `: ${cause.message}`;
    return clientError('ERR_HTTP_CONNECTION_RESET', what + reason + code, cause);
  }

  onPeerEnd(): void {
    this.#onLost(this.#lost('The server closed the connection before the response was complete'));
  }

  onError(cause: Error): void {
    this.#onLost(this.#lost('The connection was lost', cause));
  }

  onClose(): void {
    this.#onLost(this.#lost('The connection was lost'));
  }

  #onLost(error: ClientError): void {
    if (this.#isClosed) return;
    this.#close();
    // An error by which the server ended the connection was about a request: it is not repeated.
    const wasAnswered = this.#goneFor !== undefined;
    for (const owner of [...this.#owners]) owner.onLost(error, { wasAnswered });
    this.#socket.destroy();
    this.#owner.onClosed(this);
  }

  /** Ends the connection, and with it its exchanges. */
  abort(error: unknown): void {
    for (const owner of [...this.#owners]) owner.abort(error);
    this.#end();
  }

  /** Sends what is left to say, and closes. */
  #end(): void {
    if (this.#isClosed) return;
    this.#retire();
    if (!this.isBlocked) this.#output.writeOnce();
    this.#close();
    if (this.isBlocked) this.#socket.destroy();
    else this.#socket.destroySoon();
    this.#owner.onClosed(this);
  }

  #close(): void {
    this.#isClosed = true;
    this.deadline = Infinity;
    this.sweep.delete(this);
    this.#output.outbound.onDrain();
  }
}
