/**
 * Reads the imports between the sources of this checkout from their text, and finds the circles among them. Type imports count.
 *
 *     npm run circles      prints the number of circles in each tree and across trees; fails if there is one
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The trees in which circles are counted. */
export const TREES = ['src', 'bench', 'tools', 'test/support', 'test', 'deploy', 'examples'];

export interface Source {
  /** Its path below the root: `src/http1/persistence.ts`. */
  readonly file: string;
  readonly text: string;
  /** Paths below the root, or the names of packages and built-in modules. */
  readonly imports: readonly string[];
}

/** Quoted specifiers of imports and re-exports, and of `import()` with a literal. */
const STATIC_IMPORT = /^(?:import|export)\s+(?:type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*['"]([^'"$]+)['"]\s*\)/g;

export function sourcesBelow(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.includes('/node_modules/'))
    .sort()
    .map(read);
}

function read(file: string): Source {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const imports = [...text.matchAll(STATIC_IMPORT), ...text.matchAll(DYNAMIC_IMPORT)].map(
    ([, specifier = '']) =>
      specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier,
  );
  return { file, text, imports };
}

/** @returns each circle as the files on it (Tarjan's strongly connected components of more than one file). */
export function circlesAmong(sources: readonly Source[]): string[][] {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const target of byFile.get(file)!.imports) {
      if (!byFile.has(target)) continue;
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle);
  };
  for (const { file } of sources) if (!order.has(file)) visit(file);
  return circles;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const everything = [
    ...new Map(TREES.flatMap(sourcesBelow).map((source) => [source.file, source])).values(),
  ];
  const counted = [...TREES.map((tree) => [tree, sourcesBelow(tree)] as const), ['all', everything] as const];
  for (const [tree, sources] of counted) {
    const circles = circlesAmong(sources);
    console.log(`${tree}: ${circles.length} import circles`);
    for (const circle of circles) console.log(`  ${circle.join(' ')}`);
    if (circles.length > 0) process.exitCode = 1;
  }
}
