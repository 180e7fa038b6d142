/**
 * An application that takes tunnels: it gives back what arrives in them, and keeps a record, by the client's port, of what
 * reached it. The first label of a host, or the path of an upgrade, says what it does.
 */
import * as serval from '../../../../src/index.ts';
import type { Fixture } from '../../../support/servers/launch.ts';

export default function tunnels(): Fixture {
  const handledByPort = new Map<number, string[]>();
  const record = (context: serval.ServerContext): void => {
    const { port } = context.remoteAddress;
    const [line = ''] = context.receivedHead.split('\r\n', 1);
    handledByPort.set(port, [...(handledByPort.get(port) ?? []), line.slice(0, line.lastIndexOf(' '))]);
  };
  const fetch = (_request: Request, context: serval.ServerContext): Response => {
    record(context);
    return new serval.Response('fetched');
  };
  const connect = async (context: serval.ConnectContext): Promise<Response | undefined> => {
    record(context);
    const { request } = context;
    const what =
      context.connectProtocol === null ? new URL(request.url).hostname : new URL(request.url).pathname;
    if (what.endsWith('refused')) return new serval.Response('refused', { status: 403 });
    if (what.endsWith('read-first')) await request.text();
    const tunnel = await context.accept();
    await tunnel.readable.pipeTo(tunnel.writable);
    return undefined;
  };
  const handler = fetch as unknown as serval.FetchFunction;
  const serverOptions = { hostname: '127.0.0.1', port: 0, connect } as serval.ServerOptions;
  return {
    server: serval.serve(handler, serverOptions),
    commands: {
      handled: (port: number) => handledByPort.get(port) ?? [],
    },
  };
}
