/** Where frameworks look for the client's address. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getRequestIP, H3 } from 'h3';
import { Hono } from 'hono';
import { serve } from '../../src/index.ts';

async function answerOf(handler: Parameters<typeof serve>[0]): Promise<unknown> {
  const server = serve(handler as never, { hostname: '127.0.0.1', port: 0 });
  await server.ready;
  try {
    const [listener] = server;
    return await (await fetch(`http://127.0.0.1:${listener!.address.port}/`)).json();
  } finally {
    await server.close();
  }
}

test("in Deno's form, as Hono's getConnInfo for Deno reads it", async () => {
  interface Env {
    remoteAddr: { hostname: string; port: number; transport: string };
  }
  const app = new Hono<{ Bindings: Env }>().get('/', (c) => {
    const { hostname, port, transport } = c.env.remoteAddr;
    return c.json({ hostname, transport, hasPort: port > 0 });
  });
  assert.deepEqual(await answerOf(app), { hostname: '127.0.0.1', transport: 'tcp', hasPort: true });
});

test("and in Bun's form, which asks the server", async () => {
  interface Env {
    server: { requestIP(request: Request): object | null };
  }
  const app = new Hono<{ Bindings: Env }>().get('/', (c) =>
    c.json([c.env.server.requestIP(c.req.raw), c.env.server.requestIP(new Request('http://a/'))]),
  );
  const [remote, other] = (await answerOf(app)) as [{ address: string; family: string }, null];
  assert.deepEqual([remote.address, remote.family, other], ['127.0.0.1', 'IPv4', null]);
});

test("h3's getRequestIP finds it", async () => {
  const app = new H3().get('/', (event) => ({ ip: getRequestIP(event) }));
  assert.deepEqual(await answerOf(app as never), { ip: '127.0.0.1' });
});
