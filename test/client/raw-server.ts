/** A server that sends exactly the octets that a test gives it, and records the octets that clients send. */
import { once } from 'node:events';
import net from 'node:net';

export interface RawServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Everything received, connection by connection. */
  readonly received: readonly string[];
}

/** @param onData is called for each piece, with all that the connection has sent so far. */
export async function rawServer(
  onData: (socket: net.Socket, text: string, connection: number) => void,
  onConnection: (socket: net.Socket, connection: number) => void = () => {},
): Promise<RawServer> {
  const received: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = received.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('end', () => socket.end());
    socket.on('data', (octets) => {
      received[connection] += octets.toString('latin1');
      onData(socket, received[connection]!, connection);
    });
    onConnection(socket, connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    get accepted() {
      return received.length;
    },
    get open() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers each head with what `answer` gives for the number of the request on its connection. */
export function answering(answer: (request: number, connection: number) => string) {
  const answered = new WeakMap<net.Socket, number>();
  return (socket: net.Socket, text: string, connection: number): void => {
    const heads = text.split('\r\n\r\n').length - 1;
    for (let request = answered.get(socket) ?? 0; request < heads; request++) {
      answered.set(socket, request + 1);
      socket.write(Buffer.from(answer(request, connection), 'latin1'));
    }
  };
}

/** Until it is so; or not, after twenty seconds. */
export async function eventually(isSo: () => boolean): Promise<boolean> {
  for (let times = 0; times < 2_000 && !isSo(); times++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return isSo();
}
