/**
 * Content as a terminal may get it. Whoever makes the content could otherwise move the cursor, change colours and titles, or
 * hide a part of it: control characters are shown as escapes, except for line breaks and tabs.
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
