/**
 * The wire of `server.fetch`: one exchange without a connection. The content comes from a `Request` of this process, and what the
 * exchange sends becomes a `Response`.
 */
import { connectionReset, notSupported } from '../../fetch/errors.ts';
import { Deferred } from '../../io/deferred.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import { ContentLengthMismatch, responseMayHaveContent } from '../../semantics/content-length.ts';
import { NO_FIELDS } from '../../semantics/field-section.ts';
import { REQUEST_REJECTIONS } from '../../semantics/rejections.ts';
import type { Carried, Wire, WireAddresses, WireHead, WireSecurity } from '../exchange/wire.ts';

const NativeResponse = globalThis.Response;

const LOOPBACK: SocketAddress = { address: '127.0.0.1', port: 0, family: 'IPv4' };

/** Bytes of a response that may wait for the reader before the handler's stream has to. */
const MOST_QUEUED = 64 * 1024;

export interface LocalWireOptions {
  readonly request: Request;
  readonly isEncrypted: boolean;
  /** Bytes of content; 0: no limit. */
  readonly maxContent: number;
  /** The exchange has ended. */
  readonly onEnd: (wire: LocalWire) => void;
}

export class LocalWire implements Wire {
  readonly addresses: WireAddresses = { remoteAddress: LOOPBACK, localAddress: LOOPBACK };
  readonly security: WireSecurity;
  readonly sendsTrailers = false;
  readonly clientPriority = undefined;
  requestIsComplete: boolean;

  readonly #options: LocalWireOptions;
  readonly #response = new Deferred<Response>();
  #exchange: Carried | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #received = 0;
  #isReading = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Bytes of content that are still to come; -1: unknown. */
  #remaining = -1;
  #onDrained: (() => void)[] = [];
  #hasEnded = false;
  readonly #onAbort = () => this.leave(this.#options.request.signal.reason);

  constructor(options: LocalWireOptions) {
    this.#options = options;
    const { request, isEncrypted } = options;
    this.requestIsComplete = request.body === null;
    this.security = {
      ...{ encrypted: isEncrypted, alpnProtocol: 'http/1.1', peerCertificate: null },
      serverName: isEncrypted ? new URL(request.url).hostname : null,
      misdirects: () => false,
    };
    request.signal.addEventListener('abort', this.#onAbort);
  }

  /** Rejects if the exchange is cut off before the response has begun. */
  get response(): Promise<Response> {
    return this.#response.promise;
  }

  carry(exchange: Carried): void {
    this.#exchange = exchange;
  }

  /** The reader of the response has gone, or never wanted it. @param reason for the promise of the response. */
  leave(reason: unknown): void {
    this.#response.reject(reason);
    this.abort(connectionReset('The client has gone', reason));
  }

  // --- the response ---

  /** `fetch` does not show them. */
  sendInterim(): void {}

  sendWhole(head: WireHead, content: string | Uint8Array | null): void {
    const mayHave = responseMayHaveContent(this.#options.request.method, head.status);
    this.#answer(head, mayHave ? (content as string | Uint8Array<ArrayBuffer> | null) : null);
  }

  sendHead(head: WireHead): boolean {
    if (!responseMayHaveContent(this.#options.request.method, head.status)) {
      this.#answer(head, null);
      return false;
    }
    this.#remaining = head.contentLength;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#wake(),
        cancel: (reason) => {
          this.#controller = undefined;
          this.leave(reason);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MOST_QUEUED }),
    );
    this.#answer(head, body);
    return true;
  }

  #answer(
    { status, reason, fields, contentLength }: WireHead,
    body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null,
  ): void {
    const { names, values } = fields.section;
    const headers = new Headers(names.map((name, i): [string, string] => [name, values[i]!]));
    if (contentLength >= 0 && status >= 200 && status !== 204)
      headers.set('content-length', String(contentLength));
    // Fetch allows no content with these (Fetch Standard, "null body status").
    const given = [204, 205, 304].includes(status) ? null : body;
    this.#response.resolve(new NativeResponse(given, { status, statusText: reason, headers }));
  }

  get isBlocked(): boolean {
    return (this.#controller?.desiredSize ?? 1) <= 0;
  }

  sendPiece(octets: Uint8Array): void {
    if (this.#remaining >= 0 && octets.length > this.#remaining)
      throw new ContentLengthMismatch('The content is longer than its Content-Length');
    if (this.#remaining >= 0) this.#remaining -= octets.length;
    this.#controller?.enqueue(octets);
  }

  async lendPiece(octets: Uint8Array): Promise<void> {
    this.sendPiece(octets.slice());
    if (this.isBlocked) await this.drained();
  }

  endContent(): void {
    if (this.#remaining > 0)
      throw new ContentLengthMismatch('The content is shorter than its Content-Length');
    this.#controller?.close();
    this.#controller = undefined;
  }

  drained(): Promise<void> {
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  #wake(): void {
    for (const onDrained of this.#onDrained.splice(0)) onDrained();
  }

  prioritize(): void {}

  flush(): void {}

  flushSoon(): void {}

  onHandlerEnd(): void {}

  // --- the content of the request ---

  onContentWanted(): void {
    void this.#read();
  }

  onContentRefused(): void {
    this.#giveContentUp();
  }

  async #read(): Promise<void> {
    const exchange = this.#exchange!;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      this.#reader ??= (this.#options.request.body as ReadableStream<Uint8Array>).getReader();
      while (exchange.content!.isWanted && !this.requestIsComplete) {
        const { done, value } = await this.#reader.read();
        if (this.#hasEnded) return;
        if (done) {
          this.requestIsComplete = true;
          exchange.content!.end(NO_FIELDS);
          return;
        }
        this.#received += value.length;
        const { maxContent } = this.#options;
        if (maxContent > 0 && this.#received > maxContent) {
          this.#giveContentUp();
          exchange.onContentRejected(REQUEST_REJECTIONS.ContentTooLarge);
        } else exchange.content!.deliver(value);
      }
    } catch (error) {
      this.leave(error);
    } finally {
      this.#isReading = false;
    }
  }

  #giveContentUp(): void {
    if (this.requestIsComplete) return;
    this.requestIsComplete = true;
    const { body } = this.#options.request;
    const ended = this.#reader?.cancel() ?? (body?.locked === false ? body.cancel() : undefined);
    ended?.catch(() => {});
  }

  // --- the end ---

  release(): void {
    this.#end();
  }

  abort(error: unknown): void {
    if (this.#hasEnded) return;
    this.#exchange?.abort(error);
    this.#response.reject(error);
    this.#controller?.error(error);
    this.#controller = undefined;
    this.#wake();
    this.#end();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.request.signal.removeEventListener('abort', this.#onAbort);
    this.#giveContentUp();
    this.#options.onEnd(this);
  }

  openTunnel(): never {
    const error = notSupported(
      'server.fetch: there is no connection that could be upgraded; use a client and server.url',
    );
    this.abort(error);
    throw error;
  }
}
