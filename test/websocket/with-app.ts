/** A server of one handler, for a test. */
import { type Handler, type ServerOptions, serve } from '../../src/index.ts';

/** @param use gets the port. */
export async function withApp(
  handler: Handler,
  use: (port: number) => Promise<void>,
  options: ServerOptions = {},
): Promise<void> {
  const server = serve(handler, { ...options, port: 0, hostname: '127.0.0.1' });
  server.closed.catch(() => {});
  await server.ready;
  try {
    await use([...server][0]!.address.port);
  } finally {
    server.destroy();
  }
}
