/**
 * The WebSocket hooks of crossws, and so of h3, on Serval:
 *
 * ```ts
 * import { crossws } from 'serval/crossws';
 *
 * const ws = crossws({ resolve: async (request) => (await app.fetch(request)).crossws });
 * serve((request, ctx) =>
 *   request.headers.get('upgrade') === 'websocket' ? ws.handleUpgrade(request, ctx) : app.fetch(request), { port: 4221 });
 * ```
 */
export { type CrosswsAdapter, type CrosswsOptions, crossws } from './adapter.ts';
export type { ServalMessage } from './message.ts';
export type { ServalPeer } from './peer.ts';
