/** Notes as a JSON API, written with Hono. Serval needs no adapter. */
import process from 'node:process';
import { Hono } from 'hono';
import { serve } from 'serval';

const notes = new Map<number, string>();
const app = new Hono();

app.get('/notes', (c) => c.json([...notes].map(([id, text]) => ({ id, text }))));
app.get('/notes/:id', (c) => {
  const text = notes.get(Number(c.req.param('id')));
  return text === undefined ? c.notFound() : c.json({ text });
});
app.post('/notes', async (c) => {
  const { text } = await c.req.json<{ text?: unknown }>();
  if (typeof text !== 'string') return c.json({ error: 'text: expected a string' }, 400);
  const id = notes.size + 1;
  notes.set(id, text);
  return c.json({ id, text }, 201, { Location: `/notes/${id}` });
});

const server = serve(app, { port: process.env['PORT'] ?? 4221 });
await server.ready;
console.log(`Listening at ${server.url}`);
// Requests in progress are answered; new connections are refused.
process.once('SIGTERM', () => server.drain());
