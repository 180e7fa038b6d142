/** A Serval that sends each message back, and WebSockets of a client to it, over both versions of HTTP. */
import { test } from 'node:test';
import { Client, WebSocket, type WebSocketOptions } from '../../../src/client/index.ts';
import { type ConnectContext, PROTOCOL_MARKER, Response, type Server, serve } from '../../../src/index.ts';
import type { ServerWebSocket, WebSocketUpgradeInit } from '../../../src/websocket/index.ts';
import { VERSIONS } from '../with-client.ts';
import { opened } from './events.ts';

export interface Running extends AsyncDisposable {
  readonly server: Server;
  readonly client: Client;
  readonly url: string;
  /** Those of the server, in the order of their handshakes. */
  readonly sockets: ServerWebSocket[];
  /** A WebSocket that is open. */
  open(options?: WebSocketOptions): Promise<WebSocket>;
}

/** @param onSocket instead of sending each message back. */
export type WithEcho = (
  init?: WebSocketUpgradeInit,
  onSocket?: (socket: ServerWebSocket) => void,
) => Promise<Running>;

/** A test of what must be the same over both versions. */
export function testEach(title: string, run: (using: WithEcho, version: string) => Promise<void>): void {
  for (const { version, options } of VERSIONS)
    test(`${title} (HTTP/${version})`, () =>
      run((init, onSocket) => running(new Client(options), init, onSocket), version));
}

async function running(
  client: Client,
  init?: WebSocketUpgradeInit,
  onSocket: (socket: ServerWebSocket) => void = echo,
): Promise<Running> {
  const sockets: ServerWebSocket[] = [];
  const server = serve(
    {
      [PROTOCOL_MARKER]: 1 as const,
      fetch: () => new Response('plain'),
      connect(ctx: ConnectContext) {
        const socket = ctx.upgradeWebSocket(init);
        sockets.push(socket);
        onSocket(socket);
      },
    },
    { port: 0, hostname: '127.0.0.1' },
  );
  await server.ready;
  server.closed.catch(() => {});
  const url = `ws://127.0.0.1:${[...server][0]!.address.port}/`;
  return {
    ...{ server, client, url, sockets },
    open: (options) => opened(new WebSocket(url, { client, ...options })),
    async [Symbol.asyncDispose]() {
      await client.destroy();
      await server.destroy();
    },
  };
}

function echo(socket: ServerWebSocket): void {
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }) => socket.send(data);
}
