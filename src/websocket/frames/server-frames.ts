/** Frames as the server sends them, whole and unmasked (RFC 6455 §5.2): made once for many sockets. */
import { Buffer } from 'node:buffer';
import { BINARY, FINAL, TEXT } from './frame-decoder.ts';
import { headOf, latin1Of } from './frame-writer.ts';

/** Frames up to this size are written as text, together with others. */
const SHORT = 4 * 1024;

export class MadeFrame {
  readonly octets: Uint8Array;
  /** The octets as latin1 text, if they are few. */
  readonly short: string | undefined;

  /** @param octets of a whole unmasked frame. */
  constructor(octets: Uint8Array) {
    this.octets = octets;
    this.short = octets.length > SHORT ? undefined : latin1Of(octets);
  }

  static of(message: string | Uint8Array): MadeFrame {
    const payload = Buffer.from(message as string);
    const head = headOf(FINAL | (typeof message === 'string' ? TEXT : BINARY), payload.length);
    return new MadeFrame(Buffer.concat([Buffer.from(head, 'latin1'), payload]));
  }

  get message(): string | Uint8Array {
    const length = this.octets[1]!;
    const payload = this.octets.subarray(length === 127 ? 10 : length === 126 ? 4 : 2);
    return (this.octets[0]! & 0xf) === TEXT ? Buffer.from(payload).toString() : payload;
  }
}
