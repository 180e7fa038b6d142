/**
 * Content for a terminal, with escapes in place of control characters, except for line breaks and tabs. Control characters
 * move the cursor, change colours and titles, and can hide a part of the content.
 */
import { withoutControls } from '../printable.ts';

export class TerminalText {
  readonly #decoder = new TextDecoder();
  /** A CR at the end, which is a part of a line break only if LF follows. */
  #held = '';

  add(octets: Uint8Array): string {
    const text = this.#held + this.#decoder.decode(octets, { stream: true });
    this.#held = text.endsWith('\r') ? '\r' : '';
    return shown(text.slice(0, text.length - this.#held.length));
  }

  end(): string {
    return shown(this.#held + this.#decoder.decode());
  }
}

const shown = (text: string): string =>
  text
    .split(/(\r?\n|\t)/)
    .map((part, i) => (i % 2 === 0 ? withoutControls(part) : part))
    .join('');
