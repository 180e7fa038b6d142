/**
 * Answers for the page of the inspector. Every request needs the token, which stands first in the path, and has to name this machine
 * as its host: a page of another site could point its own name at 127.0.0.1 (DNS rebinding).
 */
import { timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Response } from '../fetch/response.ts';
import type { FetchFunction, ServerContext } from '../server/api.ts';
import type { Exporter } from './export/exporter.ts';
import type { FeedSocket, PageFeed } from './page-feed.ts';

const SCRIPTS = new URL('./page/', import.meta.url);

/** The scripts of the page are modules beside this one; they are read once. */
let scripts: ReadonlyMap<string, string> | undefined;

interface Asset {
  readonly type: string;
  readonly text: string;
}

/** Nothing from elsewhere, and nothing inline. `connect-src` names the WebSocket because older browsers do not take it for 'self'. */
const policyFor = (host: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ws://${host}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** What differs between the pages. */
export interface PageParts {
  readonly document: string;
  readonly style: string;
  /** `undefined`: there is nothing to export. */
  readonly exporter?: Exporter;
}

export function pageHandler(token: string, feed: PageFeed, parts: PageParts): FetchFunction {
  const assets = assetsOf(parts);
  const { exporter } = parts;
  return (request, ctx) => {
    if (!isLoopbackHost(request.headers.get('host') ?? ''))
      return refusal(421, 'The inspector answers to 127.0.0.1 and localhost only.');
    const [path, query = ''] = ctx.path.split('?');
    const [, given = '', ...rest] = path!.split('/');
    // Who has no token does not learn what there is.
    if (!equals(given, token))
      return refusal(404, 'The address of the inspector contains a token. Copy all of it.');
    const name = rest.join('/');
    if (name === 'feed') return openFeed(request, ctx, feed);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refusal(405, 'The inspector is only read.', { Allow: 'GET, HEAD' });
    const exported = exporter?.respond(name, new URLSearchParams(query), SAFE);
    if (exported !== undefined) return exported;
    const asset = assets.get(name);
    if (asset === undefined) return refusal(404, 'The inspector has no such file.');
    return new Response(asset.text, {
      headers: {
        'Content-Type': `${asset.type}; charset=utf-8`,
        'Content-Security-Policy': policyFor(new URL(request.url).host),
        ...SAFE,
      },
    });
  };
}

const SAFE = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  // The address is the key: it must not go to the sites that the page links to.
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

function assetsOf({ document, style }: PageParts): ReadonlyMap<string, Asset> {
  scripts ??= new Map(
    readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => name.replaceAll('\\', '/'))
      .map((name) => [name, readFileSync(new URL(name, SCRIPTS), 'utf8')]),
  );
  return new Map([
    ['', { type: 'text/html', text: document }],
    ['style.css', { type: 'text/css', text: style }],
    ...[...scripts].map(([name, text]) => [`page/${name}`, { type: 'text/javascript', text }] as const),
  ]);
}

/** Only pages of this origin may connect: that is what `upgradeWebSocket` allows by default. */
function openFeed(request: Request, ctx: ServerContext, feed: PageFeed): Response {
  // Programs that send no Origin are no pages; the inspector has none but its own.
  if (request.headers.get('origin') === null)
    return refusal(403, 'The inspector sends its data to its page only.');
  if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket')
    return refusal(426, 'This is a WebSocket.', { Upgrade: 'websocket' });
  const socket = ctx.upgradeWebSocket({ maxMessageSize: 4_096, maxBufferedAmount: 64 * 1024 * 1024 });
  const page: FeedSocket = {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
  socket.addEventListener('message', (event) => feed.onQuestion(page, (event as MessageEvent).data));
  socket.addEventListener('close', () => feed.remove(page));
  feed.add(page);
  return new Response(null);
}

function refusal(status: number, sentence: string, fields: Record<string, string> = {}): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...SAFE, ...fields },
  });
}

const isLoopbackHost = (host: string): boolean => /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host);

function equals(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
