/** `GET /websocket`: a page that opens the WebSocket at `/echo`, and shows its handshake and its messages. */

import { sourceUrl } from '../annotation/field-notes.ts';
import type { Response } from '../fetch/response.ts';
import { html } from '../html/html.ts';
import { pageResponse } from './page-shell.ts';
import { SOCKET_SCRIPT } from './socket-script.ts';
import { command } from './try-it.ts';

/** @param origin scheme, host and port, safe to paste into a shell. */
export function socketPage(origin: string): Response {
  const address = `${origin.replace('http', 'ws')}/echo`;
  const main = html`<h1>A WebSocket, message by&nbsp;message</h1>
<p class="lead">This page opens a WebSocket to <code>/echo</code>. It stays open, both ends can send at any time, and this server
returns each message.</p>
<noscript><p class="lead">For this, the page needs a script, and your browser runs none.</p></noscript>
<figure aria-labelledby="messages">
<figcaption><span id="messages">Messages</span><span id="state" role="status">Opening</span></figcaption>
<form id="form"><label for="text">Message</label>
<input id="text" value="hello" autocomplete="off" disabled> <button id="send" disabled>Send</button>
<button id="end" class="quiet" type="button" disabled>Close</button></form>
<div class="log" role="log" aria-label="Messages" tabindex="0"><ol id="log"></ol></div>
</figure>
<figure id="handshake" aria-labelledby="shaken" hidden>
<figcaption><span id="shaken">The handshake, as it arrived</span><span id="version"></span></figcaption>
<ol class="wire" id="octets"></ol>
</figure>
<section aria-labelledby="elsewhere">
<h2 id="elsewhere">From a terminal</h2>
<p>Each line becomes a message. <code>-v</code> shows every frame (<a href="${sourceUrl('RFC 6455 §5.2')}">RFC 6455 §5.2</a>).</p>
${command(`serval get -v ${address}`)}
</section>`;
  const footer = html`This page runs one script, and its policy allows no other. <a href="/">Back to your request</a>`;
  const [title, skip] = ['Serval: a WebSocket, message by message', 'Skip to the WebSocket'];
  return pageResponse({ title, skip, main, footer, script: SOCKET_SCRIPT });
}
