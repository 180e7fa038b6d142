/**
 * What is kept of one connection: its facts, and to which exchange the octets belong that pass. Over HTTP/1 the octets of a request
 * are known as such when its head has been decoded; until then they wait here. Over HTTP/2 the stream of each frame decides.
 */
import type {
  ConnectionEnds,
  ConnectionObserver,
  DecodingLimits,
  Ending,
  ExchangeObserver,
  ObservedExchange,
  SecuredBy,
} from '../../server/observer.ts';
import type { ConnectionRow, RefusalRow } from '../messages.ts';
import { endingSentence } from '../wording/endings.ts';
import type { ExchangeRecord, RecordHost } from './exchange-record.ts';
import { StreamFrames } from './stream-frames.ts';

/** What a connection takes from its recorder. */
export interface ConnectionHost extends RecordHost {
  /** Whether octets that arrive now may still be recorded. */
  readonly hasRoom: boolean;
  /** Whether an exchange that begins now may still be recorded. */
  readonly mayBegin: boolean;
  /** An exchange is not recorded, because there was no room when it arrived. */
  skip(): void;
  /** @returns `undefined` if there have been too many exchanges. */
  begin(
    connection: number,
    stream: number,
    arrivedAt: number,
    beganAt: number,
    exchange: ObservedExchange | undefined,
  ): ExchangeRecord | undefined;
  onConnectionChange(connection: ConnectionRecord, waiting: number): void;
}

/** What is known when a connection is accepted. */
export interface ConnectionFacts {
  readonly ends: ConnectionEnds;
  /** Those of the server for what it receives; `undefined` for the defaults. */
  readonly limits: DecodingLimits | undefined;
  /** Whether the secrets of TLS are kept. */
  readonly keepsKeys: boolean;
}

/** A handshake of TLS 1.3 has five lines, of TLS 1.2 one (NSS key log format). */
const MOST_KEY_LINES = 8;
const MOST_KEY_LINE = 512;

/** Errors of the system that mean that the client has gone. */
const LEFT_BY_CLIENT: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

/** Octets that have arrived, and belong to no exchange yet. */
interface Waiting {
  octets: Uint8Array | undefined;
  length: number;
  readonly at: number;
}

export class ConnectionRecord implements ConnectionObserver {
  readonly row: ConnectionRow;
  readonly ends: ConnectionEnds;
  /** The secrets of its TLS handshake: lines of SSLKEYLOGFILE, if they are kept. */
  readonly keyLines: Uint8Array[] = [];
  readonly onKeyLog: ((line: Uint8Array) => void) | undefined;
  version = 0;
  /** `undefined` for HTTP/1. */
  streams: StreamFrames | undefined;
  readonly limits: DecodingLimits | undefined;
  readonly #host: ConnectionHost;
  #waiting: Waiting[] = [];
  #waitingLength = 0;
  /** The exchange whose request is arriving; `null` for one that is not recorded. */
  #arriving: ExchangeRecord | null | undefined;
  /** The exchange to which what is sent belongs. */
  #answering: ExchangeRecord | undefined;
  /**
   * There was no room when the octets that wait arrived: nothing is kept until all of them have been decoded. At high rates that is most
   * exchanges, so they must cost next to nothing: no object, and one look at the clock.
   */
  #isSkipping = false;
  #lastEndAt = 0;
  /** When the client ended its side, if it did so before the server. */
  peerEndedAt: number | undefined;
  #ending: { why: Ending; error: unknown } | undefined;

  constructor(row: ConnectionRow, facts: ConnectionFacts, host: ConnectionHost) {
    this.row = row;
    this.ends = facts.ends;
    this.limits = facts.limits;
    this.#host = host;
    this.#lastEndAt = row.openedAt;
    if (!facts.keepsKeys) return;
    this.onKeyLog = (line) => {
      const hasRoom = this.keyLines.length < MOST_KEY_LINES && line.length <= MOST_KEY_LINE;
      if (hasRoom) this.keyLines.push(line.slice());
    };
  }

  onSecured(tls: SecuredBy): void {
    this.row.tls = { at: this.#host.now(), ...tls };
    this.#changed();
  }

  onHttp2(): void {
    this.row.isHttp2 = true;
    this.streams = new StreamFrames();
    this.#changed();
  }

  onReceived(octets: Uint8Array, undecoded: number): void {
    const host = this.#host;
    this.row.received += octets.length;
    if (this.streams !== undefined) {
      this.streams.read('received', octets, host.now());
      return this.#changed();
    }
    if (this.#isSkipping) return;
    this.#claim(undecoded);
    if (this.#waiting.length === 0 && this.#arriving === undefined && !host.mayBegin) {
      this.#isSkipping = true;
      return;
    }
    const keeps = this.#arriving !== null && host.hasRoom;
    this.#waiting.push({
      octets: keeps ? octets.slice() : undefined,
      length: octets.length,
      at: host.now(),
    });
    this.#waitingLength += octets.length;
    this.#changed(keeps ? octets.length : 0);
  }

