/** srvx with the `Response` that its documentation calls the fast one. */
import process from 'node:process';
import { FastResponse, serve } from 'srvx';

serve({
  fetch: () => new FastResponse('Hello, world!', { headers: { 'Content-Type': 'text/plain' } }),
  port: Number(process.argv[2]),
  hostname: '127.0.0.1',
  silent: true,
});
