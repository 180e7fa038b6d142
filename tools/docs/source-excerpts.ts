/**
 * Pages that show pieces of the source, by reference. A comment names the file and a declaration in it, and the code block
 * below the comment is filled from there:
 *
 *     <!-- source: src/http1/persistence.ts #connectionPersists -->
 *
 * The name is that of a function, class, constant, interface, type or member, or `case NAME` for a branch of a `switch`.
 * `from "…"` and `to "…"` behind it choose the lines between the first ones with these texts. Without a name, the whole file is
 * shown.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK =
  /^(<!-- source: (\S+?)(?: #([^"\n]*?))?(?: from "([^"\n]*)")?(?: to "([^"\n]*)")? -->)\n```ts\n.*?^```$/gms;
const MARK = '<!-- source:';
/** A reader takes in so many lines at once. Whole files are another matter. */
const MOST_LINES = 24;

/** The pages below `docs/` with excerpts, by path. */
export function pagesWithExcerpts(root: string): string[] {
  return readdirSync(join(root, 'docs'), { recursive: true })
    .map((name) => `docs/${String(name).replaceAll('\\', '/')}`)
    .filter((page) => page.endsWith('.md') && readFileSync(join(root, page), 'utf8').includes(MARK))
    .sort();
}

/** The page with its excerpts as the sources are now. */
export function withExcerpts(root: string, page: string): string {
  const text = readFileSync(join(root, page), 'utf8');
  let filled = 0;
  const result = text.replace(
    BLOCK,
    (_all, mark: string, file: string, name?: string, from?: string, to?: string) => {
      filled++;
      const source = readFileSync(join(root, file), 'utf8');
      return `${mark}\n\`\`\`ts\n${excerptOf(source, file, { name, from, to })}\n\`\`\``;
    },
  );
  if (text.split(MARK).length - 1 !== filled)
    throw new Error(`${page}: a source comment has no ts block below it`);
  return result;
}

interface Choice {
  readonly name?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** @throws {Error} if the source has no such lines, or too many. */
export function excerptOf(source: string, file: string, { name, from, to }: Choice): string {
  const lines = source.trimEnd().split('\n');
  if (name === undefined) return lines.join('\n');
  const [start, end] = declaration(lines, name, file);
  const find = (text: string | undefined, after: number, otherwise: number): number => {
    if (text === undefined) return otherwise;
    const at = lines.findIndex((line, index) => index >= after && index < end && line.includes(text));
    if (at < 0) throw new Error(`${file}: ${name} has no line with ${text}`);
    return at;
  };
  const first = find(from, start, start);
  const last = find(to, first, end - 1);
  const shown = lines.slice(first, last + 1);
  if (shown.length > MOST_LINES)
    throw new Error(`${file}: ${name} takes ${shown.length} lines, expected at most ${MOST_LINES}`);
  const indentation = Math.min(...shown.filter((line) => line !== '').map(indentationOf));
  return shown.map((line) => line.slice(indentation)).join('\n');
}

/** The lines of a declaration and of the comment above it: the first, and the one behind the last. */
function declaration(lines: readonly string[], name: string, file: string): [number, number] {
  const found = lines.flatMap((line, index) => (declares(line, name) ? [index] : []));
  const [line] = found;
  if (line === undefined || found.length > 1)
    throw new Error(`${file}: expected one declaration of ${name}, found ${found.length}`);
  const indentation = indentationOf(lines[line]!);
  let end = line;
  if (!lines[line]!.endsWith(';')) {
    const closes = new RegExp(`^ {${indentation}}[\\]})](?!.*[({[]$)`);
    do end++;
    while (end < lines.length && !closes.test(lines[end]!));
  }
  let start = line;
  while (start > 0 && /^\s*(\/\*\*|\*|\/\/)/.test(lines[start - 1]!)) start--;
  return [start, end + 1];
}

function declares(line: string, name: string): boolean {
  const word = name.replace(/[$^*+?.()[\]{}|\\]/g, '\\$&');
  if (name.startsWith('case ')) return new RegExp(`^\\s*${word}:( \\{)?$`).test(line);
  const named = '(export )?(async )?(abstract )?(function|const|let|class|interface|type|enum)';
  if (new RegExp(`^\\s*${named} ${word}\\b`).test(line)) return true;
  // A member: `name(…) {`, `get name(): T {`, `readonly #name = …;`
  return new RegExp(`^ {2}((async|get|set|static|readonly|override) )*#?${word}(\\(.*[{(]|[:?].*;)$`).test(
    line,
  );
}

const indentationOf = (line: string): number => line.length - line.trimStart().length;
