/** The document of the page of a supervisor. It contains no data: all of it comes over the WebSocket, and is written as text. */
const FIGURES = [
  ['serving', 'Workers'],
  ['connections', 'Connections'],
  ['rate', 'Rate'],
  ['failed', 'Failures'],
  ['delay', 'Longest delay'],
  ['memory', 'Memory'],
]
  .map(([id, title]) => `<div><dt>${title}</dt><dd id="fig-${id}">–</dd></div>`)
  .join('\n');

export const WORKERS_DOCUMENT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Serval inspector: workers</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<script type="module" src="page/workers/main.js"></script>
</head>
<body>
<header>
<div class="title"><h1>Workers</h1> <span id="state" data-state="live" role="status">Connecting</span>
<span id="where" class="soft"></span></div>
<dl class="figures">
${FIGURES}
</dl>
</header>
<main>
<section id="time" class="lives" aria-labelledby="lives-title">
<div class="section-head"><h2 id="lives-title">Lives</h2>
<ul class="legend" aria-label="Colours of the states"><li><i class="life starting"></i>starting</li><li><i class="life ready"></i>serving</li>
<li><i class="life draining"></i>draining</li></ul></div>
<div class="axis-row"><div id="axis" aria-hidden="true"></div></div>
<ol id="lanes" aria-label="Workers, with their states on a time axis"></ol>
</section>
<div class="exchanges">
<div class="section-head"><h2 id="list-title">Now</h2></div>
<div class="table" role="region" aria-labelledby="list-title" tabindex="0"><table>
<thead><tr><th scope="col">Worker</th><th scope="col">State</th><th scope="col" class="number">Connections</th>
<th scope="col" class="number">Rate</th><th scope="col" class="number">Requests</th><th scope="col" class="number">Failures</th>
<th scope="col" class="number">Delay</th><th scope="col" class="number">Memory</th></tr></thead>
<tbody id="rows"></tbody>
</table></div>
</div>
<section aria-labelledby="events-title">
<div class="section-head"><h2 id="events-title">What happened</h2></div>
<div role="log" aria-labelledby="events-title"><ol id="events"></ol></div>
<p id="no-events" class="soft">Reloads, drains and ends of workers appear here.</p>
</section>
</main>
</body>
</html>
`;
