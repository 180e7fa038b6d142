import { connect, createServer, type Server, type Socket } from 'node:net';

/** Passes octets on to a port and remembers what clients sent. */
export class RecordingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #received = '';
  #answered = '';

  private constructor(server: Server) {
    this.#server = server;
  }

  static async before(port: number): Promise<RecordingProxy> {
    const server = createServer();
    const proxy = new RecordingProxy(server);
    server.on('connection', (client) => proxy.#pass(client, connect(port, '127.0.0.1')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** What clients have sent since this was last asked, one character an octet. */
  take(): string {
    const received = this.#received;
    this.#received = '';
    return received;
  }

  /** What servers have sent since this was last asked, one character an octet. */
  takeAnswers(): string {
    const answered = this.#answered;
    this.#answered = '';
    return answered;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #pass(client: Socket, server: Socket): void {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => this.#sockets.delete(from));
    }
    client.on('data', (octets: Buffer) => {
      this.#received += octets.toString('latin1');
    });
    server.on('data', (octets: Buffer) => {
      this.#answered += octets.toString('latin1');
    });
    client.pipe(server).pipe(client);
  }
}
