/** The module that each worker of `serval --workers` runs. */
import process from 'node:process';
import { workerData } from '../../workers/index.ts';
import { type Served, startServer } from './served.ts';

// The reader of a pipe may exit; that must not end the worker.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

// After a reload, long downloads go on until the supervisor ends this process.
await startServer(workerData() as Served, 0);
