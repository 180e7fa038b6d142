/**
 * Closes a connection without losing a request (RFC 9113 §6.8). The first GOAWAY announces it, and a PING follows. When the PING
 * is acknowledged, the client has seen the GOAWAY. A second GOAWAY then names the last request that is served.
 */
import type { OctetWriter } from '../octets/octet-writer.ts';
import { NO_ERROR } from './error-codes.ts';
import { writeGoAway, writePing } from './frame/frame-writer.ts';
import { LARGEST_WINDOW as LARGEST_STREAM } from './frame/settings.ts';

/** The octets of the PING. */
const GOING: Uint8Array = Uint8Array.from('goingaway'.slice(0, 8), (letter) => letter.charCodeAt(0));

export class Drain {
  /** The first GOAWAY was sent. */
  hasBegun = false;
  /** The last stream that is served. Streams after it are ignored. */
  lastStream: number = LARGEST_STREAM;
  readonly #out: OctetWriter;

  constructor(out: OctetWriter) {
    this.#out = out;
  }

  get isFinal(): boolean {
    return this.lastStream !== LARGEST_STREAM;
  }

  begin(): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    writeGoAway(this.#out, LARGEST_STREAM, NO_ERROR, '');
    writePing(this.#out, 0, GOING, 0);
  }

  finish(lastStream: number, code: number): void {
    if (this.isFinal) return;
    this.hasBegun = true;
    this.lastStream = lastStream;
    writeGoAway(this.#out, lastStream, code, '');
  }

  /** Whether this acknowledgement of a PING is the expected one. */
  isAnswered(octets: Uint8Array, start: number): boolean {
    return this.hasBegun && !this.isFinal && GOING.every((octet, i) => octet === octets[start + i]);
  }
}
