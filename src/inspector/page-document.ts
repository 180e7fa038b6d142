/** The document of the inspector's page. */
import { TRY_IT_PANEL } from './experiments/panel.ts';
import { framedPage } from './page-frame.ts';

const LEGEND = [
  ['waiting', 'waiting'],
  ['head', 'head'],
  ['content-in', 'content in'],
  ['handler', 'handler'],
  ['content-out', 'content out'],
]
  .map(([name, title]) => `<li><i class="phase ${name}"></i>${title}</li>`)
  .join('');

export const PAGE_DOCUMENT = framedPage({
  title: 'Serval inspector',
  heading: 'Inspector',
  script: 'main.js',
  figures: [
    ['connections', 'Connections'],
    ['running', 'In progress'],
    ['rate', 'Rate'],
    ['failed', 'Failures'],
    ['delay', 'Event loop delay'],
    ['memory', 'Memory'],
  ],
  skip: '<a class="skip" href="#rows">Skip to the table of exchanges</a>\n',
  main: `<div class="tabs" role="tablist" aria-label="Views of the inspector">
<button type="button" role="tab" id="tab-connections" aria-controls="connections-view" aria-selected="true">Connections</button>
<button type="button" role="tab" id="tab-try" aria-controls="try-view" aria-selected="false" tabindex="-1">Try it</button>
</div>
<div id="connections-view" class="view" role="tabpanel" aria-labelledby="tab-connections">
<div class="overview">
<form class="tools" aria-label="What is shown">
<label class="grow">Path <input id="path" type="search" placeholder="/api or POST" autocomplete="off" spellcheck="false"></label>
<label>Status <select id="status">
<option value="">All</option><option value="2">2xx</option><option value="3">3xx</option><option value="4">4xx</option>
<option value="5">5xx</option><option value="1">1xx</option><option value="failed">Failed</option><option value="slow">Slow</option>
</select></label>
<label>Connection <select id="connection"><option value="">All</option></select></label>
<div class="group" role="group" aria-label="Time">
<button type="button" id="pause">Pause</button>
<button type="button" id="earlier" aria-label="Earlier">◂</button>
<button type="button" id="later" aria-label="Later">▸</button>
<button type="button" id="zoom-out" aria-label="Zoom out">−</button>
<output id="span" aria-label="Visible time"></output>
<button type="button" id="zoom-in" aria-label="Zoom in">+</button>
</div>
<div id="export" role="group" aria-label="Export what is shown"><span aria-hidden="true">Export</span><div class="group">
<a href="export.har" download title="Export what is shown as an HTTP archive, for the tools of browsers">HAR</a>
<a href="export.pcapng" download title="Export what is shown as a capture file, for Wireshark">pcapng</a>
</div></div>
</form>
<p id="skipped" class="warning" hidden></p>
<section id="time" aria-labelledby="lanes-title">
<div class="section-head"><h2 id="lanes-title">Connections</h2>
<ul class="legend" aria-label="Colours of the phases">${LEGEND}<li><i class="idle"></i>kept idle</li></ul></div>
<div class="axis-row"><div id="axis" aria-hidden="true"></div></div>
<ol id="lanes" aria-label="Connections, with their exchanges on a time axis"></ol>
<p id="empty" class="soft">Nothing happens in this time. Requests appear here as they arrive.</p>
</section>
<div class="exchanges">
<div class="section-head"><h2 id="list-title">Exchanges</h2> <span id="count" class="soft"></span></div>
<div class="table" role="region" aria-labelledby="list-title" tabindex="0"><table>
<thead><tr><th scope="col">Request</th><th scope="col">Status</th><th scope="col" class="number">Time</th>
<th scope="col" class="number">Sent</th><th scope="col" class="number"><abbr title="Connection, and stream of HTTP/2">Conn.</abbr></th></tr></thead>
<tbody id="rows"></tbody>
</table></div>
</div>
</div>
<aside class="side" aria-label="The chosen exchange">
<div id="detail" hidden></div>
<div id="explanation" role="status" hidden></div>
</aside>
</div>
${TRY_IT_PANEL}`,
});
