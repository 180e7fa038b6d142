/** The last part of the welcome page: forms and commands for the visitor's next requests. */

import { html, type Markup } from '../html/html.ts';
import type { SocketAddress } from '../io/socket-address.ts';

export function tryIt(origin: string, local: SocketAddress): Markup {
  return html`<section aria-labelledby="try">
<h2 id="try">Now say something yourself</h2>
<div class="routes">
<article>
<h3><code>/echo/<var>text</var></code></h3>
<p>Answers with the text.</p>
<form action="/echo"><label for="text">Text</label>
<input id="text" name="text" value="hello" autocomplete="off" required> <button>Echo it</button></form>
${command(`curl -i ${origin}/echo/hello`)}
</article>
<article>
<h3><code>/user-agent</code></h3>
<p>Answers with your User-Agent field.</p>
<p><a class="button" href="/user-agent">Who am I?</a></p>
${command(`curl -A 'my own browser' ${origin}/user-agent`)}
</article>
<article>
<h3><code>/files/<var>name</var></code></h3>
<p>Keeps a file and gives it back. The form stores <code>note.txt</code>: exactly the octets that the browser sends.</p>
<form action="/files/note.txt" method="post" enctype="text/plain"><label for="note">Note</label>
<textarea id="note" name="note" rows="2">Hello from a form.</textarea> <button>Store it</button>
<a href="/files/note.txt">Get it back</a></form>
${command(`curl -T photo.jpg ${origin}/files/photo.jpg`)}
</article>
${byHand(origin, local)}
</div>
</section>`;
}

/** HTTP/1.1 is text, so a program that only knows TCP will do. On a unix socket there is no address to give it. */
function byHand(origin: string, local: SocketAddress): Markup {
  if (local.family === 'unix' || local.port === 0) return html``;
  const host = origin.slice('http://'.length);
  const request = `GET /echo/hello HTTP/1.1\\r\\nHost: ${host}\\r\\nConnection: close\\r\\n\\r\\n`;
  return html`<article>
<h3>By hand</h3>
<p>A request is only text, and any program that can carry text over TCP can make one.</p>
${command(`printf '${request}' | nc ${local.address} ${local.port}`)}
<p class="after">Why <code>printf</code>? A keyboard ends its lines with LF alone. HTTP wants CR and LF, and Serval is
strict: it answers 400 to the rest.</p>
</article>`;
}

function command(text: string): Markup {
  return html`<pre><code>${text}</code></pre>`;
}
