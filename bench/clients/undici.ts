/** The undici that is installed in this folder, with the types of the parts that are used here. */
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The sources of this folder, seen from build/bench/clients/. */
export const FOLDER = fileURLToPath(new URL('../../../bench/clients/', import.meta.url));

interface Init {
  readonly method: string;
  readonly body?: string;
  readonly dispatcher: object;
}

export interface Undici {
  readonly Agent: new (options: { connections: number }) => object;
  request(url: string, init: Init): Promise<{ body: { text(): Promise<string> } }>;
  fetch(url: string, init: Init): Promise<{ text(): Promise<string> }>;
}

/** undici 8 needs Node 22. Node 20 gets version 7. */
export const PACKAGE = Number(process.versions.node.split('.')[0]) >= 22 ? 'undici' : 'undici7';

export const undici = async (): Promise<Undici> =>
  (await import(pathToFileURL(join(FOLDER, 'node_modules', PACKAGE, 'index.js')).href)).default as Undici;
