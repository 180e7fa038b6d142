/** The tarball that `npm pack` makes, once for all checks. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './commands.ts';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Tarball {
  readonly file: string;
  /** The paths of its files. */
  readonly contents: readonly string[];
  /** What can be imported without an optional package: `serval`, `serval/client` and so on. */
  readonly entries: readonly string[];
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export async function packTarball(scratch: string): Promise<Tarball> {
  const printed = await run(ROOT, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', scratch);
  const parsed = JSON.parse(printed) as Packed[] | Record<string, Packed>;
  // An array, or since npm 12 an object by name.
  const { filename, files } = Object.values(parsed)[0]!;
  return { file: join(scratch, filename), contents: files.map(({ path }) => path), entries: entriesOf() };
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

function entriesOf(): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const peers = Object.keys(manifest.peerDependencies);
  return Object.entries(manifest.exports).flatMap(([name, target]) => {
    if (typeof target === 'string') return [];
    const texts = [target.types, ...modulesBeside(target.default)].map((file) =>
      readFileSync(join(ROOT, file), 'utf8'),
    );
    const imports = peers.map((peer) => new RegExp(`from ["']${peer}\\b`));
    const needsPeer = imports.some((pattern) => texts.some((text) => pattern.test(text)));
    return needsPeer ? [] : [name.replace(/^\./, 'serval')];
  });
}

/** The modules of an entry that has a folder of its own. */
function modulesBeside(entry: string): string[] {
  const folder = dirname(entry);
  if (folder === './dist') return [];
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name));
}
