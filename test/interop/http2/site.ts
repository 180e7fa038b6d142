/** The server for the HTTP/2 programs of other projects, on a clear and on a TLS port, with contents whose hashes are known. */
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Response, type Server, type ServerContext, serve } from '../../../src/index.ts';
import { certificateAuthority, certificatePair } from '../../support/certificates.ts';

const MEBIBYTE = 2 ** 20;
/** Octets of which no two pages are the same. */
const PIECE = new Uint8Array(MEBIBYTE).map((_, i) => Math.imul(i ^ (i >> 11), 0x9e3779b1) >>> 24);

export const TRAILING = 'x-trailing';

export class Http2Site implements AsyncDisposable {
  readonly mebibytes: number;
  /** SHA-256 of the content of `/down` and of the file. */
  readonly hash: string;
  readonly folder: string = mkdtempSync(join(tmpdir(), 'serval-http2-'));
  /** The content as a file. */
  readonly file: string;
  readonly authority: string = certificateAuthority().certFile;
  clear = 0;
  secure = 0;
  readonly #server: Server;

  private constructor(mebibytes: number) {
    this.mebibytes = mebibytes;
    this.file = join(this.folder, 'content');
    const hash = createHash('sha256');
    const file = openSync(this.file, 'w');
    for (let i = 0; i < mebibytes; i++) {
      hash.update(PIECE);
      writeSync(file, PIECE);
    }
    closeSync(file);
    this.hash = hash.digest('hex');
    this.#server = serve((request, ctx) => this.#answer(request, ctx), { limits: { maxRequestBodySize: 0 } });
  }

  /** One mebibyte of the content, which is repeated, as words of the machine's order. */
  get words(): Int32Array {
    return new Int32Array(PIECE.buffer);
  }

  static async start(mebibytes: number): Promise<Http2Site> {
    const site = new Http2Site(mebibytes);
    const listen = async (more: object) =>
      (await site.#server.listen({ hostname: '127.0.0.1', port: 0, ...more })).address.port;
    // Proxies pass on the scheme of their clients.
    const proxy = { fields: 'x-forwarded', trusted: ['127.0.0.1'] };
    site.clear = await listen({ proxy });
    site.secure = await listen({ proxy, tls: certificatePair('localhost', '127.0.0.1') });
    return site;
  }

  /** `/text`, `/down`, `/up` and `/trailers`; everything else is an empty page. */
  async #answer(request: Request, ctx: ServerContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case '/text':
        return new Response(`Hello over ${ctx.alpnProtocol}\n`);
      case '/down':
        return new Response(this.#content(), { headers: { 'Content-Type': 'application/octet-stream' } });
      case '/up': {
        const hash = createHash('sha256');
        for await (const piece of (request.body ?? []) as AsyncIterable<Uint8Array>) hash.update(piece);
        return new Response(`${hash.digest('hex')}\n`);
      }
      case '/trailers': {
        await request.arrayBuffer();
        const sent = (await (request as unknown as { trailers: Promise<Headers> }).trailers).get(TRAILING);
        const trailers = () => ({ [TRAILING]: `after the content, ${sent ?? 'nothing'} came` });
        // A content of known length has no trailers.
        const content = new Blob([`${sent ?? 'no trailers'}\n`]).stream() as ReadableStream<Uint8Array>;
        return new Response(content, { trailers });
      }
      default:
        return new Response('<!doctype html><title>A page</title>', {
          headers: { 'Content-Type': 'text/html' },
        });
    }
  }

  #content(): ReadableStream<Uint8Array> {
    let left = this.mebibytes;
    return new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (left-- === 0) return controller.close();
          // A reader may take the memory.
          controller.enqueue(PIECE.slice());
        },
      },
      { highWaterMark: 0 },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closed.catch(() => {});
    this.#server.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
