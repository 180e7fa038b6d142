/**
 * A client for load under which nothing may be lost. Unlike `load.ts` it stands on the bare socket, for two reasons: it never
 * sends a request twice, as Serval's own client would for an idempotent one, so that each lost answer is seen; and it is cheap
 * enough for a million requests.
 *
 * Kept lanes ask again as soon as they are answered, on the same connection, until an answer says `Connection: close`; then
 * they connect anew at once. Single lanes make a connection for each request. A connection that ends in any other way while a
 * request is in flight is a failure.
 */
import net from 'node:net';
import { type LoadReport, percentiles } from './load.ts';

/** A request, and what has to come back. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** The content of the request. */
  readonly body: Buffer;
  readonly isIdempotent: boolean;
  /** On a connection that is kept. */
  readonly kept: Buffer;
  /** The same with `Connection: close`. */
  readonly single: Buffer;
  readonly content: Buffer;
}

export interface CheckingOptions {
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly keptLanes: number;
  readonly singleLanes: number;
  /** The request with this number. */
  readonly request: (number: number) => Asked;
  /** Milliseconds after which an answer that has not come counts as lost. Default 20,000. */
  readonly patience?: number;
}

export interface Failure {
  /** The code of an error, `status 503`, `other octets`, `closed`, `cut off`, `no answer`. */
  readonly kind: string;
  /** Who answered before on this connection, as its X-Worker said; `undefined` if nobody has. */
  readonly worker: string | undefined;
  readonly isIdempotent: boolean;
  /** Milliseconds, as `performance.now()` has them. */
  readonly sentAt: number;
}

/** A request that was sent and has not been answered. */
export type InFlight = Omit<Failure, 'kind'>;

/** What happened since the client began, or since the report before. */
export interface CheckingReport extends LoadReport {
  readonly failed: readonly Failure[];
  readonly connections: number;
  /** How many answers each worker gave. */
  readonly answers: ReadonlyMap<string, number>;
}

/** A request whose answer is `content`, of status 200. */
export function asked(
  method: 'GET' | 'POST',
  path: string,
  content: Buffer,
  body: Buffer = Buffer.alloc(0),
): Asked {
  const length = method === 'POST' ? `Content-Length: ${body.length}\r\n` : '';
  const head = `${method} ${path} HTTP/1.1\r\nHost: app.example\r\n${length}`;
  const octets = (fields: string) => Buffer.concat([Buffer.from(`${head}${fields}\r\n`, 'latin1'), body]);
  return {
    ...{ method, path, body },
    isIdempotent: method !== 'POST',
    kept: octets(''),
    single: octets('Connection: close\r\n'),
    content,
  };
}

const DEFAULT_PATIENCE = 20_000;
/** A server that refuses every connection is not asked thousands of times a second. */
const AFTER_A_FAILURE_MS = 20;

export class CheckingClient {
  readonly target: { readonly host: string; readonly port: number };
  readonly #lanes: Lane[];
  readonly #request: (number: number) => Asked;
  readonly #timer: NodeJS.Timeout;
  #begun = 0;
  #isStopping = false;
  #since = performance.now();
  #latencies: number[] = [];
  #failed: Failure[] = [];
  #connections = 0;
  #answers = new Map<string, number>();

