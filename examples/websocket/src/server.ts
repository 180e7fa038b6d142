/** A chat: what one browser sends, all others get. */
import process from 'node:process';
import { Response, serve } from 'serval';
import { Topics } from 'serval/websocket';

const PAGE = `<!doctype html><html lang="en"><title>Chat</title><h1>Chat</h1><ol></ol>
<form><label>Message <input autofocus></label> <button>Send</button></form><script>
const show = (text) => document.querySelector('ol').append(Object.assign(document.createElement('li'), { textContent: text }));
const socket = new WebSocket(location.href.replace(/^http/, 'ws'));
socket.onmessage = ({ data }) => show(data);
document.querySelector('form').onsubmit = (event) => {
  event.preventDefault();
  const input = document.querySelector('input');
  socket.send(input.value);
  show('You: ' + input.value);
  input.value = '';
};
</script>`;

const topics = new Topics();
let visitors = 0;

const server = serve(
  (request, ctx) => {
    if (request.headers.get('upgrade') !== 'websocket')
      return new Response(PAGE, { headers: { 'Content-Type': 'text/html' } });
    const socket = ctx.upgradeWebSocket({ maxMessageSize: 10_000 });
    const name = `Visitor ${++visitors}`;
    topics.publish('chat', `${name} is here`);
    topics.subscribe('chat', socket);
    socket.onmessage = ({ data }) => topics.publish('chat', `${name}: ${data}`, socket);
    socket.onclose = () => topics.publish('chat', `${name} has left`);
    // What follows an upgrade is dropped.
    return new Response();
  },
  { port: process.env['PORT'] ?? 4221 },
);
await server.ready;
console.log(`Listening at ${server.url}`);
process.once('SIGTERM', () => server.close());
