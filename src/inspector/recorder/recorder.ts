/**
 * Records what happens on the connections of a server, in bounded memory: the oldest exchanges and closed connections make room for
 * new ones, and at high rates not every exchange is recorded.
 */
import type {
  ConnectionEnds,
  ConnectionObserver,
  DecodingLimits,
  ObservedExchange,
  ServerObserver,
} from '../../server/observer.ts';
import { placeOf } from '../wording/places.ts';
import { type ConnectionHost, ConnectionRecord } from './connection-record.ts';
import { ExchangeRecord, RECORD_BYTES } from './exchange-record.ts';
import { RateLimit } from './rate-limit.ts';

export interface RecorderLimits {
  readonly maxExchanges: number;
  readonly maxConnections: number;
  /** Bytes of all that is kept. */
  readonly maxBytes: number;
  /** Octets of one direction of an exchange. */
  readonly maxExchangeBytes: number;
  /** Exchanges that are recorded in a second. */
  readonly maxRate: number;
  /** Whether the secrets of TLS handshakes are kept, as the inspector's option of this name says. Default false. */
  readonly secrets?: boolean;
}

/** How many of the oldest are looked at for one that has ended. */
const MOST_LOOKED_AT = 64;

export class Recorder implements ConnectionHost, ServerObserver {
  readonly connections = new Map<number, ConnectionRecord>();
  readonly exchanges = new Map<number, ExchangeRecord>();
  /** Grows with each change. Records carry the version of their last change. */
  version = 0;
  readonly mostOctets: number;
  /** When it began, in milliseconds since 1970: all times that it gives are counted from then. */
  readonly epoch = Date.now();
  readonly #limits: RecorderLimits;
  readonly #rate: RateLimit;
  readonly #clock: () => number;
  readonly #startedAt: number;
  #bytes = 0;
  #lastConnection = 0;
  #lastExchange = 0;

  constructor(limits: RecorderLimits, clock: () => number = () => performance.now()) {
    this.#limits = limits;
    this.mostOctets = limits.maxExchangeBytes;
    this.#rate = new RateLimit(limits.maxRate);
    this.#clock = clock;
    this.#startedAt = clock();
  }

  now(): number {
    return Math.round((this.#clock() - this.#startedAt) * 1_000) / 1_000;
  }

  /** Bytes of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Exchanges that were not recorded. */
  get skipped(): number {
    return this.#rate.skipped;
  }

  get hasRoom(): boolean {
    return this.#bytes < this.#limits.maxBytes && this.mayBegin;
  }

  get mayBegin(): boolean {
    return this.#rate.isOpen || this.#rate.hasRoom(this.now());
  }

  skip(): void {
    this.#rate.skipped++;
  }

  onConnection(
    { remoteAddress, localAddress }: ConnectionEnds,
    decoding?: DecodingLimits,
  ): ConnectionObserver | undefined {
    if (this.connections.size >= this.#limits.maxConnections && !this.#forgetConnection()) return undefined;
    const id = ++this.#lastConnection;
    const [remote, local] = [placeOf(remoteAddress), placeOf(localAddress)];
    const facts = { id, remote, local, openedAt: this.now() };
    const row = { ...facts, isHttp2: false, received: 0, sent: 0, exchanges: 0 };
    const ends = { remoteAddress, localAddress };
    const keepsKeys = this.#limits.secrets === true;
    const connection = new ConnectionRecord(row, { ends, limits: decoding, keepsKeys }, this);
    connection.version = ++this.version;
    this.connections.set(id, connection);
    return connection;
  }

  begin(
    connection: number,
    stream: number,
    arrivedAt: number,
    beganAt: number,
    exchange: ObservedExchange | undefined,
  ): ExchangeRecord | undefined {
    if (!this.#rate.take(this.now())) return undefined;
    while (this.exchanges.size >= this.#limits.maxExchanges) this.#forgetExchange();
    const id = ++this.#lastExchange;
    const record = new ExchangeRecord({ id, connection, stream, arrivedAt, beganAt }, this, exchange);
    this.exchanges.set(id, record);
    this.onChange(record, RECORD_BYTES);
    return record;
  }

  onChange(record: ExchangeRecord, kept: number): void {
    record.version = ++this.version;
    if (kept === 0 || !this.exchanges.has(record.row.id)) return;
    this.#bytes += kept;
    while (this.#bytes > this.#limits.maxBytes && this.exchanges.size > 1) this.#forgetExchange();
  }

  onConnectionChange(connection: ConnectionRecord, waiting: number): void {
    connection.version = ++this.version;
    this.#bytes += waiting;
  }

  /** Those that have changed since a version. */
  *changedSince<Kept extends ConnectionRecord | ExchangeRecord>(
    version: number,
    records: ReadonlyMap<number, Kept>,
  ): Iterable<Kept> {
    for (const record of records.values()) if (record.version > version) yield record;
  }

  /** The oldest one that has ended; an open one only if there are too many of them. */
  #forgetExchange(): void {
    let looked = 0;
    for (const record of this.exchanges.values()) {
      if (!record.hasEnded && ++looked < MOST_LOOKED_AT) continue;
      return this.#drop(record);
    }
    const [oldest] = this.exchanges.values();
    this.#drop(oldest!);
  }

  #drop(record: ExchangeRecord): void {
    this.exchanges.delete(record.row.id);
    this.#bytes -= RECORD_BYTES + record.kept;
  }

  /** @returns false if all of them are open. */
  #forgetConnection(): boolean {
    for (const { row } of this.connections.values()) {
      if (row.closedAt === undefined) continue;
      this.connections.delete(row.id);
      return true;
    }
    return false;
  }
}
