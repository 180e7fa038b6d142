/** A Serval and a client of it, in one process, for tests of what a caller sees. */

import { test } from 'node:test';
import { Client } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import type { Server } from '../../src/index.ts';
import { type FetchFunction, type ServerOptions, serve } from '../../src/index.ts';

export interface Pair extends AsyncDisposable {
  readonly client: Client;
  readonly server: Server;
  readonly url: string;
}

/** The versions of HTTP that a client speaks, each with the options for it. */
export const VERSIONS: readonly { readonly version: string; readonly options: ClientOptions }[] = [
  { version: '1.1', options: {} },
  { version: '2', options: { http2: 'prior-knowledge' } },
];

export type WithClient = typeof withClient;

/** A test of what must be the same over all versions. */
export function testEach(
  title: string,
  run: (using: WithClient, version: string, options: ClientOptions) => Promise<void>,
): void {
  for (const { version, options } of VERSIONS) {
    const using: WithClient = (handler, clientOptions, serverOptions) =>
      withClient(handler, { ...options, ...clientOptions }, serverOptions);
    test(`${title} (HTTP/${version})`, () => run(using, version, options));
  }
}

export async function withClient(
  handler: FetchFunction,
  clientOptions: ClientOptions = {},
  serverOptions: ServerOptions = {},
): Promise<Pair> {
  const server = serve(handler, { port: 0, hostname: '127.0.0.1', ...serverOptions });
  await server.ready;
  const [listener] = server;
  const client = new Client(clientOptions);
  return {
    client,
    server,
    url: `http://127.0.0.1:${listener!.address.port}`,
    async [Symbol.asyncDispose]() {
      await client.destroy();
      await server.destroy();
    },
  };
}
