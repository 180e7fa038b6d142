/** `node:http2` in a process of its own, because some scripts end it: an assertion of nghttp2 fails. Prints its port. */
import { startNodeHttp2Application } from './node-application.ts';

const { port } = await startNodeHttp2Application();
console.log(`port ${port}`);
