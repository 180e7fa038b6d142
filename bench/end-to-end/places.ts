/** The folders and cores of the benchmark. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout; this file runs from build/bench/end-to-end/. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** The compiled files of this folder. */
export const COMPILED = join(ROOT, 'build', 'bench', 'end-to-end');
/** The sources of this folder; files other than TypeScript and the peers' packages exist only there. */
export const SOURCE = join(ROOT, 'bench', 'end-to-end');
export const PEERS = join(SOURCE, 'node_modules');
export const RESULTS = join(ROOT, 'bench', 'results');

export const SERVER_CORE = '0';
export const LOAD_CORE = '1';
