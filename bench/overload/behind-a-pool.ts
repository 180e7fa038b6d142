/**
 * A handler that uses a bounded resource for a fixed time, such as a database behind a pool of connections. A request that
 * finds no free place waits for one without a time limit. With or without `serval/limit` in front.
 */
import { Response, serve } from '../../src/index.ts';
import { type ConcurrencyOptions, limit } from '../../src/limit/index.ts';
import type { Fixture } from '../../test/support/servers/launch.ts';

export interface PoolOptions {
  readonly places: number;
  /** Milliseconds that one request takes. */
  readonly service: number;
  readonly limit?: ConcurrencyOptions;
}

export default function behindAPool({ places, service, limit: limitOptions }: PoolOptions): Fixture {
  const line: (() => void)[] = [];
  let free = places;
  let inside = 0;

  const handler = async (): Promise<Response> => {
    inside++;
    if (free > 0) free--;
    else await new Promise<void>((resolve) => line.push(resolve));
    await new Promise((resolve) => setTimeout(resolve, service));
    const next = line.shift();
    if (next === undefined) free++;
    else next();
    inside--;
    return new Response('done');
  };
  const limited = limitOptions === undefined ? handler : limit(handler, limitOptions);
  return {
    server: serve(limited, { hostname: '127.0.0.1', port: 0 }),
    commands: {
      /** Requests in the handler, including those whose client has left. */
      inside: () => inside,
    },
  };
}
