/** The first octets of one direction of an exchange. Beyond the limit only their number is known. */
import { Buffer } from 'node:buffer';

/** Pieces that follow each other within this time left in one write, most likely. */
const SAME_WRITE_MS = 0.1;
/** Beyond it, what follows counts to the last. */
const MOST_WRITES = 256;

/** Kept octets that passed together. */
export interface Write {
  readonly at: number;
  length: number;
}

export class KeptOctets {
  /** How many there were. */
  length = 0;
  /** Octets of the connection, in this direction, that were before them. */
  offset = 0;
  /** How many of them are kept. */
  kept = 0;
  /** When those that are kept passed, in their order. */
  readonly writes: Write[] = [];
  #most: number;
  #pieces: (Uint8Array | string)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @param octets text has one character an octet. Octets may be overwritten afterwards.
   * @param at when they passed.
   * @returns how many more are kept than before.
   */
  add(octets: Uint8Array | string, at: number): number {
    this.length += octets.length;
    const room = Math.min(this.#most - this.kept, octets.length);
    if (room <= 0) return 0;
    this.kept += room;
    this.#noteWrite(room, at);
    // A slice of a long text would keep the whole of it.
    if (typeof octets !== 'string') this.#pieces.push(octets.slice(0, room));
    else if (octets.length === room) this.#pieces.push(octets);
    else this.#pieces.push(Buffer.from(octets.slice(0, room), 'latin1'));
    return room;
  }

  /** Octets that nobody keeps. Those behind them are not kept either: what is kept has no gaps. */
  skip(length: number): void {
    this.length += length;
    this.#most = this.kept;
  }

  #noteWrite(length: number, at: number): void {
    const last = this.writes.at(-1);
    const isSame = last !== undefined && (at - last.at < SAME_WRITE_MS || this.writes.length === MOST_WRITES);
    if (isSame) last.length += length;
    else this.writes.push({ at, length });
  }

  /** One character an octet. */
  get text(): string {
    let text = '';
    for (const piece of this.#pieces) text += typeof piece === 'string' ? piece : latin1Of(piece);
    return text;
  }
}

const latin1Of = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1');
