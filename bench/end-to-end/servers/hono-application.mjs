/** The same application for all servers. */
import { Hono } from 'hono';

export const app = new Hono();
app.get('/', (c) => c.text('Hello, world!'));
app.get('/users/:id', (c) => c.json({ id: c.req.param('id'), agent: c.req.header('user-agent') }));
app.get('/stream', () => {
  const chunk = new Uint8Array(1024).fill(0x61);
  let left = 10;
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(chunk);
      left--;
      if (left === 0) controller.close();
    },
  });
  return new Response(body);
});
