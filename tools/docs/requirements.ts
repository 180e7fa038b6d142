/**
 * The requirements that tests hold, read from the titles of the tests.
 *
 * No test has to run for this. In `test/`, every string literal without substitutions that begins with
 * `RFC <number> §<section>: ` is the title of a test: the first argument of `test()`, or the `title` of a row of a table. A row
 * with a `todo` does not hold yet: the report lists it with the reason, and does not count it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface Requirement {
  readonly rfc: string;
  readonly section: string;
  readonly sentence: string;
  /** The path of the test below the root. */
  readonly file: string;
  /** Why the test is known to fail. */
  readonly todo: string | undefined;
}

/** A quote, then the title up to the same quote; a backslash escapes the next character. */
const TITLE = /(['"`])RFC (\d{4}) §([0-9A-Z][0-9A-Za-z.]*): ((?:\\.|(?!\1)[^\\\n])+)\1/g;

/** The member `todo` after a row's title. */
const TODO = /^\s*todo: (['"`])((?:\\.|(?!\1)[^\\\n])+)\1/m;

/** @returns the requirements in the order of the RFCs. */
export function requirementsIn(root: string): Requirement[] {
  const found: Requirement[] = [];
  for (const entry of readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    found.push(...requirementsOf(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')));
  }
  // The sort is stable: within a file, requirements stay in the order of the tests.
  return found.sort(
    (a, b) => Number(a.rfc) - Number(b.rfc) || bySection(a.section, b.section) || byFile(a.file, b.file),
  );
}

function requirementsOf(file: string, text: string): Requirement[] {
  const matches = [...text.matchAll(TITLE)];
  return matches.flatMap((match, index) => {
    const [title, quote = '', rfc = '', section = '', literal = ''] = match;
    if (quote === '`' && literal.includes('${')) return [];
    const row = text.slice(match.index + title.length, matches[index + 1]?.index);
    const todo = TODO.exec(row)?.[2];
    return [{ rfc, section, sentence: asMarkdown(literal), file, todo: todo && asMarkdown(todo) }];
  });
}

/** The number of different requirements; several tests may hold the same one. */
export function countOf(requirements: readonly Requirement[]): number {
  const held = requirements.filter(({ todo }) => todo === undefined);
  return new Set(held.map(({ rfc, section, sentence }) => `${rfc} ${section} ${sentence}`)).size;
}

export function grouped(
  requirements: readonly Requirement[],
  key: (requirement: Requirement) => string,
): Map<string, Requirement[]> {
  const groups = new Map<string, Requirement[]>();
  for (const requirement of requirements) {
    const group = groups.get(key(requirement));
    if (group === undefined) groups.set(key(requirement), [requirement]);
    else group.push(requirement);
  }
  return groups;
}

/** The suite in the RFCs' order comes first: it tests at the wire. */
function byFile(a: string, b: string): number {
  const rank = (file: string) => Number(!file.startsWith('test/conformance/rfc'));
  return rank(a) - rank(b) || a.localeCompare(b);
}

/** §6.3 before §6.10, appendices after the numbers. */
function bySection(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const one = left[i] ?? '';
    const other = right[i] ?? '';
    if (one === other) continue;
    const difference = Number(one) - Number(other);
    return Number.isNaN(difference) ? one.localeCompare(other) : difference;
  }
  return 0;
}

function asMarkdown(literal: string): string {
  return literal.replace(/\\(['"`\\])/g, '$1').replace(/[|<>*_[\]]/g, '\\$&');
}
