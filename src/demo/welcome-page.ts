/** The welcome page. It runs no script, and works without its stylesheet. */

import { type HeadLine, type HeadPart, partText } from '../annotation/annotate-head.ts';
import { fieldNote, isSecretField, sourceUrl } from '../annotation/field-notes.ts';
import { PART_NOTES } from '../annotation/part-notes.ts';
import { html, type Markup } from '../html/html.ts';
import type { SocketAddress } from '../io/socket-address.ts';
import type { PageParts } from './page-shell.ts';
import { ASK_AGAIN, tryIt } from './try-it.ts';
import { hexadecimal, visibleText } from './visible-text.ts';

export interface WelcomeFacts {
  readonly request: readonly HeadLine[];
  /** What came after the head of the request, one character for each octet; empty for nothing. */
  readonly content: string;
  /** The head of the response that carries this page. */
  readonly response: readonly HeadLine[];
  readonly remote: string;
  readonly local: SocketAddress;
  /** Scheme, host and port, safe to paste into a shell. */
  readonly origin: string;
}

/** How much of the content is shown, in octets. */
const MOST_CONTENT = 1000;

export function welcomePage({ request, content, response, remote, origin, local }: WelcomeFacts): PageParts {
  const main = html`<h1>The request your browser just&nbsp;sent</h1>
<p class="lead"><strong>${lengthOf(request) + content.length}&nbsp;octets</strong> over TCP, from <code>${remote}</code>, and the head of the response
that brought this page. Exactly as they were sent.</p>
${ASK_AGAIN}
<div class="sides">
${side('octets', 'The request', request, contentLines(content))}
${side('response', 'The response', response, html`<li class="rest">… and this page</li>`)}
</div>
<p class="legend"><span>${visibleText(' ')} space</span>${visibleText('\r\n')} end of line</p>
${lineByLine('lines', 'The request, line by line', request)}
${lineByLine('answer', 'The response, line by line', response)}
${tryIt(origin, local)}`;
  const footer = html`This page loads nothing else and runs no script. An <em>octet</em> is eight bits: the HTTP specifications use
this word because a byte did not always have eight bits.`;
  return { title: 'Serval: your request, octet by octet', skip: 'Skip to your request', main, footer };
}

const lengthOf = (lines: readonly HeadLine[]): number => lines.reduce((sum, { length }) => sum + length, 0);

/** A whole message at a glance. */
function side(id: string, title: string, lines: readonly HeadLine[], rest: Markup): Markup {
  return html`<figure aria-labelledby="${id}-caption">
<figcaption id="${id}-caption">${title}, ${lengthOf(lines)} octets of head</figcaption>
<ol class="wire" id="${id}">${lines.map((line) => html`<li>${wire(line)}</li>`)}${rest}</ol>
</figure>`;
}

function contentLines(content: string): Markup {
  if (content === '') return html``;
  const more = content.length - MOST_CONTENT;
  return html`<li class="content"><code>${visibleText(content.slice(0, MOST_CONTENT))}</code>${
    more > 0 ? html` <span class="rest">… and ${more} octets more</span>` : html``
  }</li>`;
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

function lineByLine(id: string, title: string, lines: readonly HeadLine[]): Markup {
  return html`<details class="section">
<summary id="${id}">${title}</summary>
<ol class="lines" aria-labelledby="${id}">${lines.map(lineItem)}</ol>
</details>`;
}

function lineItem(line: HeadLine): Markup {
  const { title, note, source } = describe(line);
  return html`<li>
<p class="at"><span>octets </span>${line.offset}<span class="to">–${line.offset + line.length - 1}</span></p>
<div>
<h2>${title}</h2>
<p class="note">${note} ${link(source)}</p>
<p class="wire">${wire(line)}</p>
${line.kind === 'empty-line' ? html`` : partsOf(line)}
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
    case 'status-line':
      return {
        title: 'The status-line',
        note: 'The version of the protocol, and the result of the request.',
        source: 'RFC 9112 §4',
      };
    case 'field-line': {
      const name = partText(line, 'field-name');
      return { title: name, ...fieldNote(name) };
    }
    case 'empty-line':
      return {
        title: 'The empty line',
        note: 'Ends the head. The content follows, if there is any.',
        source: 'RFC 9112 §2.1',
      };
  }
}

function partsOf(line: HeadLine): Markup {
  const rows = line.parts.map((part) => partRow(part, line));
  return html`<details>
<summary>${line.parts.length} parts, ${line.length} octets</summary>
<table>
<thead><tr><th scope="col">Part</th><th scope="col">Octets</th><th scope="col">At</th><th scope="col">Length</th></tr></thead>
<tbody>${rows}</tbody>
</table>
</details>`;
}

function partRow(part: HeadPart, line: HeadLine): Markup {
  const { name, note, source } = PART_NOTES[part.kind];
  const octets = isHidden(part, line) ? 'hidden' : hexadecimal(part.text);
  return html`<tr>
<th scope="row"><span class="${part.kind}">${name}</span> <small>${note} ${link(source)}</small></th>
<td><code>${octets}</code></td><td>${part.offset}</td><td>${part.length}</td>
</tr>`;
}

function link(source: string): Markup {
  return html`<a href="${sourceUrl(source)}">${source}</a>`;
}
