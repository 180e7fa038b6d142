/** A program that holds connections, each waiting for server-sent events: `clients.js HOST PORT PATH`. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import process from 'node:process';
import { answerQuestions } from './asked-program.ts';

const [host = '', port = '', path = ''] = process.argv.slice(2);
/** Connections at once that wait for their first event: the queue of a listening socket has 511 places. */
const MOST_AT_ONCE = 100;

const sockets: Socket[] = [];

await answerQuestions({
  connect: async (count) => {
    for (let left = count; left > 0; left -= MOST_AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(left, MOST_AT_ONCE) }, open));
  },
  // A closed tab, Ctrl-C in curl: the last segment that the server gets is the FIN.
  fin: () => leave((socket) => socket.end()),
  rst: () => leave((socket) => socket.resetAndDestroy()),
  // They have no network any more: nothing of this reaches the server.
  forget: () => leave((socket) => socket.destroy()),
});
process.exit();

async function open(): Promise<void> {
  const socket = connect({ host, port: Number(port) });
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: leavers\r\nAccept: text/event-stream\r\n\r\n`);
  let received = '';
  const hear = (octets: Buffer): void => {
    received += octets.toString('latin1');
    if (received.includes('data: ')) socket.emit('first event');
  };
  socket.on('data', hear);
  await once(socket, 'first event');
  socket.off('data', hear);
  socket.resume();
  sockets.push(socket);
}

function leave(how: (socket: Socket) => void): void {
  for (const socket of sockets.splice(0)) how(socket);
}
