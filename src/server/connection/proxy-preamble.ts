/**
 * What comes before HTTP on a connection from a trusted balancer: the PROXY header. Nothing is served, and no connection
 * has been opened as far as anybody else can see, before it is there and sound.
 */
import type { Socket } from 'node:net';
import type { Expiring } from '../../io/deadline.ts';
import { attach, type SocketEvents } from '../../io/driven-socket.ts';
import { nativeLatin1 } from '../../io/latin1.ts';
import { SocketAddresses } from '../../io/socket-address.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import {
  PROXY_REJECTIONS,
  type ProxiedConnection,
  ProxyHeaderDecoder,
} from '../../proxy-protocol/header-decoder.ts';
import { publishRejection } from '../diagnostics.ts';
import type { LiveConnection, Service } from '../service.ts';

/** Serves the connection from now on. */
export type OnProxyHeader = (
  preamble: ProxyPreamble,
  addresses: SocketAddresses,
) => SocketEvents & LiveConnection;

export class ProxyPreamble implements Expiring, SocketEvents, LiveConnection {
  deadline: number;
  readonly socket: Socket;
  readonly #service: Service;
  readonly #addresses: SocketAddresses;
  readonly #onHeader: OnProxyHeader;
  readonly #decoder = new ProxyHeaderDecoder(nativeLatin1);
  #successor: SocketEvents | undefined;
  /** It was told to close while its header was on its way. */
  #closesIfIdle = false;

  constructor(socket: Socket, service: Service, onHeader: OnProxyHeader) {
    this.socket = socket;
    this.#service = service;
    this.#addresses = new SocketAddresses(socket, service.socketPath);
    this.#onHeader = onHeader;
    this.deadline = service.sweep.after(service.settings.timeouts.headers);
    attach(socket, this);
    service.sweep.add(this);
  }

  /** Asked once more when the header and more were in one piece. */
  get isPaused(): boolean {
    return this.#successor?.isPaused ?? false;
  }

  onOctets(octets: Uint8Array): void {
    // Octets that were on their way when the socket was destroyed.
    if (this.socket.destroyed) return;
    const result = this.#decoder.decode(octets);
    if (result === REJECTED) this.#refuse(this.#decoder.rejection);
    else if (result !== NEED_OCTETS) this.#handOver(this.#decoder.connection, this.#decoder.rest);
  }

  #handOver(connection: ProxiedConnection | undefined, rest: Uint8Array): void {
    if (connection !== undefined) this.#addresses.replace(connection);
    const successor = this.#onHeader(this, this.#addresses);
    this.#successor = successor;
    this.#service.sweep.delete(this);
    if (rest.length > 0) successor.onOctets(rest);
    else if (this.#closesIfIdle) successor.closeIfIdle();
  }

  /** A balancer has not asked for anything yet, so there is nothing to answer. */
  #refuse(rejection: Rejection): void {
    this.#service.counters.requestsRejected++;
    publishRejection(rejection, this.#addresses);
    this.socket.destroy();
  }

  onDeadline(): void {
    this.deadline = Infinity;
    this.#refuse(PROXY_REJECTIONS.Timeout);
  }

  onPeerEnd(): void {
    // Whoever connects and says nothing has looked whether somebody listens.
    if (this.#decoder.started) this.#refuse(PROXY_REJECTIONS.Incomplete);
    else this.socket.destroy();
  }

  onDrain(): void {}

  onError(): void {
    this.socket.destroy();
  }

  closeIfIdle(): void {
    if (!this.#decoder.started) this.socket.destroy();
    this.#closesIfIdle = true;
  }

  destroy(): void {
    this.socket.destroy();
  }

  onClose(): void {
    this.#service.sweep.delete(this);
    this.#service.onConnectionClose(this);
  }
}
