/** The welcome page. It runs no script, and works without its stylesheet. */

import { html, Markup } from '../html/html.ts';
import type { SocketAddress } from '../io/socket-address.ts';
import { type HeadLine, type HeadPart, partText } from './annotate-head.ts';
import { fieldNote, isSecretField, sourceUrl } from './field-notes.ts';
import type { PageParts } from './page-shell.ts';
import { PART_NOTES } from './part-notes.ts';
import { tryIt } from './try-it.ts';
import { hexadecimal, visibleText } from './visible-text.ts';

export interface WelcomeFacts {
  readonly lines: readonly HeadLine[];
  /** The length of the whole head in octets. */
  readonly total: number;
  readonly remote: string;
  readonly local: SocketAddress;
  /** Scheme, host and port, safe to paste into a shell. */
  readonly origin: string;
  readonly persistent: boolean;
  /** The content coding of this page. */
  readonly coding: string;
}

export function welcomePage(facts: WelcomeFacts): PageParts {
  const main = html`<h1>The request your browser just&nbsp;sent</h1>
<p class="lead">To get this page, your browser sent <strong>${facts.total}&nbsp;octets</strong> over TCP, from
<code>${facts.remote}</code>. Here they are, exactly as they arrived.</p>
${theOctets(facts)}
${lineByLine(facts)}
${theAnswer(facts)}
${tryIt(facts.origin, facts.local)}`;
  const footer = html`This page is one response to one request: it loads nothing else and runs no script. An <em>octet</em> is eight bits.
The HTTP specifications use this word because a byte did not always have eight bits.`;
  return { title: 'Serval: your request, octet by octet', skip: 'Skip to your request', main, footer };
}

/** The whole head at a glance. */
function theOctets({ lines, total }: WelcomeFacts): Markup {
  return html`<figure aria-labelledby="wire-caption">
<figcaption id="wire-caption"><span>The request, ${total} octets</span>
<span class="legend"><span>${visibleText(' ')} space</span>${visibleText('\r\n')} end of line</span></figcaption>
<ol class="wire" id="octets">${lines.map((line) => html`<li>${wire(line)}</li>`)}</ol>
</figure>`;
}

function wire(line: HeadLine): Markup {
  const parts = line.parts.map((part) => html`<span class="${part.kind}">${shown(part, line)}</span>`);
  return html`<code>${parts}</code>`;
}

/** Values that may be secrets are left out of the page, because people share their screens. */
function shown(part: HeadPart, line: HeadLine): Markup {
  return isHidden(part, line) ? html`<span class="hidden">hidden</span>` : visibleText(part.text);
}

function isHidden(part: HeadPart, line: HeadLine): boolean {
  return part.kind === 'field-value' && isSecretField(partText(line, 'field-name'));
}

function lineByLine({ lines }: WelcomeFacts): Markup {
  let firstField = true;
  const items: Markup[] = [];
  for (const line of lines) {
    // The first line of each kind is expanded, to show that lines can be expanded.
    const open = line.kind === 'request-line' || (line.kind === 'field-line' && firstField);
    if (line.kind === 'field-line') firstField = false;
    items.push(lineItem(line, open));
  }
  return html`<section aria-labelledby="lines">
<h2 id="lines">Line by line</h2>
<p>A request consists of a request-line, header lines and an empty line. The numbers are octet positions, from 0.</p>
<ol class="lines">${items}</ol>
</section>`;
}

function lineItem(line: HeadLine, open: boolean): Markup {
  const { title, note, source } = describe(line);
  return html`<li>
<p class="at"><span>octets </span>${line.offset}<span class="to">–${line.offset + line.length - 1}</span></p>
<div>
<h3>${title}</h3>
<p class="note">${note} ${link(source)}</p>
<p class="wire">${wire(line)}</p>
${line.kind === 'empty-line' ? html`` : partsOf(line, open)}
</div>
</li>`;
}

function describe(line: HeadLine): { title: string; note: string; source: string } {
  switch (line.kind) {
    case 'request-line':
      return {
        title: 'The request-line',
        note: 'The action, its target, and the version of the protocol.',
        source: 'RFC 9112 §3',
      };
    case 'field-line': {
      const name = partText(line, 'field-name');
      return { title: name, ...fieldNote(name) };
    }
    case 'empty-line':
      return {
        title: 'The empty line',
        note: 'Ends the head. The content of a request would follow; this request has none.',
        source: 'RFC 9112 §2.1',
      };
  }
}

function partsOf(line: HeadLine, open: boolean): Markup {
  const rows = line.parts.map((part) => partRow(part, line));
  return html`<details${open ? OPEN : html``}>
<summary>${line.parts.length} parts, ${line.length} octets</summary>
<table>
<thead><tr><th scope="col">Part</th><th scope="col">Octets</th><th scope="col">At</th><th scope="col">Length</th></tr></thead>
<tbody>${rows}</tbody>
</table>
</details>`;
}

const OPEN = new Markup(' open');

function partRow(part: HeadPart, line: HeadLine): Markup {
  const { name, note, source } = PART_NOTES[part.kind];
  const octets = isHidden(part, line) ? 'hidden' : hexadecimal(part.text);
  return html`<tr>
<th scope="row"><span class="${part.kind}">${name}</span> <small>${note} ${link(source)}</small></th>
<td><code>${octets}</code></td><td>${part.offset}</td><td>${part.length}</td>
</tr>`;
}

function theAnswer({ persistent, coding }: WelcomeFacts): Markup {
  return html`<section aria-labelledby="answer">
<h2 id="answer">The response from Serval</h2>
<dl>
<div><dt>Status</dt>
<dd><strong>200 OK</strong> The request has succeeded. ${link('RFC 9110 §15.3.1')}</dd></div>
<div><dt>Connection</dt>
<dd>${
    persistent
      ? html`<strong>Stays open</strong> The next request can reuse it.`
      : html`<strong>Closes</strong> The client asked for that, or uses HTTP/1.0.`
  } ${link('RFC 9112 §9.3')}</dd></div>
<div><dt>Content coding</dt>
<dd>${
    coding === 'identity'
      ? html`<strong>None</strong> The client does not accept compression, or prefers none.`
      : html`<strong>${coding}</strong> The page is compressed with the best method in Accept-Encoding.`
  } ${link('RFC 9110 §8.4')}</dd></div>
<div><dt>Caching</dt>
<dd><strong>no-store</strong> The page shows your data, so no cache may store it. ${link('RFC 9111 §5.2.2.5')}</dd></div>
</dl>
</section>`;
}

function link(source: string): Markup {
  return html`<a href="${sourceUrl(source)}">${source}</a>`;
}
