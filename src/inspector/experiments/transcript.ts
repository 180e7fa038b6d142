/** What went over the wire in an experiment, in both directions, with its times. It is bounded. */
import type { PartLine, TranscriptEntry } from '../messages.ts';

const MOST_ENTRIES = 150;
/** Of an entry. */
const MOST_LINES = 150;

/** An entry that may still grow. */
export class Entry {
  readonly connection: number;
  readonly from: TranscriptEntry['from'];
  readonly at: number;
  until: number;
  pieces = 0;
  octets = 0;
  lines: PartLine[] = [];
  text: string;

  constructor(connection: number, from: TranscriptEntry['from'], at: number, text = '') {
    this.connection = connection;
    this.from = from;
    this.at = at;
    this.until = at;
    this.text = text;
  }

  /** So many octets more have been written or read. */
  grow(octets: number, at: number): void {
    this.octets += octets;
    this.pieces++;
    this.until = at;
  }

  add(...lines: readonly PartLine[]): void {
    const room = MOST_LINES - this.lines.length;
    if (room > 0) this.lines.push(...lines.slice(0, room));
  }
}

export class Transcript {
  readonly #entries: Entry[] = [];
  readonly #clock: () => number;
  readonly #onChange: () => void;
  readonly #startedAt: number;
  omitted = 0;

  constructor(onChange: () => void, clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#startedAt = clock();
  }

  /** Milliseconds since it began. */
  now(): number {
    return Math.round((this.#clock() - this.#startedAt) * 1_000) / 1_000;
  }

  get entries(): readonly TranscriptEntry[] {
    return this.#entries;
  }

  event(connection: number, text: string): void {
    this.#keep(new Entry(connection, 'event', this.now(), text));
  }

  /** What one side sends now. It goes on with `open` if nothing has happened since. */
  octets(connection: number, from: 'client' | 'server', octets: number, open?: Entry): Entry {
    const now = this.now();
    const isOpen = open !== undefined && this.#entries.at(-1) === open;
    const entry = isOpen ? open : new Entry(connection, from, now);
    entry.grow(octets, now);
    if (isOpen) this.#onChange();
    else this.#keep(entry);
    return entry;
  }

  #keep(entry: Entry): void {
    if (this.#entries.length < MOST_ENTRIES) this.#entries.push(entry);
    else this.omitted++;
    this.#onChange();
  }
}
