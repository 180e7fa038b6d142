/** Serves by itself, on the port that it is told. */
import { serve } from '../../../src/index.ts';

const server = serve(() => new Response('served'), { port: Number(process.argv[2]), hostname: '127.0.0.1' });
await server.ready;
