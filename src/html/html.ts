/** Text that is already HTML. Only {@link html} makes it from other text, and escapes that text first. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Insert = string | number | Markup | readonly Markup[];

/** A template. It escapes its inserts, except those that are Markup already. */
export function html(literals: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  let text = literals[0]!;
  for (let i = 0; i < inserts.length; i++) {
    text += markupOf(inserts[i]!) + literals[i + 1]!;
  }
  return new Markup(text);
}

function markupOf(insert: Insert): string {
  if (insert instanceof Markup) return insert.text;
  if (typeof insert !== 'object') return escaped(String(insert));
  let text = '';
  for (const markup of insert) text += markup.text;
  return text;
}

const REFERENCES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => REFERENCES[character]!);
}
