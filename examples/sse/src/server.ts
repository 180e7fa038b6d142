/** A stream of server-sent events, and a page that shows it. */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Response, serve } from 'serval';

const PAGE = `<!doctype html><html lang="en"><title>Events</title><h1>Events</h1><ol></ol><script>
new EventSource('/events').onmessage = ({ data }) => {
  document.querySelector('ol').append(Object.assign(document.createElement('li'), { textContent: data }));
};
</script>`;

/** An event each second, until the client leaves or the server drains. A client that reconnects says what it has seen. */
async function* events(from: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  try {
    for (let id = from; ; id++) {
      yield encoder.encode(`id: ${id}\ndata: event ${id}\n\n`);
      await sleep(1000, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const server = serve(
  (request, ctx) => {
    if (ctx.path !== '/events') return new Response(PAGE, { headers: { 'Content-Type': 'text/html' } });
    const last = Number(request.headers.get('last-event-id') ?? 0);
    const ends = AbortSignal.any([request.signal, ctx.server.drainSignal]);
    return new Response(events(last + 1, ends), {
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
    });
  },
  { port: process.env['PORT'] ?? 4221 },
);
await server.ready;
console.log(`Listening at ${server.url}`);
process.once('SIGTERM', () => server.drain());
