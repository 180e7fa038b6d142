/**
 * An HTTP/2 client over a real connection that sends exactly the frames it is told to, and shows those of the server as lines
 * (`HEADERS 1 :status=200`). It acknowledges SETTINGS and does nothing else by itself.
 */
import net from 'node:net';
import tls from 'node:tls';
import { PATIENCE } from '../support/until.ts';
import { framesIn, join, opening, settingsAck, Transcript } from './frames.ts';

/** A flood brings more answers than a test needs. */
const MOST_LINES = 10_000;

export interface RawHttp2Target {
  readonly port: number;
  readonly tls?: tls.ConnectionOptions;
  /** The settings that the client begins with. */
  readonly settings?: readonly (readonly [identifier: number, value: number])[];
}

export class RawHttp2Client {
  /** What the server has sent, one line a frame; the last of them, if there are many. */
  readonly lines: string[] = [];
  /** Octets of the server that have arrived. */
  received = 0;
  /** How the server ended the connection. */
  ended: 'fin' | 'rst' | undefined;
  readonly socket: net.Socket;
  readonly #transcript = new Transcript();
  #rest: Uint8Array = new Uint8Array(0);
  #wake: () => void = () => {};

  private constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (octets) => this.#onOctets(octets));
    socket.on('end', () => this.#onEnd('fin'));
    socket.on('error', () => this.#onEnd('rst'));
    socket.on('close', () => this.#onEnd('rst'));
  }

  static connect({ port, tls: options, settings = [] }: RawHttp2Target): Promise<RawHttp2Client> {
    return new Promise((resolve, reject) => {
      const host = '127.0.0.1';
      const socket =
        options === undefined
          ? net.connect({ port, host, noDelay: true, allowHalfOpen: true })
          : tls.connect({ ALPNProtocols: ['h2'], rejectUnauthorized: false, ...options, port, host });
      socket.once('error', reject);
      socket.once(options === undefined ? 'connect' : 'secureConnect', () => {
        socket.off('error', reject);
        socket.write(opening(...settings));
        resolve(new RawHttp2Client(socket));
      });
    });
  }

  /** @returns whether the socket takes more. */
  send(...frames: readonly Uint8Array[]): boolean {
    return this.socket.writable && this.socket.write(join(...frames));
  }

  /** Waits until the socket takes more, or is closed. */
  async writable(): Promise<void> {
    if (!this.socket.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.socket.once('drain', resolve);
      this.socket.once('close', resolve);
    });
  }

  /** Waits for a line that matches, in all that has come since the connection was opened. */
  async line(match: RegExp, patience = PATIENCE): Promise<string> {
    const found = () => this.lines.find((line) => match.test(line));
    await this.until(() => found() !== undefined || this.ended !== undefined, patience);
    const line = found();
    if (line === undefined) throw new Error(`${match} did not arrive:\n${this.lines.join('\n')}`);
    return line;
  }

  /** Waits for the end of the connection. @returns its GOAWAY line, or ''. */
  async end(patience = PATIENCE): Promise<string> {
    await this.until(() => this.ended !== undefined, patience);
    return this.lines.findLast((line) => line.startsWith('GOAWAY')) ?? '';
  }

  async until(holds: () => boolean, patience: number): Promise<void> {
    const deadline = performance.now() + patience;
    while (!holds()) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`nothing happened within ${patience} ms:\n${this.lines.join('\n')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #onOctets(octets: Uint8Array): void {
    this.received += octets.length;
    const seen = this.#rest.length === 0 ? octets : join(this.#rest, octets);
    const end = endOfFrames(seen);
    this.#rest = seen.slice(end);
    for (const frame of framesIn(seen.subarray(0, end))) {
      if (frame.type === 4 && frame.flags === 0) this.send(settingsAck());
    }
    this.lines.push(...this.#transcript.linesOf(seen.subarray(0, end)));
    if (this.lines.length > 2 * MOST_LINES) this.lines.splice(0, this.lines.length - MOST_LINES);
    this.#wake();
  }

  #onEnd(how: 'fin' | 'rst'): void {
    this.ended ??= how;
    this.#wake();
  }
}

/** Where the last complete frame ends. */
function endOfFrames(octets: Uint8Array): number {
  let at = 0;
  for (;;) {
    if (octets.length - at < 9) return at;
    const next = at + 9 + ((octets[at]! << 16) | (octets[at + 1]! << 8) | octets[at + 2]!);
    if (next > octets.length) return at;
    at = next;
  }
}
