/**
 * The tunnel that an HTTP/1 connection has become: all of its socket. It takes the place of the connection, of which it keeps almost
 * nothing: most WebSockets are idle, and there are many.
 */
import type { Socket } from 'node:net';
import { connectionLost, connectionReset, timedOut } from '../../fetch/errors.ts';
import type { DeadlineSweep, Expiring } from '../../io/deadline.ts';
import { attach, type FlowEvents, type SocketEvents } from '../../io/driven-socket.ts';
import { SocketAddresses } from '../../io/socket-address.ts';
import { NO_OCTETS } from '../../octets/no-octets.ts';
import { connectionClose } from '../diagnostics.ts';
import type { Carried, OpenedTunnel } from '../exchange/wire.ts';
import type { ConnectionObserver } from '../observer.ts';
import type { LiveConnection, Service } from '../service.ts';

/** What a tunnel takes over from its connection. */
interface HandedOver {
  readonly service: Service;
  readonly observer: ConnectionObserver | undefined;
  readonly addresses: SocketAddresses;
  readonly exchange: Carried;
  /** What has arrived behind the request. */
  readonly received: Uint8Array;
}

export class Http1Tunnel implements LiveConnection, OpenedTunnel, SocketEvents {
  readonly status: number;
  readonly octets: Socket;
  flow: FlowEvents | undefined;
  readonly #service: Service;
  readonly #observer: ConnectionObserver | undefined;
  /** Only if they have been looked up: they can be until the socket is closed. */
  readonly #addresses: SocketAddresses | undefined;
  #carried: Carried | undefined;
  #received: Uint8Array;
  /** `undefined` while a tunnel may be idle for as long as it likes. */
  readonly #idle: IdleTime | undefined;

  constructor(
    status: number,
    socket: Socket,
    { service, observer, addresses, exchange, received }: HandedOver,
  ) {
    this.status = status;
    this.octets = socket;
    this.flow = undefined;
    this.#service = service;
    this.#observer = observer;
    this.#addresses = addresses.isKnown ? addresses : undefined;
    this.#carried = exchange;
    this.#received = received.length === 0 ? NO_OCTETS : received;
    const { tunnelIdle } = service.settings.timeouts;
    this.#idle = tunnelIdle === 0 ? undefined : new IdleTime(this, service.sweep, tunnelIdle);
    attach(socket, this);
  }

  // --- for the user of the tunnel ---

  carry(carried: Carried): void {
    this.#carried = carried;
  }

  takeReceived(): Uint8Array {
    const received = this.#received;
    this.#received = NO_OCTETS;
    return received;
  }

  onActivity(): void {
    this.#idle?.begin();
  }

  close(): void {
    this.octets.destroy();
  }

  abort(error: unknown): void {
    const carried = this.#carried;
    if (carried === undefined) return;
    this.#observer?.onEnding('failed', error);
    carried.abort(error);
    this.octets.destroy();
  }

  // --- for the server ---

  /** The user of the tunnel hears of the server's end by `drainSignal`. */
  closeIfIdle(): void {}

  destroy(error: unknown): void {
    this.abort(error);
  }

  // --- for the socket: what passes through it is the flow's ---

  get isPaused(): boolean {
    return true;
  }

  onOctets(): void {}
  onPeerEnd(): void {}
  onDrain(): void {}

  onError(cause: Error): void {
    this.abort(connectionLost(cause));
  }

  onClose(): void {
    const carried = this.#carried;
    if (carried === undefined) return;
    this.#carried = undefined;
    carried.abort(connectionReset('The connection was lost'));
    this.#idle?.end();
    this.#service.onConnectionClose(this);
    if (!connectionClose.hasSubscribers) return;
    const { socketPath } = this.#service;
    connectionClose.publish((this.#addresses ?? new SocketAddresses(this.octets, socketPath)).both);
  }
}

/** Cuts a tunnel off through which nothing passes (draft, "Timeouts"). */
class IdleTime implements Expiring {
  deadline = Infinity;
  readonly #tunnel: Http1Tunnel;
  readonly #sweep: DeadlineSweep;
  readonly #milliseconds: number;

  constructor(tunnel: Http1Tunnel, sweep: DeadlineSweep, milliseconds: number) {
    this.#tunnel = tunnel;
    this.#sweep = sweep;
    this.#milliseconds = milliseconds;
    this.begin();
    sweep.add(this);
  }

  begin(): void {
    this.deadline = this.#sweep.after(this.#milliseconds);
  }

  onDeadline(): void {
    this.deadline = Infinity;
    this.#tunnel.abort(timedOut('The connection was idle for too long'));
  }

  end(): void {
    this.#sweep.delete(this);
  }
}
