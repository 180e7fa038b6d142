/** Requests at a steady rate over kept connections, however fast they are answered. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const CONNECTIONS = 64;
/** A browser's request. */
const fieldsFor = (port: number): string =>
  [
    `Host: 127.0.0.1:${port}`,
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Accept-Language: en-US,en;q=0.5',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Connection: keep-alive',
    'Cookie: session=c2Vzc2lvbg; theme=dark',
  ].join('\r\n');

export class PacedLoad implements Disposable {
  readonly #sockets: readonly Socket[];
  readonly #request: Buffer;
  #received = 0;
  #answerOctets = 0;
  #failure: Error | undefined;
  #next = 0;

  private constructor(sockets: readonly Socket[], port: number) {
    this.#sockets = sockets;
    this.#request = Buffer.from(`GET /a/path?with=a&query=b HTTP/1.1\r\n${fieldsFor(port)}\r\n\r\n`);
    for (const socket of sockets) {
      socket.on('data', (octets) => {
        this.#received += octets.length;
      });
      socket.on('error', (error) => {
        this.#failure = error;
      });
    }
  }

  static async connect(port: number): Promise<PacedLoad> {
    const sockets = Array.from({ length: CONNECTIONS }, () =>
      connect({ port, host: '127.0.0.1', noDelay: true }),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const load = new PacedLoad(sockets, port);
    load.#sockets[0]!.write(load.#request);
    await load.#until(() => load.#received > 0);
    await sleep(20);
    load.#answerOctets = load.#received;
    return load;
  }

  /** @returns requests a second, from the first request to the last response. All of them have been answered. */
  async send(count: number, rate: number): Promise<number> {
    const before = this.#received;
    const start = performance.now();
    let sent = 0;
    while (sent < count) {
      const due = Math.min(count, Math.ceil(((performance.now() - start) * rate) / 1_000));
      for (; sent < due; sent++) this.#sockets[this.#next++ % this.#sockets.length]!.write(this.#request);
      await sleep(1);
    }
    await this.#until(() => this.#received - before >= count * this.#answerOctets);
    const surplus = this.#received - before - count * this.#answerOctets;
    if (surplus !== 0) throw new Error(`${surplus} bytes more than ${count} responses`);
    return (count * 1_000) / (performance.now() - start);
  }

  async #until(isDone: () => boolean): Promise<void> {
    for (let tries = 0; !isDone(); tries++) {
      if (this.#failure !== undefined) throw this.#failure;
      if (tries > 30_000) throw new Error('responses are missing');
      await sleep(1);
    }
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
