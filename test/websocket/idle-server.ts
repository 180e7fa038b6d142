/** A server of WebSockets in a thread of its own, whose heap holds nothing else. Each message of the parent is answered with the heap. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { Response, serve } from '../../src/index.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const server = serve(
  (_request, ctx) => {
    const socket = ctx.upgradeWebSocket({ protocol: ['graphql-transport-ws'] });
    socket.onmessage = ({ data }) => socket.send(data);
    return new Response();
  },
  { port: 0, hostname: '127.0.0.1' },
);
await server.ready;
parentPort!.postMessage([...server][0]!.address.port);
parentPort!.on('message', async () => {
  for (let times = 0; times < 3; times++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  parentPort!.postMessage(getHeapStatistics().used_heap_size);
});
