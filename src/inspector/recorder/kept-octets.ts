/** The first octets of one direction of an exchange. Beyond the limit only their number is known. */
import { Buffer } from 'node:buffer';

export class KeptOctets {
  /** How many there were. */
  length = 0;
  /** How many of them are kept. */
  kept = 0;
  readonly #most: number;
  #pieces: (Uint8Array | string)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @param octets text has one character an octet. Octets may be overwritten afterwards.
   * @returns how many more are kept than before.
   */
  add(octets: Uint8Array | string): number {
    this.length += octets.length;
    const room = Math.min(this.#most - this.kept, octets.length);
    if (room <= 0) return 0;
    this.kept += room;
    // A slice of a long text would keep the whole of it.
    if (typeof octets !== 'string') this.#pieces.push(octets.slice(0, room));
    else if (octets.length === room) this.#pieces.push(octets);
    else this.#pieces.push(Buffer.from(octets.slice(0, room), 'latin1'));
    return room;
  }

  /** Octets that nobody keeps. */
  skip(length: number): void {
    this.length += length;
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
