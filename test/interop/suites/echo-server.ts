/**
 * What h1spec tests: GET is answered 200, and whatever has content gets it back.
 *
 *     node build/test/interop/suites/echo-server.js [port]
 *
 * Listens on loopback; docs/CONFORMANCE-SUITES.md tells how to run the suite against it.
 */
import process from 'node:process';
import { Response, serve } from '../../../src/index.ts';

const port = Number(process.argv[2] ?? 8000);

// Collected and not streamed: the suite reads an answer in one go, so head and content have to leave in one write.
const echo = async (request: Request) => new Response(await request.text());

const server = serve(echo, { hostname: '127.0.0.1', port });
await server.ready;
console.log(`http://127.0.0.1:${port}/`);
