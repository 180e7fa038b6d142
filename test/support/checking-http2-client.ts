/**
 * The same as `checking-client.ts`, over HTTP/2, and with the runtime's client. A request that the server has not processed is
 * sent again: when it says so by REFUSED_STREAM, or by a GOAWAY that names an earlier stream (RFC 9113 §6.8, §8.7). Any other
 * request that is not answered is lost.
 */
import http2 from 'node:http2';
import type { Asked, CheckingReport, Failure } from './checking-client.ts';
import { percentiles } from './load.ts';

export interface CheckingHttp2Options {
  readonly port: number;
  readonly connections: number;
  /** Requests at once on each connection. */
  readonly streams: number;
  /** The request with this number. */
  readonly request: (number: number) => Asked;
  /** Requests after which a connection is replaced. Default 2,000. */
  readonly requestsPerConnection?: number;
  /** Milliseconds after which a response that has not come counts as lost. Default 20,000. */
  readonly patience?: number;
}

export interface CheckingHttp2Report extends CheckingReport {
  /** Requests that were sent again. */
  readonly repeated: number;
  readonly goAways: number;
}

const AFTER_A_FAILURE_MS = 20;

export class CheckingHttp2Client {
  readonly options: Required<CheckingHttp2Options>;
  readonly #lanes: Promise<void>[] = [];
  readonly #since = performance.now();
  readonly #latencies: number[] = [];
  readonly #failed: Failure[] = [];
  readonly #answers = new Map<string, number>();
  #begun = 0;
  #repeated = 0;
  #goAways = 0;
  #connections = 0;
  #isStopping = false;

  constructor(options: CheckingHttp2Options) {
    this.options = { patience: 20_000, requestsPerConnection: 2_000, ...options };
    for (let i = 0; i < options.connections; i++) {
      const link = new Link(this);
      for (let j = 0; j < options.streams; j++) this.#lanes.push(this.#run(link));
    }
  }

  /** Requests that were begun, whatever became of them. */
  get begun(): number {
    return this.#begun;
  }

  /** Begins no more requests, waits for those in progress, and reports. */
  async stop(): Promise<CheckingHttp2Report> {
    this.#isStopping = true;
    await Promise.all(this.#lanes);
    const failures = new Map<string, number>();
    for (const { kind } of this.#failed) failures.set(kind, (failures.get(kind) ?? 0) + 1);
    return {
      requests: this.#latencies.length + this.#failed.length,
      seconds: (performance.now() - this.#since) / 1_000,
      latency: percentiles(this.#latencies),
      failures,
      ...{ failed: this.#failed, connections: this.#connections, answers: this.#answers },
      ...{ repeated: this.#repeated, goAways: this.#goAways },
    };
  }

  onConnection(): void {
    this.#connections++;
  }

  onGoAway(): void {
    this.#goAways++;
  }

  /** One request after the other. */
  async #run(link: Link): Promise<void> {
    while (!this.#isStopping) {
      const asked = this.options.request(this.#begun++);
      const sentAt = performance.now();
      try {
        while (!(await link.ask(asked))) this.#repeated++;
        this.#latencies.push(performance.now() - sentAt);
      } catch (error) {
        const kind = (error as Error).message;
        this.#failed.push({ kind, worker: undefined, isIdempotent: asked.isIdempotent, sentAt });
        await new Promise((resolve) => setTimeout(resolve, AFTER_A_FAILURE_MS));
      }
    }
    link.leave();
  }

  onAnswer(worker: string | undefined): void {
    if (worker !== undefined) this.#answers.set(worker, (this.#answers.get(worker) ?? 0) + 1);
  }
}

/** A connection with its successors. */
class Link {
  readonly #client: CheckingHttp2Client;
  #session: Session | undefined;

  constructor(client: CheckingHttp2Client) {
    this.#client = client;
  }

  /** @returns false if the server has not processed the request. @throws {Error} if it is lost. */
  ask(asked: Asked): Promise<boolean> {
    if (this.#session?.takesRequests !== true) {
      this.#session?.leave();
      this.#session = new Session(this.#client);
    }
    return this.#session.ask(asked);
  }

  leave(): void {
    this.#session?.leave();
  }
}

class Session {
  readonly #client: CheckingHttp2Client;
  readonly #session: http2.ClientHttp2Session;
  #requests = 0;
  /** The last stream that the server processes. */
  #lastStream = Infinity;
  #error: string | undefined;

  constructor(client: CheckingHttp2Client) {
    this.#client = client;
    client.onConnection();
    this.#session = http2.connect(`http://127.0.0.1:${client.options.port}`);
    this.#session.on('goaway', (code, lastStream) => {
      this.#lastStream = lastStream;
      client.onGoAway();
      if (code !== http2.constants.NGHTTP2_NO_ERROR) this.#error = `GOAWAY ${code}`;
    });
    this.#session.on('error', (error: NodeJS.ErrnoException) => {
      this.#error ??= error.code ?? error.message;
    });
  }

  get takesRequests(): boolean {
    const { closed, destroyed } = this.#session;
    return !closed && !destroyed && this.#requests < this.#client.options.requestsPerConnection;
  }

  leave(): void {
    if (!this.#session.destroyed && !this.#session.closed) this.#session.close();
  }

  ask({ method, path, body, content }: Asked): Promise<boolean> {
    this.#requests++;
    const stream = this.#session.request(
      { ':method': method, ':path': path, ':authority': 'app.example' },
      { endStream: body.length === 0 },
    );
    if (body.length > 0) stream.end(body);
    return new Promise((resolve, reject) => {
      const { patience } = this.#client.options;
      const timer = setTimeout(() => {
        reject(new Error('no answer'));
        stream.destroy();
      }, patience);
      let head: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader = {};
      const pieces: Buffer[] = [];
      let isWhole = false;
      stream.on('response', (fields) => {
        head = fields;
      });
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        isWhole = true;
      });
      stream.on('error', () => {});
      stream.on('close', () => {
        clearTimeout(timer);
        const status = head[':status'];
        const received = Buffer.concat(pieces);
        const { NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;
        const isRefused = stream.rstCode === NGHTTP2_REFUSED_STREAM || (stream.id ?? 0) > this.#lastStream;
        if (status === undefined && isRefused) return resolve(false);
        if (status === undefined) return reject(new Error(this.#error ?? `closed, code ${stream.rstCode}`));
        if (status !== 200) return reject(new Error(`status ${status}`));
        if (!isWhole || stream.rstCode !== NGHTTP2_NO_ERROR)
          return reject(new Error(this.#error ?? 'cut off'));
        if (!received.equals(content)) return reject(new Error('other octets'));
        this.#client.onAnswer(head['x-worker'] as string | undefined);
        resolve(true);
      });
    });
  }
}
