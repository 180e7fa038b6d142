/** What compiles in every project: with the library DOM, with `@types/node`, and with neither. */
import {
  type ConnectContext,
  type FetchFunction,
  type Listener,
  PROTOCOL_MARKER,
  Response,
  type Server,
  type ServerContext,
  serve,
} from 'serval';
import { Client } from 'serval/client';
import { compression } from 'serval/compression';
import { files } from 'serval/files';
import { health } from 'serval/health';
import { limit } from 'serval/limit';
import type { ServerWebSocket } from 'serval/websocket';
import { supervise } from 'serval/workers';

/** Fails to compile if `T` is `any`, which would hide all other faults. */
type Checked<T> = 0 extends 1 & T ? never : T;

const server: Checked<Server> = serve(
  async (request, ctx, again) => {
    const { method, url, headers, signal }: Checked<typeof request> = request;
    const path: Checked<string> = ctx.path;
    const address: Checked<string> = ctx.remoteAddress.address;
    const subject: Checked<string | undefined> = ctx.peerCertificate?.subject;
    again.waitUntil(Promise.resolve());
    if (signal.aborted || headers.get('x-none') !== null) ctx.deny();
    if (method === 'POST') return new Response(request.body);
    // @ts-expect-error a context has no such member
    ctx.nonsense;
    // @ts-expect-error nor has a request
    request.nonsense;
    return Response.json([url, path, address, subject, await request.text()], { status: 201 });
  },
  { port: 0, hostname: '127.0.0.1', timeouts: { idle: 65_000 }, limits: { maxRequestBodySize: 2 ** 20 } },
);

// @ts-expect-error an object without a meaning is no body
new Response({ nonsense: 1 });
new Response('text', { headers: { 'content-type': 'text/plain' } });
new Response(new Uint8Array(3), { headers: [['x-list', 'a']], trailers: () => ({ 'x-sum': '1' }) });

// The handlers of Bun and of Workers; one of the draft, with its marker in both spellings.
serve({
  fetch(request, ctx) {
    // @ts-expect-error
    ctx.nonsense;
    return new Response(`${request.url} ${ctx.path}`);
  },
});
serve({
  [PROTOCOL_MARKER]: 1,
  fetch(ctx) {
    ctx.sendInformational(103, { Link: '</style.css>; rel=preload; as=style' });
    // @ts-expect-error
    ctx.nonsense;
    return new Response(ctx.request.url);
  },
  error: (ctx, error) => new Response(`${ctx.path} ${error}`, { status: 500 }),
  async connect(ctx: ConnectContext) {
    const socket: Checked<ServerWebSocket> = ctx.upgradeWebSocket({ maxMessageSize: 1024 });
    socket.onmessage = ({ data }) => socket.send(data);
    await socket.drained();
  },
});
serve({
  [Symbol.for('wintertc.server.protocol')]: 1,
  fetch: (ctx) => new Response(ctx.path),
});
// @ts-expect-error a number is no response
serve(() => 5);
// @ts-expect-error no such option
serve(() => new Response('a'), { prot: 80 });

// The application of a framework, whose environment is its own.
class Framework {
  readonly routes: string[] = [];
  fetch(request: { url: string }, env?: { secret: string }): Promise<Response> {
    return Promise.resolve(new Response(request.url + env?.secret));
  }
}
serve(new Framework());
serve(new Framework().fetch);

const handler: FetchFunction = (request, ctx: ServerContext) => new Response(request.url + ctx.path);
serve(compression(handler, { threshold: 0 }));
serve(health(limit(handler, { concurrency: 10 })));
serve(files('public', { compress: true }));

const listeners: Listener[] = [...server];
// @ts-expect-error internals are not shown
listeners[0]?.settings;
// @ts-expect-error
server.handlers;

export async function ask(): Promise<string> {
  await server.ready;
  const client = new Client({ timeouts: { connect: 1000 } });
  // @ts-expect-error
  client.sweep;
  const response = await client.fetch(server.url!, { method: 'POST', body: 'text' });
  const text: Checked<string> = await response.text();
  const trailers = await response.trailers;
  await client.close();
  await server.drain({ grace: 1000 });
  await supervise('./app.js', { workers: 2 }).ready;
  return `${response.status} ${trailers.get('x-sum')} ${text}`;
}
