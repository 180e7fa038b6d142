/** The same with `ws` on `node:http`. */
import http from 'node:http';
import process from 'node:process';
import { WebSocket, WebSocketServer } from 'ws';
import { listenForCollect } from '../../end-to-end/servers/collect.ts';

const server = http.createServer();
const wss = new WebSocketServer({ server, perMessageDeflate: false });
const all = new Set<WebSocket>();

wss.on('connection', (socket, request) => {
  socket.on('error', () => {});
  if (request.url !== '/all') {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    return;
  }
  all.add(socket);
  socket.on('close', () => all.delete(socket));
  socket.on('message', (data, isBinary) => {
    for (const each of all) if (each.readyState === WebSocket.OPEN) each.send(data, { binary: isBinary });
  });
});
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
listenForCollect();
