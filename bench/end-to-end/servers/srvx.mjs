/**
 * srvx, with the runtime's `Response` as its documentation shows, or with its own.
 *
 *     node srvx.mjs <port> [fast]
 */
import process from 'node:process';
import { FastResponse, serve } from 'srvx';

const [port, variant] = process.argv.slice(2);
const Response = variant === 'fast' ? FastResponse : globalThis.Response;

serve({
  fetch: () => new Response('Hello, world!'),
  port: Number(port),
  hostname: '127.0.0.1',
  silent: true,
});
