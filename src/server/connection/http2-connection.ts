/**
 * An HTTP/2 connection with its socket: octets go to `http2/server-connection.ts`, each request head to `service.begin` with a
 * wire of its own, and all frames that one read caused leave in one write.
 *
 * A connection is open; then it is closing (`lingering-close.ts`); then closed. Draining is GOAWAY in two steps (RFC 9113 §6.8).
 */
import type { Socket } from 'node:net';
import { connectionLost, connectionReset, protocolError, timedOut } from '../../fetch/errors.ts';
import { HTTP2_REJECTIONS } from '../../http2/rejections.ts';
import {
  CONTENT,
  CONTENT_END,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PRIORITY,
  REFUSED,
  REJECTED,
  RESET,
} from '../../http2/results.ts';
import { Http2ServerConnection } from '../../http2/server-connection.ts';
import type { Expiring } from '../../io/deadline.ts';
import { attach, keepAlive, pause, resume, type SocketEvents } from '../../io/driven-socket.ts';
import { FrameOutput } from '../../io/http2/frame-output.ts';
import { LingeringClose } from '../../io/lingering-close.ts';
import { nativeRuntime } from '../../io/native-runtime.ts';
import { isShared } from '../../io/shared-reading.ts';
import type { SocketAddresses } from '../../io/socket-address.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { connectionClose, publishRejection } from '../diagnostics.ts';
import type { WireSecurity } from '../exchange/wire.ts';
import type { ConnectionObserver, Ending } from '../observer.ts';
import type { LiveConnection, Service } from '../service.ts';
import { hstsFields } from '../strict-transport-security.ts';
import { type Awaited, OWED_BY_CLIENT, timeoutFor } from './awaited.ts';
import { Http2Wire, type StreamHost } from './http2-wire.ts';

type Phase = 'open' | 'closing' | 'closed';

export class Http2Connection implements Expiring, LiveConnection, SocketEvents, StreamHost {
  deadline = Infinity;
  isPaused = false;
  readonly connection: Http2ServerConnection;
  readonly service: Service;
  readonly addresses: SocketAddresses;
  readonly security: WireSecurity;
  readonly observer: ConnectionObserver | undefined;
  readonly #socket: Socket;
  readonly #output: FrameOutput;
  readonly #wires = new Set<Http2Wire>();
  #phase: Phase = 'open';
  #awaited: Awaited = 'nothing';
  #isPumping = false;
  #closing: LingeringClose | undefined;

  constructor(
    socket: Socket,
    service: Service,
    addresses: SocketAddresses,
    security: WireSecurity,
    observer?: ConnectionObserver,
  ) {
    const { acceptsTunnels, settings } = service;
    this.connection = new Http2ServerConnection({
      limits: settings.http2Limits,
      runtime: nativeRuntime,
      allowsConnectProtocol: acceptsTunnels,
    });
    this.service = service;
    this.addresses = addresses;
    this.security = security;
    this.#socket = socket;
    this.observer = observer;
    observer?.onHttp2();
    const onOutput = observer && ((octets: Uint8Array) => observer.onSent(octets));
    this.#output = new FrameOutput(this.connection, socket, onOutput);
    attach(socket, this);
    service.sweep.add(this);
    this.flush();
  }

  get isBlocked(): boolean {
    return this.#output.outbound.isBlocked;
  }

  // --- what comes in ---