  onSent(octets: Uint8Array | string): void {
    this.row.sent += octets.length;
    if (this.streams === undefined) this.#answering?.onSent(octets, this.row.sent - octets.length);
    else if (typeof octets !== 'string') this.streams.read('sent', octets, this.#host.now());
    this.#changed();
  }

  onExchange(exchange: ObservedExchange, stream: number, undecoded: number): ExchangeObserver | undefined {
    this.row.exchanges++;
    const { streams } = this;
    const host = this.#host;
    if (streams !== undefined) {
      const arrivedAt = streams.arrivedAt(stream) ?? host.now();
      const record = host.begin(this.row.id, stream, arrivedAt, arrivedAt, exchange);
      streams.give(stream, record);
      return record;
    }
    if (this.#isSkipping) {
      host.skip();
      this.#answering = undefined;
      if (!exchange.head.hasContent) this.#endSkipping(undecoded);
      return undefined;
    }
    const arrivedAt = this.#waiting[0]?.at ?? host.now();
    const beganAt = Math.max(arrivedAt, this.#answering?.row.endAt ?? this.#lastEndAt);
    const record = host.begin(this.row.id, 0, arrivedAt, beganAt, exchange);
    this.#answering = record;
    this.#arriving = record ?? null;
    if (record !== undefined) {
      record.headLength = Math.max(0, this.#waitingLength - undecoded);
      record.request.offset = this.row.received - this.#waitingLength;
    }
    this.#claim(undecoded);
    if (!exchange.head.hasContent) this.#arriving = undefined;
    return record;
  }

  onRequestEnd(undecoded: number): void {
    if (this.#isSkipping) return this.#endSkipping(undecoded);
    this.#claim(undecoded);
    this.#arriving?.onRequestEnd();
    this.#arriving = undefined;
  }

  onRefused(refusal: RefusalRow, stream: number): void {
    const record = this.streams === undefined ? this.#refused() : this.#refusedStream(stream);
    record?.onRefused(refusal);
  }

  /** The rest of an exchange is refused, or a request that has not become one. */
  #refused(): ExchangeRecord | undefined {
    if (this.#arriving !== undefined) {
      this.#claim(0);
      return this.#arriving ?? undefined;
    }
    const now = this.#host.now();
    const arrivedAt = this.#waiting[0]?.at ?? now;
    const record = this.#host.begin(this.row.id, 0, arrivedAt, arrivedAt, undefined);
    this.#answering = record;
    this.#arriving = record ?? null;
    if (record !== undefined) record.request.offset = this.row.received - this.#waitingLength;
    this.#claim(0);
    if (record !== undefined) record.headLength = record.request.length;
    return record;
  }

  #refusedStream(stream: number): ExchangeRecord | undefined {
    const known = this.streams!.recordOf(stream);
    if (known !== undefined) return known;
    const arrivedAt = this.streams!.arrivedAt(stream) ?? this.#host.now();
    const record = this.#host.begin(this.row.id, stream, arrivedAt, arrivedAt, undefined);
    this.streams!.give(stream, record);
    return record;
  }

  onPeerEnd(): void {
    if (this.#ending === undefined) this.peerEndedAt = this.#host.now();
  }

  onEnding(why: Ending, error?: unknown): void {
    this.#ending ??= { why, error };
  }

  onClose(): void {
    const { row } = this;
    if (row.closedAt !== undefined) return;
    row.closedAt = this.#host.now();
    const { why, error } = this.#ending ?? {};
    row.ending = endingSentence({
      why,
      error,
      peerHasEnded: this.peerEndedAt !== undefined,
      last: this.#answering,
      exchanges: row.exchanges,
    });
    const waiting = this.#keptWaiting;
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#arriving = undefined;
    this.#changed(-waiting);
  }

  /** The next request begins with the next octets, unless some of them are here. */
  #endSkipping(undecoded: number): void {
    if (undecoded === 0) this.#isSkipping = false;
  }

  /** The side that broke it off, if one did. */
  get brokenBy(): 'client' | 'server' | undefined {
    if (this.#ending?.why !== 'failed') return undefined;
    const { code, cause } = (this.#ending.error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
    return LEFT_BY_CLIENT.has(cause?.code ?? code) ? 'client' : 'server';
  }

  get #keptWaiting(): number {
    return this.#waiting.reduce((sum, { octets }) => sum + (octets?.length ?? 0), 0);
  }

  /** Gives the octets that have been decoded to the exchange whose request they are of. */
  #claim(undecoded: number): void {
    if (this.#arriving === undefined) return;
    let freed = 0;
    while (this.#waitingLength > undecoded) {
      const first = this.#waiting[0]!;
      const length = Math.min(first.length, this.#waitingLength - undecoded);
      this.#arriving?.onReceived(first.octets?.subarray(0, length), length, first.at);
      if (first.octets !== undefined) freed += length;
      this.#waitingLength -= length;
      if (length === first.length) {
        this.#waiting.shift();
      } else {
        first.octets = first.octets?.subarray(length);
        first.length -= length;
      }
    }
    if (freed > 0) this.#changed(-freed);
  }

  #changed(waiting = 0): void {
    this.#host.onConnectionChange(this, waiting);
  }
}
