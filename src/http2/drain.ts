/**
 * Going away without losing a request (RFC 9113 §6.8): first a GOAWAY that only says so, and a PING. When the PING comes back, the
 * client has seen the GOAWAY, and a second one names the last request that is served.
 */
import type { OctetWriter } from '../octets/octet-writer.ts';
import { NO_ERROR } from './error-codes.ts';
import { writeGoAway, writePing } from './frame/frame-writer.ts';
import { LARGEST_WINDOW as LARGEST_STREAM } from './frame/settings.ts';

/** What the PING carries. */
const GOING: Uint8Array = Uint8Array.from('goingaway'.slice(0, 8), (letter) => letter.charCodeAt(0));

export class Drain {
  /** The client has been told, and its new requests are still served. */
  hasBegun = false;
  /** The last stream that is served; new ones are ignored. */
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

  /** Whether an answer to a PING is the one that it waits for. */
  isAnswered(octets: Uint8Array, start: number): boolean {
    return this.hasBegun && !this.isFinal && GOING.every((octet, i) => octet === octets[start + i]);
  }
}
