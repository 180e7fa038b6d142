import { randomBytes } from 'node:crypto';
import { OBSERVE, type ObservableServer } from '../server/observer.ts';
import type { Server } from '../server/running-server.ts';
import { serve } from '../server/serve.ts';
import { Exporter } from './export/exporter.ts';
import { Feed } from './feed.ts';
import { type InspectorOptions, resolveInspectorOptions } from './options.ts';
import { pageHandler } from './page-handler.ts';
import { Recorder } from './recorder/recorder.ts';

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
 * @param server what `serve()` returned.
 * @throws {TypeError | RangeError} for another object, or an option that is none.
 * @throws {Error} with the system's `code` if the page can't listen, such as EADDRINUSE.
 */
export async function inspector(server: Server, options?: InspectorOptions): Promise<Inspector> {
  const settings = resolveInspectorOptions(options);
  if (!isObservable(server)) throw new TypeError('inspector: expected the result of serve()');
  const recorder = new Recorder(settings);
  const feed = new Feed(recorder, server, settings);
  const token = randomBytes(18).toString('base64url');
  const exporter = new Exporter(recorder, settings);
  const page = serve(pageHandler(token, feed, exporter), { port: settings.port, hostname: '127.0.0.1' });
  await page.ready;
  server[OBSERVE](recorder);
  const close = async (): Promise<void> => {
    server[OBSERVE](undefined);
    feed.close();
    page.destroy();
    await page.closed.catch(() => {});
  };
  server.closed.then(close, close);
  return { url: `${page.url}${token}/`, close, [Symbol.asyncDispose]: close };
}

function isObservable(server: unknown): server is Server & ObservableServer {
  return typeof server === 'object' && server !== null && OBSERVE in server;
}
