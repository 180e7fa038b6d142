/** Serval with the programs and test suites of other projects: `npm run interop` lists them. */
import { runCommands } from '../support/commands.ts';
import { clientPeers } from './client-peers.ts';
import { http2 } from './http2.ts';
import { proxies } from './proxies.ts';
import { realSite } from './real-site.ts';
import { slowClients } from './slow-clients.ts';
import { frameworks } from './suites/frameworks.ts';
import { h1spec } from './suites/h1spec.ts';
import { h2spec } from './suites/h2spec.ts';
import { llhttp } from './suites/llhttp.ts';
import { wpt } from './suites/wpt.ts';
import { webSocket } from './websocket.ts';
import { webSocketFronts } from './websocket-fronts.ts';

await runCommands('interop', {
  proxies,
  http2,
  websocket: webSocket,
  'websocket-fronts': webSocketFronts,
  'client-peers': clientPeers,
  'slow-clients': slowClients,
  'real-site': realSite,
  llhttp,
  h1spec,
  h2spec,
  wpt,
  frameworks,
});
