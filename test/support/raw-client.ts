/**
 * A client that sends exactly the octets it is told to, in the pieces it is told to, and says how the connection
 * ended. It never helps: what it sends may be as wrong as the test wants.
 */
import net from 'node:net';
import tls from 'node:tls';
import { cutAt, everyCut, latin1 } from './each-split.ts';
import { IncompleteResponse, type ParsedResponse, parseResponses } from './response-parser.ts';
import { type Passage, transcript } from './transcript.ts';
import { PATIENCE } from './until.ts';

/** With `tls`, the octets go through a TLS connection, which is there when `connect` has returned. */
export type Target = ({ readonly port: number; readonly host?: string } | { readonly path: string }) & {
  readonly tls?: tls.ConnectionOptions;
};

/** `fin`: the server ended its side; `rst`: it cut the connection off; `timeout`: it is still open. */
export type End = 'fin' | 'rst' | 'timeout';

export interface Received {
  readonly octets: Uint8Array;
  /** `octets`, one character an octet. */
  readonly text: string;
  readonly end: End;
}

export interface SendOptions {
  /** Where the octets are cut: nowhere, everywhere, or at these offsets. Each piece is a segment of its own. */
  readonly pieces?: 'whole' | 'octets' | readonly number[];
  /** Milliseconds between two pieces; without it the next one follows in the next turn of the event loop. */
  readonly delay?: number;
}

export class RawConnection {
  /** What the server sees as the remote port: by it a test asks what became of this connection. */
  readonly localPort: number;
  /** A `TLSSocket` where there is TLS. */
  readonly socket: net.Socket;
  readonly #plain: net.Socket;
  readonly #chunks: Buffer[] = [];
  readonly #passages: Passage[] = [];
  #end: End | null = null;
  #wake: () => void = () => {};
  #received = 0;

  private constructor(socket: net.Socket, plain: net.Socket) {
    this.#plain = plain;
    this.localPort = socket.localPort ?? 0;
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#received += chunk.length;
      this.#passages.push({ direction: '<', octets: chunk });
      this.#wake();
    });
    socket.on('end', () => this.#finished('fin'));
    // ECONNRESET and EPIPE say the same: the server has thrown away what was still under way.
    socket.on('error', () => this.#finished('rst'));
    socket.on('close', () => this.#finished('rst'));
  }

  static connect(target: Target): Promise<RawConnection> {
    const where =
      'path' in target ? { path: target.path } : { host: target.host ?? '127.0.0.1', port: target.port };
    return new Promise((resolve, reject) => {
      const plain = net.connect({ ...where, noDelay: true, allowHalfOpen: true });
      plain.once('error', reject);
      const socket = target.tls === undefined ? plain : tls.connect({ ...target.tls, socket: plain });
      socket.once('error', reject);
      socket.once(target.tls === undefined ? 'connect' : 'secureConnect', () => {
        plain.off('error', reject);
        socket.off('error', reject);
        resolve(new RawConnection(socket, plain));
      });
    });
  }

  /** How the server ended its side, `null` while it has not. */
  get ended(): End | null {
    return this.#end;
  }

  get receivedOctets(): number {
    return this.#received;
  }

  async send(message: string | Uint8Array, { pieces = 'whole', delay }: SendOptions = {}): Promise<void> {
    const octets = typeof message === 'string' ? latin1(message) : message;
    this.#passages.push({ direction: '>', octets });
    const cuts = pieces === 'whole' ? [] : pieces === 'octets' ? everyCut(octets.length) : pieces;
    for (const [index, piece] of cutAt(octets, cuts).entries()) {
      if (index > 0) await (delay === undefined ? turn() : sleep(delay));
      if (this.socket.destroyed) return;
      this.socket.write(piece);
    }
  }

  /** Ends this side with a FIN; the server's side stays open. */
  finish(): void {
    this.socket.end();
  }

  /** Cuts the connection off with an RST. */
  reset(): void {
    if (this.socket === this.#plain) this.#plain.resetAndDestroy();
    // A server in the same process may stand in the middle of its handshake: it would hear of this by its write, as of a FIN.
    else setImmediate(() => this.#plain.resetAndDestroy());
  }

  /** Stops reading, so that the window fills and closes. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.destroy();
  }

  soFar(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Everything up to the server's FIN or RST, or up to the end of the client's patience. */
  async receiveAll(patience = PATIENCE): Promise<Received> {
    await this.#until(() => this.#end !== null, patience);
    return this.#result();
  }

  /** Waits until `text` has been received, in all that has come since the connection was opened. */
  async receiveText(text: string, patience = PATIENCE): Promise<Received> {
    const there = () => this.soFar().includes(Buffer.from(text, 'latin1'));
    await this.#until(() => there() || this.#end !== null, patience);
    if (!there()) throw new Error(`${JSON.stringify(text)} did not arrive\n${this.transcript()}`);
    return this.#result();
  }

  /**
   * Waits for as many responses as `methods` names and parses everything received since the connection was opened; it
   * gives fewer only when the server ended its side before.
   */
  async receiveResponses(methods: readonly string[], patience = PATIENCE): Promise<ParsedResponse[]> {
    let responses: ParsedResponse[] = [];
    let incomplete: Error | null = null;
    const attempt = (): boolean => {
      incomplete = null;
      try {
        responses = parseResponses(this.soFar(), methods, this.#end === 'fin');
      } catch (error) {
        if (!(error instanceof IncompleteResponse)) throw this.#withTranscript(error);
        incomplete = error;
      }
      return this.#end !== null || (incomplete === null && responses.length === methods.length);
    };
    const complete = await this.#until(attempt, patience);
    if (incomplete !== null) throw this.#withTranscript(incomplete);
    if (!complete) {
      throw new Error(
        `${responses.length} of ${methods.length} answers arrived in time\n${this.transcript()}`,
      );
    }
    return responses;
  }

  transcript(): string {
    const end = this.#end === null ? 'still open' : this.#end.toUpperCase();
    return `${transcript(this.#passages)}\n< (${end})`;
  }

  #withTranscript(error: unknown): Error {
    return new Error(`${(error as Error).message}\n${this.transcript()}`, { cause: error });
  }

  #result(): Received {
    const octets = this.soFar();
    return {
      octets,
      text: Buffer.from(octets).toString('latin1'),
      end: this.#end ?? 'timeout',
    };
  }

  #finished(end: End): void {
    this.#end ??= end;
    this.#wake();
  }

  /** Whether `condition` held before `patience` ran out; it is tried again after everything that happens. */
  async #until(condition: () => boolean, patience: number): Promise<boolean> {
    const deadline = performance.now() + patience;
    for (;;) {
      if (condition()) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/** Opens a connection, hands it to `use` and closes it, whatever happens. */
export async function withConnection<T>(
  target: Target,
  use: (connection: RawConnection) => Promise<T>,
): Promise<T> {
  const connection = await RawConnection.connect(target);
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

/** Sends `message` and receives until the server ends its side: for messages after which it must. */
export function exchange(
  target: Target,
  message: string | Uint8Array,
  options: SendOptions & { readonly patience?: number; readonly finish?: boolean } = {},
): Promise<Received & { readonly transcript: string }> {
  return withConnection(target, async (connection) => {
    await connection.send(message, options);
    if (options.finish === true) connection.finish();
    const received = await connection.receiveAll(options.patience);
    return { ...received, transcript: connection.transcript() };
  });
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
