/** Named pieces of octets, with the sentence and the section that explain each. */
import { sourceUrl } from '../../annotation/field-notes.ts';
import type { Part, PartLine } from '../messages.ts';

export interface Words {
  readonly name: string;
  readonly note: string;
  readonly source: string;
}

/** @param text one character an octet. */
export function partOf(kind: string, words: Words, text: string, isHidden = false): Part {
  const { length } = text;
  const { name, note, source } = words;
  const part = { kind, name, note, source, url: sourceUrl(source), length };
  return isHidden ? { ...part, text: '', isHidden } : { ...part, text };
}

export function lineOf({ name, note, source }: Words, parts: readonly Part[]): PartLine {
  return { title: name, note, source, url: sourceUrl(source), parts };
}
