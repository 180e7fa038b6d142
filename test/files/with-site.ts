/** A folder that is served for one test, over real sockets, in this very process. */
import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { files } from '../../src/files/files.ts';
import type { FilesOptions } from '../../src/files/options.ts';
import { message, type Running, withServer } from '../server/with-server.ts';
import type { ParsedResponse } from '../support/response-parser.ts';

/** Contents by path. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

export interface RunningSite extends Running {
  /** The folder that is served. Its parent is the test's as well, and is not served. */
  readonly root: string;
  /** GET, or another method, with field lines: `ask-ed` over a connection of its own. */
  at(path: string, ...fields: string[]): Promise<ParsedResponse>;
  head(path: string, ...fields: string[]): Promise<ParsedResponse>;
}

/** When the files of a tree were modified: Sun, 06 Nov 1994 08:49:37 GMT, and not a whole second. */
export const MODIFIED = 784_111_777.25;
export const LAST_MODIFIED = 'Sun, 06 Nov 1994 08:49:37 GMT';

export async function withTree(tree: Tree, use: (root: string) => Promise<void>): Promise<void> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'serval-files-')));
  const root = join(base, 'root');
  try {
    await mkdir(root);
    for (const [path, content] of Object.entries(tree)) await put(root, path, content);
    await use(root);
  } finally {
    await rm(base, { recursive: true });
  }
}

/** Until the files that were written last could not change once more within the tick of their file system. */
export const atRest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

/** Writes a file that looks as if it had been there for long. */
export async function put(root: string, path: string, content: string | Uint8Array): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  await utimes(file, MODIFIED, MODIFIED);
}

export async function withSite(
  tree: Tree,
  options: FilesOptions,
  use: (site: RunningSite) => Promise<void>,
): Promise<void> {
  await withTree(tree, async (root) => {
    await atRest();
    await withServer(files(root, options), (running) => {
      const ask = (method: string, path: string, fields: string[]) =>
        running.ask(message(`${method} ${path}`, fields));
      return use({
        ...running,
        root,
        at: (path, ...fields) => ask('GET', path, fields),
        head: (path, ...fields) => ask('HEAD', path, fields),
      });
    });
  });
}
