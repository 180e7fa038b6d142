/** The tarball that `npm pack` makes, once for all checks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
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
    const declarations = readFileSync(join(ROOT, target.types), 'utf8');
    const needsPeer = peers.some((peer) => new RegExp(`from ["']${peer}\\b`).test(declarations));
    return needsPeer ? [] : [name.replace(/^\./, 'serval')];
  });
}
