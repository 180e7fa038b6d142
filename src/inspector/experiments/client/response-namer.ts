/** Names the octets of a response as they come, for the transcript. Its content is hidden unless it is asked for. */
import { PART_NOTES } from '../../../annotation/part-notes.ts';
import type { PartLine } from '../../messages.ts';
import { contentLines } from '../../wording/content-lines.ts';
import { headLines } from '../../wording/head-lines.ts';
import { partOf } from '../../wording/part-lines.ts';
import type { Entry } from '../transcript.ts';

/** Content that is shown, in bytes of a piece. */
const MOST_SHOWN = 1_024;

export class ResponseNamer {
  readonly #shown: { readonly secrets: boolean; readonly bodies: boolean };
  #isChunked = false;
  isInContent = false;
  /** Chunk-sizes and line ends that have not been shown. */
  #framing = '';

  constructor(shown: { readonly secrets: boolean; readonly bodies: boolean }) {
    this.#shown = shown;
  }

  head(octets: string): PartLine[] {
    return headLines(octets, 'response', this.#shown.secrets);
  }

  beginContent(isChunked: boolean): void {
    this.#isChunked = isChunked;
    this.isInContent = true;
  }

  framing(octets: string): void {
    this.#framing += octets;
  }

  /** @param octets the framing before it, and the content. */
  content(entry: Entry, octets: string, length: number): void {
    const framing = this.#takeFraming(entry, octets.slice(0, octets.length - length));
    const text = octets.slice(octets.length - length);
    if (this.#isChunked && framing !== '') {
      entry.add(...contentLines(framing + text, true, this.#shown.bodies).map(shortened));
      return;
    }
    const last = entry.lines.at(-1);
    const part = last?.parts.at(-1);
    // It goes on: a line for each read would tell nothing.
    if (part?.kind === 'content') {
      entry.lines[entry.lines.length - 1] = {
        ...last!,
        parts: [...last!.parts.slice(0, -1), { ...part, length: part.length + length }],
      };
    } else {
      entry.add(...contentLines(text, false, this.#shown.bodies).map(shortened));
    }
  }

  endContent(entry: Entry, octets: string): void {
    this.isInContent = false;
    const framing = this.#takeFraming(entry, octets);
    if (framing !== '') entry.add(...contentLines(framing, true, this.#shown.secrets));
  }

  /** @returns the framing without the line end of the chunk before, which goes to that chunk. */
  #takeFraming(entry: Entry, octets: string): string {
    const framing = this.#framing + octets;
    this.#framing = '';
    if (!framing.startsWith('\r\n')) return framing;
    const last = entry.lines.at(-1);
    if (last?.parts.at(-1)?.kind === 'content') {
      const parts = [...last.parts, partOf('crlf', PART_NOTES.crlf, '\r\n')];
      entry.lines[entry.lines.length - 1] = { ...last, parts };
    }
    return framing.slice(2);
  }
}

const shortened = (line: PartLine): PartLine => ({
  ...line,
  parts: line.parts.map((part) =>
    part.text.length > MOST_SHOWN ? { ...part, text: part.text.slice(0, MOST_SHOWN) } : part,
  ),
});
