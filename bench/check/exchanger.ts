/** One connection, one batch of requests at a time: the counts do not depend on the speed of either side. */
import net from 'node:net';

export class Exchanger {
  readonly #socket: net.Socket;
  readonly #batch: Buffer;
  readonly #answerOctets: number;
  #received = 0;
  #done: (() => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(socket: net.Socket, batch: Buffer, answerOctets: number) {
    this.#socket = socket;
    this.#batch = batch;
    this.#answerOctets = answerOctets;
    socket.on('data', (chunk) => {
      this.#received += chunk.length;
      if (this.#received < answerOctets) return;
      this.#received -= answerOctets;
      this.#done?.();
    });
    socket.on('error', (error) => this.#failed?.(error));
    socket.on('end', () => this.#failed?.(new Error('the server closed the connection')));
  }

  /** @param answerOctets bytes of one response. */
  static connect(port: number, request: Buffer, answerOctets: number, atOnce: number): Promise<Exchanger> {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        const batch = Buffer.concat(Array<Buffer>(atOnce).fill(request));
        resolve(new Exchanger(socket, batch, answerOctets * atOnce));
      });
    });
  }

  /** Sends a batch, waits for all its responses, and repeats. */
  async exchange(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      await new Promise<void>((resolve, reject) => {
        this.#done = resolve;
        this.#failed = reject;
        this.#socket.write(this.#batch);
      });
    }
    if (this.#received !== 0)
      throw new Error(`${this.#received} octets after the last answer of ${this.#answerOctets}`);
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }
}
