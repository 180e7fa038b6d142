/** The document of the page of a supervisor. */
import { framedPage } from '../page-frame.ts';

export const WORKERS_DOCUMENT = framedPage({
  title: 'Serval inspector: workers',
  heading: 'Workers',
  script: 'workers/main.js',
  figures: [
    ['serving', 'Workers'],
    ['connections', 'Connections'],
    ['rate', 'Rate'],
    ['failed', 'Failures'],
    ['delay', 'Longest delay'],
    ['memory', 'Memory'],
  ],
  main: `<section id="time" class="lives" aria-labelledby="lives-title">
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
</section>`,
});
