/** What the welcome page offers: a form that sends another request, and commands for the other resources. */

import { html, type Markup } from '../html/html.ts';
import type { SocketAddress } from '../io/socket-address.ts';

/** Sends the page a request of either method. The page shows what has arrived. */
export const ASK_AGAIN: Markup = html`<form action="/" class="ask">
<label for="text">Send another request</label>
<input id="text" name="text" value="hello" autocomplete="off">
<button>GET</button> <button formmethod="post">POST</button>
</form>`;

export function tryIt(origin: string, local: SocketAddress): Markup {
  return html`<section aria-labelledby="try">
<h2 id="try">From a terminal</h2>
<dl>
<div><dt><a href="/echo/hello">/echo/<var>text</var></a></dt><dd>Returns the text. ${command(`curl -i ${origin}/echo/hello`)}</dd></div>
<div><dt><a href="/websocket">/echo</a></dt><dd>Over a WebSocket, returns each message. ${command(`serval get ${origin.replace('http', 'ws')}/echo`)}</dd></div>
<div><dt><a href="/user-agent">/user-agent</a></dt><dd>Returns your User-Agent. ${command(`curl -A 'my own browser' ${origin}/user-agent`)}</dd></div>
<div><dt>/files/<var>name</var></dt><dd>Stores a file and returns it. ${command(`curl -T photo.jpg ${origin}/files/photo.jpg`)}</dd></div>
${byHand(origin, local)}
</dl>
</section>`;
}

/** HTTP/1.1 is text, so any TCP program can send a request, without TLS. A unix socket has no address to use in the command. */
function byHand(origin: string, local: SocketAddress): Markup {
  if (local.family === 'unix' || local.port === 0 || origin.startsWith('https:')) return html``;
  const host = origin.slice('http://'.length);
  const request = `GET /echo/hello HTTP/1.1\\r\\nHost: ${host}\\r\\nConnection: close\\r\\n\\r\\n`;
  return html`<div><dt>By hand</dt><dd>A request is text. Each line ends with CR and LF, so <code>printf</code> writes it.
${command(`printf '${request}' | nc ${local.address} ${local.port}`)}</dd></div>`;
}

/** Focusable, because a long command is scrolled. */
export const command = (text: string): Markup => html`<pre tabindex="0"><code>${text}</code></pre>`;