  onOctets(octets: Uint8Array): void {
    if (this.#closing !== undefined) return this.#closing.onOctets(octets.length);
    this.observer?.onReceived(octets, this.connection.buffered);
    this.connection.receive(octets, this.service.sweep.now);
    this.#pump(true);
    if (this.connection.buffered > 0 && isShared(octets)) this.connection.keep();
  }

  /** Decodes what has been received, unless the socket takes no output; then writes what came of it. */
  #pump(hasReceived: boolean): void {
    if (this.#isPumping || this.#phase !== 'open') return;
    this.#isPumping = true;
    try {
      while (this.#phase === 'open' && !this.isBlocked && this.#step(this.connection.next())) {}
      this.#write();
    } finally {
      this.#isPumping = false;
    }
    if (this.#phase === 'open') this.#regulate(hasReceived);
  }

  /** @returns whether there may be more to decode. */
  #step(result: number): boolean {
    const { connection } = this;
    const { stream } = connection;
    const wire = stream?.owner as Http2Wire | undefined;
    switch (result) {
      case MESSAGE_HEAD:
        this.#begin(new Http2Wire(this, stream!));
        return true;
      case CONTENT:
        wire?.onContent(connection.content);
        return true;
      case CONTENT_END:
        wire?.onContentEnd(connection.trailers);
        return true;
      case RESET:
        if (wire === undefined) this.#onMalformed();
        else wire.onReset(protocolError('ERR_HTTP_REQUEST_CANCELLED', 'The client reset the stream'));
        return true;
      case REFUSED:
        // The handler has the request already, and gives the answer (draft, "Limits").
        if (wire?.exchange !== undefined) wire.exchange.onContentRejected(connection.rejection!);
        else this.#onRefused(wire ?? new Http2Wire(this, stream!), connection.rejection!);
        return true;
      case PRIORITY:
        wire?.exchange?.onPriority(stream!.priority);
        return true;
      case REJECTED:
        this.#count();
        this.#fail(
          protocolError('ERR_HTTP_PROTOCOL_ERROR', connection.error?.sentence ?? 'The connection failed'),
        );
        return false;
      default:
        return result !== NEED_OCTETS;
    }
  }

  #begin(wire: Http2Wire): void {
    this.#wires.add(wire);
    const { isClosing, settings } = this.service;
    if (isClosing || this.connection.requestCount >= settings.maxRequestsPerConnection)
      this.connection.drain();
    const rejection = this.service.begin(wire, wire.stream.head!);
    if (rejection !== undefined) this.#refuse(wire, rejection);
  }

