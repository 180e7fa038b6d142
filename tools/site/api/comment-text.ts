/** Docstrings as Markdown, with links to what they name. */
import type { Comment, CommentPart } from './reflections.ts';

/** Where on the site a reflection is described, or `undefined` for one that is not. */
export type Addresses = ReadonlyMap<number, string>;

export interface TextOfComment {
  /** The description, without tags. */
  readonly about: string;
  readonly defaultValue: string;
  readonly returns: string;
  readonly throws: readonly string[];
  readonly examples: readonly string[];
}

export function textOfComment(comment: Comment | undefined, addresses: Addresses): TextOfComment {
  const tagged = (name: string): string[] =>
    (comment?.blockTags ?? [])
      .filter(({ tag }) => tag === name)
      .map(({ content }) => markdown(content, addresses));
  return {
    about: markdown(comment?.summary ?? [], addresses),
    defaultValue: withoutFence(tagged('@default')[0] ?? tagged('@defaultValue')[0] ?? ''),
    returns: tagged('@returns')[0] ?? '',
    throws: tagged('@throws'),
    examples: tagged('@example'),
  };
}

/** The first sentence of a docstring. */
export function firstSentence(text: string): string {
  const paragraph = (text.split('\n\n')[0] ?? '').replace(/\s+/g, ' ');
  return /^.*?\.(?= [A-Z`]|$)/.exec(paragraph)?.[0] ?? paragraph;
}

export function markdown(parts: readonly CommentPart[], addresses: Addresses): string {
  return parts
    .map((part) => {
      if (part.kind === 'code') return part.text;
      if (part.kind === 'text') return escaped(part.text);
      const address = typeof part.target === 'number' ? addresses.get(part.target) : undefined;
      return address === undefined ? `\`${part.text}\`` : `[\`${part.text}\`](${address})`;
    })
    .join('')
    .trim();
}

/** Pages of Vue read HTML and double braces; a docstring means neither. */
const escaped = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;');

/** TypeDoc puts a default into a block of code, which is more than a value needs. */
function withoutFence(text: string): string {
  const [, code] = /^```ts\n([\s\S]*?)\n```$/.exec(text) ?? [];
  if (code === undefined) return text;
  return isExpression(code) ? `\`${code}\`` : escaped(code);
}

/** Whether a default is a value, and not a sentence. */
const isExpression = (text: string): boolean =>
  /^(?:[\w.]+|'[^']*'|"[^"]*"|[\d_*+ .-]+|\[.*\]|\{.*\})$/.test(text);
