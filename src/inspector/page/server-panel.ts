/** How the server is doing, in a row of figures. */
import { bytes, duration } from './durations.ts';
import { byId, setText } from './element.ts';
import type { Store } from './store.ts';

export function drawServer(store: Store): void {
  const { server } = store;
  if (server === undefined) return;
  const { counts, delay, memory, skipped } = server;
  const running =
    (counts['requestsStarted'] ?? 0) - (counts['requestsFinished'] ?? 0) - (counts['requestsCutOff'] ?? 0);
  const figures: Readonly<Record<string, string>> = {
    'fig-connections': String(counts['connections'] ?? 0),
    'fig-running': String(Math.max(0, running)),
    'fig-rate': `${Math.round(store.rate)}/s`,
    'fig-failed': `${counts['requestsRejected'] ?? 0} refused, ${counts['requestsCutOff'] ?? 0} cut off`,
    'fig-delay': delay === undefined ? 'not measured' : `${duration(delay.p50)}, p99 ${duration(delay.p99)}`,
    'fig-memory': `${bytes(memory.heapUsed)} of ${bytes(memory.rss)}`,
  };
  for (const [id, text] of Object.entries(figures)) setText(byId(id), text);
  byId('skipped').hidden = skipped === 0;
  setText(byId('skipped'), `${skipped} exchanges were not recorded, because there were too many at once.`);
  setText(byId('where'), server.urls.join(', ') || (server.draining ? 'The server ends.' : ''));
}