  #onRefused(wire: Http2Wire, rejection: Rejection): void {
    const isAnswered = rejection === HTTP2_REJECTIONS.ContentTooLarge && this.service.answersClientFaults;
    if (!isAnswered || wire.stream.head === undefined) return this.#refuse(wire, rejection);
    this.#wires.add(wire);
    wire.onContentRejected();
    const refused = this.service.begin(wire, wire.stream.head, false, rejection);
    if (refused !== undefined) this.#refuse(wire, refused);
  }

  /** Answers without the handler. The stream ends with it, and the connection goes on. */
  #refuse(wire: Http2Wire, rejection: Rejection): void {
    this.#count();
    publishRejection(rejection, this.addresses);
    this.observer?.onRefused(rejection, wire.stream.id);
    const { settings, sweep } = this.service;
    this.connection.refuse(wire.stream, rejection, sweep.dateLine, hstsFields(settings.hsts, this.security));
    this.connection.release(wire.stream);
    this.#wires.delete(wire);
  }

  /** The stream was reset before its request became an exchange. */
  #onMalformed(): void {
    this.#count();
    const { error, lastPeerStream } = this.connection;
    if (error === undefined) return;
    const { reason, section, sentence } = error;
    this.observer?.onRefused({ reason, status: 0, section, sentence }, lastPeerStream);
  }

  #count(): void {
    this.service.counters.requestsRejected++;
  }

  // --- what goes out ---

  flush(): void {
    if (this.#isPumping || this.#phase !== 'open') return;
    this.#isPumping = true;
    try {
      this.#write();
    } finally {
      this.#isPumping = false;
    }
    if (this.#phase === 'open') this.#regulate(false);
  }

  /** Everything that handlers send in this turn of the event loop leaves in one write. */
  flushSoon(): void {
    if (!this.#isPumping) this.#output.outbound.flushSoon(this);
  }

  #write(): void {
    this.#output.write();
    if (this.connection.isDone && !this.isBlocked) this.#end();
  }

  onStreamEnd(wire: Http2Wire): void {
    this.#wires.delete(wire);
    if (this.service.refusesLateRequests) this.connection.drain();
    this.flushSoon();
  }

  onDrain(): void {
    this.#output.outbound.onDrain();
    this.#pump(false);
    for (const wire of this.#wires) wire.onDrained();
  }

  // --- pausing, and time ---

  #regulate(hasProgressed: boolean): void {
    if (this.isBlocked !== this.isPaused) {
      this.isPaused = this.isBlocked;
      if (this.isPaused) pause(this.#socket);
      else resume(this.#socket);
    }
    const awaited = this.#whatIsAwaited();
    // Octets of content restart the clock of a frame: slow uploads may take as long as they need.
    const restarts = hasProgressed && awaited === 'head' && this.connection.running > 0;
    if (awaited === this.#awaited && !restarts) return;
    this.#await(awaited);
  }

  #whatIsAwaited(): Awaited {
    if (this.isBlocked) return 'drain';
    if (this.connection.isInFrame) return 'head';
    return this.connection.isIdle ? 'request' : 'nothing';
  }

  #await(awaited: Awaited, latest = Infinity): void {
    this.#awaited = awaited;
    const { sweep, settings } = this.service;
    this.deadline = Math.min(latest, sweep.after(timeoutFor(awaited, settings.timeouts)));
    if (awaited === 'drain') this.#output.outbound.hasProgressed();
  }

  onDeadline(): void {
    this.deadline = Infinity;
    switch (this.#awaited) {
      case 'nothing':
        return keepAlive(this.#socket);
      case 'drain':
        if (this.#output.outbound.hasProgressed()) return this.#await('drain');
        return this.destroy(timedOut('The client did not take the response in time'));
      case 'request':
        this.connection.finishDrain();
        this.observer?.onEnding('idle');
        return this.flush();
      default:
        return this.#fail(timedOut('A frame did not arrive in time'));
    }
  }

  // --- the end ---

  /** Ends every exchange, sends what is left to say, and closes. */
  #fail(error: unknown): void {
    this.observer?.onEnding('failed', error);
    for (const wire of [...this.#wires]) wire.onReset(error);
    this.connection.finishDrain();
    this.#end();
  }

  onPeerEnd(): void {
    if (this.#closing !== undefined) return this.#closing.onPeerEnd();
    // Both directions of every stream need the connection: without one of them the client has gone (RFC 9113 §9.1).
    this.#fail(connectionReset('The client has gone'));
  }

  hurry(): void {
    if (OWED_BY_CLIENT.includes(this.#awaited)) this.#await(this.#awaited, this.deadline);
    for (const wire of this.#wires) wire.hurry();
    this.#closing?.hurry(this.service.settings.timeouts.send);
  }

  /** Closes if no exchange is in progress; otherwise the client is told to go elsewhere, and gets its answers. */
  closeIfIdle(): void {
    this.observer?.onEnding('server closes');
    if (this.connection.isIdle) this.connection.finishDrain();
    else this.connection.drain();
    this.flush();
  }

  #end(why: Ending = 'last response'): void {
    if (this.#phase !== 'open') return;
    this.observer?.onEnding(why);
    this.#output.writeOnce();
    this.#phase = 'closing';
    this.deadline = Infinity;
    this.isPaused = false;
    const { sweep, settings } = this.service;
    this.#closing = new LingeringClose(this.#socket, this.#output.outbound, sweep, {
      peerHasEnded: this.#socket.readableEnded,
      lingers: true,
      sendTimeout: settings.timeouts.send,
    });
  }

  destroy(error: unknown): void {
    if (this.#phase === 'closed') return;
    this.observer?.onEnding('failed', error);
    for (const wire of [...this.#wires]) wire.onReset(error);
    this.#socket.destroy();
  }

  onError(cause: Error): void {
    this.destroy(connectionLost(cause));
  }

  onClose(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    for (const wire of [...this.#wires]) wire.onReset(connectionReset('The connection was lost'));
    this.#output.outbound.onDrain();
    this.service.sweep.delete(this);
    this.#closing?.onClose();
    this.service.onConnectionClose(this);
    if (connectionClose.hasSubscribers) connectionClose.publish(this.addresses.both);
  }
}
