/**
 * Serval's WebSocket: sends each message back, or to all sockets.
 *
 *     node serval.js <port>
 *
 * The path `/all` subscribes to what is sent there.
 */
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type * as ServalModule from '../../../src/index.ts';
import type * as WebSocketModule from '../../../src/websocket/index.ts';
import { listenForCollect } from '../../end-to-end/servers/collect.ts';

/** Another build may be measured: the folder with its compiled `index.js`. */
const dist = process.env['SERVAL_DIST']!;
const load = (file: string): Promise<unknown> => import(pathToFileURL(join(dist, file)).href);
const { Response, serve } = (await load('index.js')) as typeof ServalModule;
const { Topics } = (await load('websocket/index.js')) as typeof WebSocketModule;

const topics = new Topics(process.env['BENCH_SHARED'] ? { shared: 'bench' } : {});

serve(
  (_request, ctx) => {
    const socket = ctx.upgradeWebSocket();
    socket.binaryType = 'arraybuffer';
    if (ctx.path === '/all') {
      topics.subscribe('all', socket);
      socket.onmessage = ({ data }) => void topics.publish('all', data as string);
    } else {
      socket.onmessage = ({ data }) => socket.send(data);
    }
    return new Response();
  },
  { port: Number(process.argv[2]), hostname: '127.0.0.1', backlog: 4096 },
);
listenForCollect();
