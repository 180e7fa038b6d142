/** What the tests supervise: an application that can be told to misbehave, by its data and by its requests. */
import process from 'node:process';
import { threadId } from 'node:worker_threads';
import { health } from '../../../src/health/index.ts';
import { workerData } from '../../../src/workers/index.ts';

export interface AppData {
  /** What `/` answers. */
  readonly text?: string;
  /** Thrown while the module is loaded. */
  readonly broken?: string;
}

const { text = 'hello', broken } = (workerData() ?? {}) as AppData;

if (broken !== undefined) {
  // As applications do that write such errors down and go on.
  for (const event of ['unhandledRejection', 'uncaughtException']) process.on(event, () => {});
  throw new Error(broken);
}

/** As a loop without an end would have it, but without what that would take from all others. */
function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

const answer = async (request: Request): Promise<Response> => {
  switch (new URL(request.url).pathname) {
    case '/':
      return new Response(text);
    case '/who':
      // Nobody else gets its share who accepts while this event loop stands still.
      standStill(20);
      return new Response(`${process.pid}.${threadId}`);
    case '/words':
      return new Response(JSON.stringify([process.argv.slice(2), process.env['SERVAL_TEST']]));
    case '/slow':
      await new Promise((resolve) => setTimeout(resolve, 300));
      return new Response('slow');
    case '/never':
      return new Promise<never>(() => {});
    case '/hang':
      standStill(Infinity);
      return new Response('never');
    case '/throw':
      setImmediate(() => {
        throw new Error('out of the blue');
      });
      return new Response('thrown');
    default:
      return new Response('Not Found', { status: 404 });
  }
};

export default health(answer);
