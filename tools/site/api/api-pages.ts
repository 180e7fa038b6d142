/** The API reference of the site: a page for each entry of the package, and one that lists them. Made from TypeDoc's JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstSentence, textOfComment } from './comment-text.ts';
import { placeOf } from './entry-order.ts';
import { type Entry, entryPage } from './entry-page.ts';
import { KIND, type Reflection } from './reflections.ts';

export interface ApiPage {
  /** `api/files`; `api/index` for the list. */
  readonly route: string;
  readonly title: string;
  readonly text: string;
}

/** An entry with the source that it is. */
export interface EntrySource {
  /** `serval/files`. */
  readonly name: string;
  /** `src/files/index.ts`. */
  readonly file: string;
}

/** The entries of the package that are modules. */
export function entriesOf(root: string): EntrySource[] {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, string | { types: string }>;
  };
  const entries = Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === 'string'
      ? []
      : [
          {
            name: `${name}${entry.slice(1)}`,
            file: target.types.replace(/^\.\/dist\/(.*)\.d\.ts$/, 'src/$1.ts'),
          },
        ],
  );
  return entries.sort((a, b) => placeOf(a.name) - placeOf(b.name));
}

/** `api/files` for `serval/files`. */
export const routeOfEntry = (name: string): string => `api/${name.replace(/^serval\//, '')}`;

/** @param project what `typedoc --json` wrote, parsed. */
export function apiPages(
  root: string,
  project: Reflection,
  sourceAddress: (file: string) => string,
): ApiPage[] {
  const modules = modulesOf(root, project);
  const addresses = addressesOf(modules);
  const entries: Entry[] = modules.map(({ name, file, exported }) => ({
    name,
    about: aboutOf(readFileSync(join(root, file), 'utf8')),
    exported,
  }));
  const pages = entries.map((entry) => ({
    route: routeOfEntry(entry.name),
    title: entry.name,
    text: entryPage(entry, addresses, sourceAddress),
  }));
  return [{ route: 'api/index', title: 'API', text: listOf(entries, addresses) }, ...pages];
}

interface Module extends EntrySource {
  readonly exported: readonly Reflection[];
}

function modulesOf(root: string, project: Reflection): Module[] {
  return entriesOf(root).map((entry) => {
    const module = (project.children ?? []).find(({ sources }) => sources?.[0]?.fileName === entry.file);
    if (module === undefined)
      throw new Error(`TypeDoc has not described ${entry.file}, which is ${entry.name}`);
    return { ...entry, exported: module.children ?? [] };
  });
}

/** Where each export is described. A type and a value of one name have addresses of their own. */
function addressesOf(modules: readonly Module[]): Map<number, string> {
  const addresses = new Map<number, string>();
  for (const { name, exported } of modules) {
    const taken = new Set<string>();
    for (const { id, name: exportedName, kind } of [...exported].sort(valuesFirst)) {
      if (kind === KIND.reference) continue;
      const anchor = taken.has(exportedName) ? `${exportedName}-type` : exportedName;
      taken.add(anchor);
      addresses.set(id, `/${routeOfEntry(name)}#${anchor}`);
    }
  }
  return addresses;
}

const isType = ({ kind }: Reflection): boolean => kind === KIND.interface || kind === KIND.alias;
const valuesFirst = (a: Reflection, b: Reflection): number => Number(isType(a)) - Number(isType(b));

function listOf(entries: readonly Entry[], addresses: ReadonlyMap<number, string>): string {
  const sections = entries.map(({ name, about, exported }) => {
    const rows = [...exported]
      .filter(({ kind }) => kind === KIND.function || kind === KIND.class || kind === KIND.variable)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((reflection) => {
        const { comment } = reflection.signatures?.[0]?.comment ? reflection.signatures[0] : reflection;
        const text = firstSentence(textOfComment(comment, addresses).about);
        return `- [\`${reflection.name}\`](${addresses.get(reflection.id)})${text === '' ? '' : `: ${text}`}`;
      });
    return `## [${name}](/${routeOfEntry(name)})\n\n${about}\n\n${rows.join('\n')}`;
  });
  return `# API reference

What each entry of the package exports, made from the docstrings of the source. A page of an entry also has its types and options.

${sections.join('\n\n')}`;
}

/** The comment at the top of a source, without the name of the entry: that is above it. */
function aboutOf(text: string): string {
  const [comment = ''] = /^\/\*\*[\s\S]*?\*\//.exec(text) ?? [];
  return comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .trim()
    .replace(/^`?serval[/\w]*`?: (\w)/i, (_start, letter: string) => letter.toUpperCase());
}
