/** An application with metrics; its requests are the ones with status 201. */
import process from 'node:process';
import { threadId } from 'node:worker_threads';
import { Response } from '../../../src/index.ts';
import { metrics } from '../../../src/metrics/index.ts';

/** So that other workers get their share of the connections. */
const answer = (): Response => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  return new Response(`${process.pid}.${threadId}`, { status: 201 });
};

// The second source has other series, so a mixture would show.
metrics(answer, { limit: { counts: { running: 1, waiting: 0, refused: 0 } } });
export default metrics(answer);
