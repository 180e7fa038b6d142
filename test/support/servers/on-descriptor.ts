/** Serves on descriptor 3, and says when. */
import { serve } from '../../../src/index.ts';

const server = serve((_request, ctx) => new Response(`on port ${ctx.localAddress.port}`), { fd: 3 });
await server.ready;
process.stdout.write('ready\n');
