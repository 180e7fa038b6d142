/** A server with health checks, for tests of what its process has left. */
import { health } from '../../../src/health/index.ts';
import { Response, serve } from '../../../src/index.ts';
import type { Fixture } from '../../support/servers/launch.ts';

export default function checked(): Fixture {
  return {
    server: serve(
      health(() => new Response('hello')),
      { hostname: '127.0.0.1', port: 0 },
    ),
  };
}
