/** What is kept of one exchange: its times, its states, and the first octets of both messages. */
import type {
  ExchangeObserver,
  ExchangeOperation,
  ExchangeState,
  ObservedExchange,
} from '../../server/observer.ts';
import type { ExchangeRow, RefusalRow } from '../messages.ts';
import { errorSentence } from '../wording/endings.ts';
import { blocksIn } from '../wording/header-blocks.ts';
import { withoutSecrets } from '../wording/redaction.ts';
import type { Frame } from './frame-reader.ts';
import { KeptOctets } from './kept-octets.ts';

/** Memory of a record besides its octets, roughly. */
export const RECORD_BYTES = 1_500;
/** A handler may send any number of interim responses. */
const MOST_STATES = 20;
const MOST_FRAMES = 200;
const MOST_TEXT = 2_000;
/** Of an entry in a header table that is kept. Tables share the entries themselves. */
const ENTRY_BYTES = 8;

/** The operations with which the final response begins. */
const ANSWERS: ReadonlySet<ExchangeOperation> = new Set(['respond', 'accept', 'refuse', 'deny']);

/** What a record takes from its recorder. */
export interface RecordHost {
  /** Milliseconds since the recorder began. */
  now(): number;
  readonly mostOctets: number;
  /** The record has changed, and keeps so many octets more. */
  onChange(record: ExchangeRecord, kept: number): void;
}

/** Where and when an exchange begins. */
export type Begun = Pick<ExchangeRow, 'id' | 'connection' | 'stream' | 'arrivedAt' | 'beganAt'>;

export class ExchangeRecord implements ExchangeObserver {
  readonly row: ExchangeRow;
  /** Grows with each change. */
  version = 0;
  /** Octets that it keeps. */
  kept = 0;
  readonly request: KeptOctets;
  readonly response: KeptOctets;
  /** Octets of the head, at the beginning of the request; HTTP/1 only. */
  headLength = 0;
  /** Over HTTP/2, in their order. */
  readonly frames: Frame[] = [];
  omittedFrames = 0;
  readonly head: ObservedExchange['head'] | undefined;
  readonly #exchange: ObservedExchange | undefined;
  readonly #host: RecordHost;

  /** @param exchange `undefined` for a request that was refused. */
  constructor(begun: Begun, host: RecordHost, exchange: ObservedExchange | undefined) {
    const head = exchange?.head;
    const headAt = host.now();
    this.row = {
      ...begun,
      method: head?.method.slice(0, MOST_TEXT) ?? '',
      path: head === undefined ? '' : withoutSecrets((head.path || head.authority).slice(0, MOST_TEXT)),
      version: head?.version ?? '',
      headAt,
      ...(head?.hasContent === false && { requestEndAt: headAt }),
      status: 0,
      state: 'open',
      states: [],
      received: 0,
      sent: 0,
    };
    this.head = head;
    this.#exchange = exchange;
    this.#host = host;
    this.request = new KeptOctets(host.mostOctets);
    this.response = new KeptOctets(host.mostOctets);
  }

  get hasEnded(): boolean {
    return this.row.endAt !== undefined;
  }

  onState(operation: ExchangeOperation, state: ExchangeState): void {
    const { row } = this;
    const at = this.#host.now();
    row.state = state;
    if (row.states.length < MOST_STATES) row.states.push({ at, operation, state });
    if (ANSWERS.has(operation)) row.answeredAt ??= at;
    this.#changed();
  }

  onEnd(error: unknown): void {
    const { row } = this;
    row.endAt = this.#host.now();
    row.status = this.#exchange?.status ?? 0;
    if (error !== undefined) row.error = errorSentence(error);
    this.#changed();
  }

  onRefused({ reason, status, section, sentence }: RefusalRow): void {
    const { row } = this;
    if (row.method === '') this.#readRequest();
    row.refused = { reason, status, section, sentence };
    row.status = status;
    row.answeredAt ??= this.#host.now();
    row.endAt ??= row.answeredAt;
    row.state = 'refused';
    this.#changed();
  }

  onRequestEnd(): void {
    this.row.requestEndAt ??= this.#host.now();
    this.#changed();
  }

  /** `undefined` octets have not been kept by the connection. */
  onReceived(octets: Uint8Array | undefined, length: number, at: number): void {
    this.row.received += length;
    if (octets === undefined) this.request.skip(length);
    else this.#changed(this.request.add(octets, at));
  }

  /** @param offset octets that the connection has sent before. */
  onSent(octets: Uint8Array | string, offset: number): void {
    this.row.sent += octets.length;
    if (this.row.status === 0) this.row.status = this.#exchange?.status ?? 0;
    if (this.response.length === 0) this.response.offset = offset;
    this.#changed(this.response.add(octets, this.#host.now()));
  }

  /** A frame of its stream has passed. */
  onFrame(frame: Frame): void {
    const { row } = this;
    row[frame.direction] += frame.octets.length + frame.omitted;
    if (row.status === 0) row.status = this.#exchange?.status ?? 0;
    if (frame.endsRequest) row.requestEndAt ??= frame.at;
    const room = this.#host.mostOctets * 2 - this.kept;
    if (this.frames.length >= MOST_FRAMES || frame.octets.length > room) {
      this.omittedFrames++;
      return this.#changed();
    }
    this.frames.push(frame);
    this.#changed(frame.octets.length + (frame.table?.entries.length ?? 0) * ENTRY_BYTES);
  }

  /** What was refused may look like a request all the same. */
  #readRequest(): void {
    if (this.row.stream > 0) {
      const fields = [...blocksIn(this.frames).values()].flatMap((block) => block.fields);
      const fieldOf = (pseudo: string): string => fields.find(({ name }) => name === pseudo)?.value ?? '';
      this.row.method = fieldOf(':method').slice(0, 40);
      this.row.path = withoutSecrets(fieldOf(':path').slice(0, MOST_TEXT));
      return;
    }
    const words = /^(?:\r\n)*([\x21-\x7e]+) ([\x21-\x7e]*)/.exec(this.request.text);
    if (words === null) return;
    this.row.method = words[1]!.slice(0, 40);
    this.row.path = withoutSecrets(words[2]!.slice(0, MOST_TEXT));
  }

  #changed(kept = 0): void {
    this.kept += kept;
    this.#host.onChange(this, kept);
  }
}
