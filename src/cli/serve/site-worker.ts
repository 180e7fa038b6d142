/** What each worker of `serval --workers` runs. */
import process from 'node:process';
import { workerData } from '../../workers/index.ts';
import { type Served, startServer } from './served.ts';

// Whoever reads us may have stopped: that is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

await startServer(workerData() as Served);