  constructor(options: CheckingOptions) {
    const {
      host = '127.0.0.1',
      port,
      keptLanes,
      singleLanes,
      request,
      patience = DEFAULT_PATIENCE,
    } = options;
    this.target = { host, port };
    this.#request = request;
    this.#lanes = Array.from(
      { length: keptLanes + singleLanes },
      (_, index) => new Lane(this, index >= keptLanes),
    );
    this.#timer = setInterval(() => {
      for (const lane of this.#lanes) lane.expire(patience);
    }, 250);
    for (const lane of this.#lanes) lane.ask();
  }

  /** Requests that were begun, whatever became of them. */
  get begun(): number {
    return this.#begun;
  }

  inFlight(): InFlight[] {
    return this.#lanes.flatMap((lane) => lane.inFlight() ?? []);
  }

  /** What happened since the last call. A request counts when it has ended. */
  take(): CheckingReport {
    const now = performance.now();
    const failures = new Map<string, number>();
    for (const { kind } of this.#failed) failures.set(kind, (failures.get(kind) ?? 0) + 1);
    const report = {
      requests: this.#latencies.length + this.#failed.length,
      seconds: (now - this.#since) / 1_000,
      failures,
      latency: percentiles(this.#latencies),
      failed: this.#failed,
      connections: this.#connections,
      answers: this.#answers,
    };
    this.#since = now;
    this.#latencies = [];
    this.#failed = [];
    this.#connections = 0;
    this.#answers = new Map();
    return report;
  }

  /** Begins no more requests, waits for those in flight, and gives what `take` does. */
  async stop(): Promise<CheckingReport> {
    this.#isStopping = true;
    await Promise.all(this.#lanes.map((lane) => lane.ended));
    clearInterval(this.#timer);
    return this.take();
  }

  // --- for the lanes ---

  next(): Asked | undefined {
    return this.#isStopping ? undefined : this.#request(this.#begun++);
  }

  onConnection(): void {
    this.#connections++;
  }

  onAnswer(milliseconds: number, worker: string | undefined): void {
    this.#latencies.push(milliseconds);
    if (worker !== undefined) this.#answers.set(worker, (this.#answers.get(worker) ?? 0) + 1);
  }

  onFailure(failure: Failure): void {
    this.#failed.push(failure);
  }
}

const EMPTY: Buffer = Buffer.alloc(0);

/** One request after the other. */
class Lane {
  /** Fulfils when the client was stopped and the last answer is there. */
  readonly ended: Promise<void>;
  readonly #client: CheckingClient;
  readonly #isSingle: boolean;
  #onEnd!: () => void;
  #socket: net.Socket | undefined;
  #asked: Asked | undefined;
  #sentAt = 0;
  #worker: string | undefined;
  #received = EMPTY;
  #head: ReceivedHead | undefined;

  constructor(client: CheckingClient, isSingle: boolean) {
    this.#client = client;
    this.#isSingle = isSingle;
    this.ended = new Promise((resolve) => {
      this.#onEnd = resolve;
    });
  }

  ask(): void {
    this.#asked = this.#client.next();
    if (this.#asked === undefined) {
      this.#disconnect();
      this.#onEnd();
      return;
    }
    this.#received = EMPTY;
    this.#head = undefined;
    this.#sentAt = performance.now();
    this.#socket ??= this.#connect();
    this.#socket.write(this.#isSingle ? this.#asked.single : this.#asked.kept);
  }

  inFlight(): InFlight | undefined {
    if (this.#asked === undefined) return undefined;
    return { worker: this.#worker, isIdempotent: this.#asked.isIdempotent, sentAt: this.#sentAt };
  }

  expire(patience: number): void {
    if (this.#asked !== undefined && performance.now() - this.#sentAt > patience) this.#fail('no answer');
  }

  #connect(): net.Socket {
    const socket = net.connect({ ...this.#client.target, noDelay: true });
    this.#worker = undefined;
    this.#client.onConnection();
    const failIfCurrent = (kind: string): void => {
      if (socket === this.#socket) this.#fail(kind);
    };
    socket.on('data', (octets) => {
      if (socket === this.#socket) this.#onOctets(octets);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => failIfCurrent(error.code ?? error.message));
    const onEnd = () => failIfCurrent(this.#received.length === 0 ? 'closed' : 'cut off');
    socket.on('end', onEnd);
    socket.on('close', onEnd);
    return socket;
  }

  #disconnect(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }

  #onOctets(octets: Buffer): void {
    if (this.#asked === undefined) return this.#fail('octets nobody asked for');
    this.#received = this.#received.length === 0 ? octets : Buffer.concat([this.#received, octets]);
    this.#head ??= readHead(this.#received);
    if (this.#head === undefined) return;
    const content = contentOf(this.#head, this.#received);
    if (content === undefined) return;
    this.#worker = this.#head.worker ?? this.#worker;
    if (this.#head.status !== '200') return this.#fail(`status ${this.#head.status}`);
    if (!content.equals(this.#asked.content)) return this.#fail('other octets');
    this.#client.onAnswer(performance.now() - this.#sentAt, this.#head.worker);
    if (this.#head.isLast || this.#isSingle) this.#disconnect();
    this.ask();
  }

  #fail(kind: string): void {
    const lost = this.inFlight();
    this.#asked = undefined;
    this.#disconnect();
    // Nothing was in flight when a kept connection ended between two turns: then no request was lost.
    if (lost === undefined) return;
    this.#client.onFailure({ kind, ...lost });
    setTimeout(() => this.ask(), AFTER_A_FAILURE_MS);
  }
}

interface ReceivedHead {
  readonly status: string;
  /** Octets before the content. */
  readonly length: number;
  /** `undefined` for chunked content. */
  readonly contentLength: number | undefined;
  /** The server closes behind this answer. */
  readonly isLast: boolean;
  readonly worker: string | undefined;
}

/** What of a head matters here. That it is well-formed is for other tests. */
function readHead(received: Buffer): ReceivedHead | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = received.toString('latin1', 0, end + 2);
  const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1];
  return {
    status: head.slice(9, 12),
    length: end + 4,
    contentLength: length === undefined ? undefined : Number(length),
    isLast: /\r\nconnection: *close\r\n/i.test(head),
    worker: /\r\nx-worker: *(\S+)\r\n/i.exec(head)?.[1],
  };
}

/** @returns `undefined` while it is incomplete. */
function contentOf({ length, contentLength }: ReceivedHead, received: Buffer): Buffer | undefined {
  if (contentLength !== undefined) {
    // Surplus octets are returned too, and are not what was asked for.
    return received.length < length + contentLength ? undefined : received.subarray(length);
  }
  const pieces: Buffer[] = [];
  for (let at = length; ; ) {
    const lineEnd = received.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(received.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (received.length < end) return undefined;
    if (size === 0) return Buffer.concat(pieces);
    pieces.push(received.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
