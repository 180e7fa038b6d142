/** Where things are, and which core they run on. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout; this file runs from build/bench/end-to-end/. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What is compiled of this folder. */
export const COMPILED = join(ROOT, 'build', 'bench', 'end-to-end');
/** The sources of this folder: what is not TypeScript is only there, and the peers' packages are. */
export const SOURCE = join(ROOT, 'bench', 'end-to-end');
export const PEERS = join(SOURCE, 'node_modules');
export const RESULTS = join(ROOT, 'bench', 'results');

export const SERVER_CORE = '0';
export const LOAD_CORE = '1';
