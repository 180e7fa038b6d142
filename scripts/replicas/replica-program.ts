/**
 * `replica-program.js <address> <port> <balancer>`: the application, with health checks, which ends on
 * SIGTERM as a server behind a balancer should.
 */
import process from 'node:process';
import { health } from '../../src/health/index.ts';
import { serve } from '../../src/index.ts';
import application from '../lives/application.ts';

/** As in `deploy/haproxy.cfg`. */
const DELAY_MS = 5_000;
const GRACE_MS = 5_000;

const [hostname = '127.0.0.1', port, balancer = '127.0.0.1'] = process.argv.slice(2);
const server = serve(health(application), {
  hostname,
  port: Number(port),
  proxy: { protocol: true, trusted: [balancer] },
});
await server.ready;
process.once('SIGTERM', () => void server.drain({ delay: DELAY_MS, grace: GRACE_MS }));
