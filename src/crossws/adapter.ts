/**
 * The WebSocket hooks of crossws (https://crossws.h3.dev), which h3 and Nitro use, on Serval. `hooks.ts` calls them, `peer.ts` and
 * `message.ts` are what they get. Topics are Serval's own, so a message is framed once for all subscribers.
 */
import type { AdapterInstance, AdapterOptions, Hooks, Peer } from 'crossws';
import type { ConnectContext, ServerContext } from '../server/api.ts';
import { Topics, type WebSocketUpgradeInit } from '../websocket/index.ts';
import { LISTEN_TO_SIGNALS } from '../websocket/server-socket.ts';
import { ConnectionHooks, type UpgradeDecision } from './hooks.ts';
import { ServalMessage } from './message.ts';
import { NamespaceTopics } from './namespace-topics.ts';
import { asPayload } from './payload.ts';
import { ServalPeer } from './peer.ts';

type Awaitable<T> = T | Promise<T>;

export interface CrosswsOptions extends Omit<AdapterOptions, 'resolve'> {
  /**
   * Finds the hooks for a request: the hooks themselves, or the response of an application that has them in `crossws`, such as h3's.
   * Any other response is the answer: no WebSocket is opened.
   */
  resolve?: (request: Request) => Awaitable<Partial<Hooks> | Response | undefined>;
  /** The options of `ctx.upgradeWebSocket()`, but for `protocol` and `headers`, which the hooks decide. */
  websocket?: Omit<WebSocketUpgradeInit, 'protocol' | 'headers'>;
  /** Where peers subscribe. Default: topics of this adapter alone. */
  topics?: Topics;
}

export interface CrosswsAdapter extends AdapterInstance {
  /**
   * Answers the handshake of a WebSocket, or whatever the `upgrade` hook decides instead.
   *
   * @param request of `fetch(request, ctx)`; in `connect(ctx)`: `ctx.request`.
   * @throws what `ctx.upgradeWebSocket()` throws.
   */
  handleUpgrade(request: Request, ctx: ConnectContext): Promise<Response | undefined>;
  handleUpgrade(request: Request, ctx: ServerContext): Promise<Response>;
}

/** @throws {TypeError} naming the option. */
export function crossws(options: CrosswsOptions = {}): CrosswsAdapter {
  const { hooks, resolve, sync, topics = new Topics() } = options;
  if (!(topics instanceof Topics))
    throw new TypeError('options.topics: expected a Topics of serval/websocket');
  const peers = new Map<string, Set<ServalPeer>>();
  const driver = sync?.({ id: crypto.randomUUID() });
  const onError = options.onError ?? ((error: unknown) => console.error('serval/crossws:', error));
  const published = new NamespaceTopics(topics, peers, driver, onError);

  return {
    peers: peers as unknown as Map<string, Set<Peer>>,
    ...(driver && { sync: driver as NonNullable<AdapterInstance['sync']> }),
    publish: (topic, data, to) => published.publish(to?.namespace ?? '', topic, asPayload(data)),
    async close(code, reason) {
      for (const group of peers.values()) for (const peer of group) peer.close(code, reason);
      await published.close();
    },
    async handleUpgrade(given: Request, ctx: ServerContext): Promise<Response> {
      const request = asHandshake(given);
      const resolved = await resolve?.(request);
      const found = resolved instanceof Response ? hooksOf(resolved) : resolved;
      if (hooks === undefined && found === undefined)
        return resolved instanceof Response ? resolved : new Response(null, { status: 404 });
      const chosen = new ConnectionHooks([hooks ?? {}, found ?? {}]);
      const decision = await chosen.upgrade(request);
      if (decision.response !== undefined) return decision.response;
      const protocol = decision.protocol ?? (await chooseProtocol(options, request));
      const websocket = ctx.upgradeWebSocket(initOf(options, decision, protocol));
      const namespace =
        decision.namespace ?? options.getNamespace?.(request) ?? new URL(request.url).pathname;
      const group = peers.get(namespace) ?? new Set();
      peers.set(namespace, group);
      const peer = new ServalPeer({
        ...{ websocket, request, namespace, published },
        remoteAddress: ctx.remoteAddress.address || undefined,
        context: decision.context,
        peers: group,
      });
      group.add(peer);
      attach(peer, chosen);
      // The upgrade was the answer. `fetch()` returns something all the same, and `connect()` must not.
      return 'connectProtocol' in ctx ? (undefined as never) : new Response();
    },
  };
}

function attach(peer: ServalPeer, hooks: ConnectionHooks): void {
  const { websocket } = peer;
  websocket.binaryType = 'arraybuffer';
  websocket.addEventListener('message', (event) =>
    hooks.call('message', peer, new ServalMessage(peer, event as never)),
  );
  websocket.addEventListener('error', () =>
    hooks.call('error', peer, new Error('The client broke a rule of WebSocket')),
  );
  websocket.addEventListener('close', (event) => {
    peer.peers.delete(peer);
    const { code, reason } = event as unknown as { code: number; reason: string };
    return hooks.call('close', peer, { code, reason });
  });
  websocket[LISTEN_TO_SIGNALS]((signal, data) => void hooks.call(signal, peer, data));
  hooks.call('open', peer);
}

const hooksOf = (response: Response): Partial<Hooks> | undefined =>
  (response as { crossws?: Partial<Hooks> }).crossws;

/** RFC 6455 §4.2.2: at most one of those that the client has offered. */
async function chooseProtocol(
  { handleProtocols }: CrosswsOptions,
  request: Request,
): Promise<string | undefined> {
  const offered = request.headers.get('sec-websocket-protocol');
  if (handleProtocols === undefined || offered === null) return undefined;
  const names = offered.split(',').map((name) => name.trim());
  return (await handleProtocols(new Set(names.filter((name) => name !== '')), request)) || undefined;
}

function initOf(
  { websocket, idleTimeout }: CrosswsOptions,
  { headers, deflate }: UpgradeDecision,
  protocol: string | undefined,
): WebSocketUpgradeInit {
  return {
    ...(idleTimeout !== undefined && { pingInterval: Math.round(idleTimeout * 1_000) }),
    ...websocket,
    ...(deflate !== undefined && { deflate }),
    ...(protocol !== undefined && { protocol: [protocol] }),
    headers,
  };
}

/** A request with the fields of an HTTP/1.1 handshake: applications look for `Upgrade`, which HTTP/2 does not have. */
function asHandshake(request: Request): Request {
  if (request.headers.get('upgrade') !== null) return request;
  const headers = new Headers(request.headers);
  headers.set('upgrade', 'websocket');
  headers.set('connection', 'Upgrade');
  return new Request(request.url, { headers });
}
