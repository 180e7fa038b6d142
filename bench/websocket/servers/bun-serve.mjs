/* global Bun */
/** The same with Bun.serve, whose WebSockets are those of uWebSockets. */
import process from 'node:process';

process.on('SIGUSR2', () => Bun.gc(true));

Bun.serve({
  port: Number(process.argv[2]),
  hostname: '127.0.0.1',
  fetch(request, server) {
    const isForAll = new URL(request.url).pathname === '/all';
    if (!server.upgrade(request, { data: { isForAll } })) return new Response('none', { status: 400 });
  },
  websocket: {
    open(socket) {
      if (socket.data.isForAll) socket.subscribe('all');
    },
    message(socket, message) {
      if (!socket.data.isForAll) socket.send(message);
      else {
        // `publish` of a socket leaves the socket itself out.
        socket.publish('all', message);
        socket.send(message);
      }
    },
  },
});
