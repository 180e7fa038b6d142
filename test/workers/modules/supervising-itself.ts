/** Forgets that it is a worker. */
import { supervise } from '../../../src/workers/index.ts';

supervise(import.meta.url, { hostname: '127.0.0.1' });
