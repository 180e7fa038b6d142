import { randomBytes } from 'node:crypto';
import { OBSERVE, type ObservableServer } from '../server/observer.ts';
import type { Server } from '../server/running-server.ts';
import { serve } from '../server/serve.ts';
import { HEAR_EVENTS, type SupervisorEvents } from '../workers/events.ts';
import type { Supervisor } from '../workers/supervisor.ts';
import { Exporter } from './export/exporter.ts';
import { Feed } from './feed.ts';
import { type InspectorOptions, type InspectorSettings, resolveInspectorOptions } from './options.ts';
import { PAGE_DOCUMENT } from './page-document.ts';
import type { PageFeed } from './page-feed.ts';
import { type PageParts, pageHandler } from './page-handler.ts';
import { INSPECTOR_STYLE } from './page-style.ts';
import { Recorder } from './recorder/recorder.ts';
import { WORKERS_DOCUMENT } from './workers/document.ts';
import { WORKERS_STYLE } from './workers/style.ts';
import { WorkersFeed } from './workers/workers-feed.ts';

/** A running inspector. */
export interface Inspector extends AsyncDisposable {
  /** The page, with its token. It opens on this machine only. */
  readonly url: string;
  /** Stops recording, and closes the page. It closes by itself when the server does. */
  close(): Promise<void>;
}

/**
 * Shows what happens on the connections of a server, from now on: a page on 127.0.0.1, on a port of its own, so that looking at it
 * does not change what is seen. The page needs the token in its URL.
 *
 * Values of `Authorization`, cookies and the like are hidden, and so is content. Memory is bounded: see the options. A server that
 * has an inspector already gets the new one in its place.
 *
 * Of a supervisor it shows the workers: their figures, and when each was started, replaced, drained and ended.
 *
 * @param server what `serve()` or `supervise()` returned.
 * @throws {TypeError | RangeError} for another object, or an option that is none.
 * @throws {Error} with the system's `code` if the page can't listen, such as EADDRINUSE.
 */
export async function inspector(server: Server | Supervisor, options?: InspectorOptions): Promise<Inspector> {
  const settings = resolveInspectorOptions(options);
  if (isSupervisor(server)) {
    const parts = { document: WORKERS_DOCUMENT, style: WORKERS_STYLE };
    return openPage(server.closed, new WorkersFeed(server), parts, settings);
  }
  if (!isObservable(server)) throw new TypeError('inspector: expected the result of serve() or supervise()');
  const recorder = new Recorder(settings);
  const feed = new Feed(recorder, server, settings);
  const parts = {
    document: PAGE_DOCUMENT,
    style: INSPECTOR_STYLE,
    exporter: new Exporter(recorder, settings),
  };
  const page = await openPage(server.closed, feed, parts, settings, () => server[OBSERVE](undefined));
  server[OBSERVE](recorder);
  return page;
}

/** @param onClose called when the inspector closes, which it does with what it looks at. */
async function openPage(
  closed: Promise<void>,
  feed: PageFeed,
  parts: PageParts,
  { port }: InspectorSettings,
  onClose?: () => void,
): Promise<Inspector> {
  const token = randomBytes(18).toString('base64url');
  const page = serve(pageHandler(token, feed, parts), { port, hostname: '127.0.0.1' });
  try {
    await page.ready;
  } catch (error) {
    feed.close();
    throw error;
  }
  const close = async (): Promise<void> => {
    onClose?.();
    feed.close();
    page.destroy();
    await page.closed.catch(() => {});
  };
  closed.then(close, close);
  return { url: `${page.url}${token}/`, close, [Symbol.asyncDispose]: close };
}

function isSupervisor(target: unknown): target is Supervisor & SupervisorEvents {
  return typeof target === 'object' && target !== null && HEAR_EVENTS in target;
}

function isObservable(server: unknown): server is Server & ObservableServer {
  return typeof server === 'object' && server !== null && OBSERVE in server;
}
