/** A Serval and a client of it, in one process, for tests of what a caller sees. */

import { Client } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import type { Server } from '../../src/index.ts';
import { type FetchFunction, type ServerOptions, serve } from '../../src/index.ts';

export interface Pair extends AsyncDisposable {
  readonly client: Client;
  readonly server: Server;
  readonly url: string;
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
