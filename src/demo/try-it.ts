/** The last section of the welcome page: forms and commands for more requests. */

import { html, type Markup } from '../html/html.ts';
import type { SocketAddress } from '../io/socket-address.ts';

export function tryIt(origin: string, local: SocketAddress): Markup {
  return html`<section aria-labelledby="try">
<h2 id="try">Send requests yourself</h2>
<div class="routes">
<article>
<h3><code>/echo/<var>text</var></code></h3>
<p>Returns the text.</p>
<form action="/echo"><label for="text">Text</label>
<input id="text" name="text" value="hello" autocomplete="off" required> <button>Echo it</button></form>
${command(`curl -i ${origin}/echo/hello`)}
</article>
<article>
<h3><code>/echo</code></h3>
<p>Over a WebSocket, returns each message.</p>
<p><a class="button" href="/websocket">Open a WebSocket</a></p>
${command(`serval get ${origin.replace('http', 'ws')}/echo`)}
</article>
<article>
<h3><code>/user-agent</code></h3>
<p>Returns your User-Agent header.</p>
<p><a class="button" href="/user-agent">Show my User-Agent</a></p>
${command(`curl -A 'my own browser' ${origin}/user-agent`)}
</article>
<article>
<h3><code>/files/<var>name</var></code></h3>
<p>Stores a file and returns it. The form stores <code>note.txt</code>, exactly as the browser sends it.</p>
<form action="/files/note.txt" method="post" enctype="text/plain"><label for="note">Note</label>
<textarea id="note" name="note" rows="2">Hello from a form.</textarea> <button>Store it</button>
<a href="/files/note.txt">Show the file</a></form>
${command(`curl -T photo.jpg ${origin}/files/photo.jpg`)}
</article>
${byHand(origin, local)}
</div>
</section>`;
}

/** HTTP/1.1 is text, so any TCP program can send a request, without TLS. A unix socket has no address to use in the command. */
function byHand(origin: string, local: SocketAddress): Markup {
  if (local.family === 'unix' || local.port === 0 || origin.startsWith('https:')) return html``;
  const host = origin.slice('http://'.length);
  const request = `GET /echo/hello HTTP/1.1\\r\\nHost: ${host}\\r\\nConnection: close\\r\\n\\r\\n`;
  return html`<article>
<h3>By hand</h3>
<p>A request is text. Any program that can send text over TCP can send one.</p>
${command(`printf '${request}' | nc ${local.address} ${local.port}`)}
<p class="after">Why <code>printf</code>? A line that you type ends with LF alone. HTTP requires CR and LF, and Serval
answers 400 to anything else.</p>
</article>`;
}

export function command(text: string): Markup {
  return html`<pre><code>${text}</code></pre>`;
}
