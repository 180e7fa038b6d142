/** Sockets that publish what they get to all subscribers, in every worker. Some messages tell a worker what else to do. */
import process from 'node:process';
import { threadId } from 'node:worker_threads';
import type { ServerContext } from '../../../src/index.ts';
import { Topics } from '../../../src/websocket/index.ts';

const topics = new Topics({ shared: 'test' });
const others = new Topics({ shared: 'others' });

const BLOCK_MS = 1_500;

export default (_request: Request, ctx: ServerContext): Response => {
  const socket = ctx.upgradeWebSocket({ deflate: true });
  socket.binaryType = 'arraybuffer';
  socket.send(`${process.pid}.${threadId}`);
  topics.subscribe('room', socket);
  socket.onmessage = ({ data }) => {
    if (data === 'die') process.exit(7);
    else if (data === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCK_MS);
    else if (data === 'others') others.publish('room', 'for nobody');
    else if (data === 'flood') void flood();
    else topics.publish('room', data as string | ArrayBuffer, socket);
  };
  return new Response();
};

/** More than may wait for a worker that is blocked. */
async function flood(): Promise<void> {
  for (let round = 0; round < 8; round++) {
    for (let sent = 0; sent < 4; sent++) topics.publish('nobody', new Uint8Array(2 ** 20));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
