/**
 * The connections to one origin, and the requests that wait for one. One request at a time on each: what is free is used, the
 * one that rested last first; if nothing is, there is a new one, up to the limit; then they wait in line.
 */
import type { Socket } from 'node:net';
import type { DeadlineSweep } from '../../io/deadline.ts';
import { type ClientError, clientError } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { ClientSettings } from '../options.ts';
import type { DriverOwner } from './driver-owner.ts';
import { ClientConnectionDriver } from './pooled-connection.ts';

/** What a pool takes from its client. */
export interface PoolOwner {
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  /** The pool has neither connections nor requests. */
  onPoolEmpty(pool: Pool): void;
}

export class Pool implements DriverOwner {
  readonly key: string;
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  readonly #owner: PoolOwner;
  readonly #connect: () => Socket;
  readonly #drivers = new Set<ClientConnectionDriver>();
  /** Those that have nothing to do, the one that rested last at the end. */
  readonly #idle: ClientConnectionDriver[] = [];
  /** In the order they came; a Set, so that one that is given up leaves at once. */
  readonly #waiting = new Set<Exchange>();
  readonly #connecting = new Set<ClientConnectionDriver>();
  #isClosing = false;

  constructor(key: string, connect: () => Socket, owner: PoolOwner) {
    this.key = key;
    this.settings = owner.settings;
    this.sweep = owner.sweep;
    this.#owner = owner;
    this.#connect = connect;
  }

  /** Connections, those that are being made included. */
  get connections(): number {
    return this.#drivers.size;
  }

  get isEmpty(): boolean {
    return this.#drivers.size === 0 && this.#waiting.size === 0;
  }

  dispatch(exchange: Exchange): void {
    const driver = this.#takeIdle();
    if (driver !== undefined) return driver.begin(exchange);
    const { maxConnections, maxQueue } = this.settings.limits;
    const waits = this.#drivers.size >= maxConnections;
    if (waits && maxQueue > 0 && this.#waiting.size - this.#connecting.size >= maxQueue) {
      const message = `${maxQueue} requests wait for a connection already`;
      return exchange.fail(clientError('ERR_HTTP_QUEUE_FULL', message));
    }
    this.#waiting.add(exchange);
    if (!waits) this.#open();
  }

  /** A request that waited is given up. */
  forget(exchange: Exchange): void {
    this.#waiting.delete(exchange);
    if (this.#isClosing) this.#closeIdle();
    this.#tellIfEmpty();
  }

  // --- what the connections have to say ---

  onConnected(driver: ClientConnectionDriver): void {
    this.#connecting.delete(driver);
    this.onIdle(driver);
  }

  onConnectFailed(driver: ClientConnectionDriver, error: ClientError): void {
    this.#connecting.delete(driver);
    // Whoever has waited longest may have waited for this one.
    const [exchange] = this.#waiting;
    if (exchange !== undefined && this.#connecting.size < this.#waiting.size) {
      this.#waiting.delete(exchange);
      exchange.fail(error);
    }
    this.#tellIfEmpty();
  }

  onIdle(driver: ClientConnectionDriver): void {
    const [exchange] = this.#waiting;
    if (exchange === undefined) {
      if (this.#isClosing) return driver.destroy();
      this.#idle.push(driver);
      return driver.rest();
    }
    if (exchange.needsFreshConnection && driver.wasUsed) return driver.destroy();
    this.#waiting.delete(exchange);
    driver.begin(exchange);
  }

  onClosed(driver: ClientConnectionDriver): void {
    this.#drivers.delete(driver);
    this.#connecting.delete(driver);
    const at = this.#idle.indexOf(driver);
    if (at >= 0) this.#idle.splice(at, 1);
    // There is room for another one, if anybody waits who has not been promised one.
    if (this.#waiting.size > this.#connecting.size) this.#open();
    else this.#tellIfEmpty();
  }

  onRetry(exchange: Exchange): void {
    // What has rested here is as old as the one that turned out to be dead.
    this.#waiting.add(exchange);
    if (this.#drivers.size < this.settings.limits.maxConnections) this.#open();
    else this.#idle.pop()?.destroy();
  }

  // --- the end ---

  /** Closes what rests, now and from now on; requests that are under way or waiting come to their end. */
  close(): void {
    this.#isClosing = true;
    this.#closeIdle();
    this.#tellIfEmpty();
  }

  destroy(error: unknown): void {
    this.#isClosing = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const exchange of waiting) exchange.fail(error);
    for (const driver of [...this.#drivers]) driver.abort(error);
    this.#tellIfEmpty();
  }

  #takeIdle(): ClientConnectionDriver | undefined {
    for (;;) {
      const driver = this.#idle.pop();
      if (driver === undefined || driver.isFree) return driver;
      driver.destroy();
    }
  }

  #closeIdle(): void {
    for (const driver of this.#idle.splice(0)) driver.destroy();
  }

  #open(): void {
    const driver = new ClientConnectionDriver(this.#connect(), this);
    this.#drivers.add(driver);
    this.#connecting.add(driver);
  }

  #tellIfEmpty(): void {
    if (this.isEmpty) this.#owner.onPoolEmpty(this);
  }
}
