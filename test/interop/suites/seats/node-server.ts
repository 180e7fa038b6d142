/** Serval in the place of @hono/node-server: the parts of its interface that its tests and those of Hono use. */
import { EventEmitter } from 'node:events';
import { Server as HttpsServer } from 'node:https';
import { type Server, type ServerContext, serve as serveServal } from '../../../../src/index.ts';

interface Options {
  fetch(request: Request, env: unknown): Response;
  readonly port?: number;
  readonly hostname?: string;
  readonly serverOptions?: { readonly key?: string | Buffer; readonly cert?: string | Buffer };
}

type Listening = (info: unknown) => void;

class Seat extends EventEmitter {
  readonly #options: Options;
  #server: Server | undefined;

  constructor(options: Options) {
    super();
    this.#options = options;
  }

  listen(...words: unknown[]): this {
    const [port = 0, hostname] = words.filter((word) => typeof word !== 'function') as [number?, string?];
    const listener = words.find((word) => typeof word === 'function') as (() => void) | undefined;
    const { serverOptions: { key, cert } = {} } = this.#options;
    // An application is an object, as one that is exported by default.
    const application = {
      fetch: (request: Request, ctx: ServerContext) => this.#options.fetch(request, ctx),
    };
    const where = { port, hostname: hostname ?? '::' };
    const options =
      key === undefined || cert === undefined ? where : { ...where, tls: { key: `${key}`, cert: `${cert}` } };
    this.#server = serveServal(application, options);
    void this.#server.ready.then(() => {
      listener?.();
      this.emit('listening');
    });
    return this;
  }

  address(): unknown {
    return [...(this.#server ?? [])][0]?.address ?? null;
  }

  close(done: (error?: Error) => void = () => {}): this {
    void this.#server?.close().then(() => done(), done);
    return this;
  }
}

/** The tests tell by the class whether to ask over TLS. */
class SecureSeat extends Seat {}
const methods = Object.getOwnPropertyDescriptors(Seat.prototype);
Object.setPrototypeOf(SecureSeat.prototype, Object.create(HttpsServer.prototype, methods));

export function createAdaptorServer(options: Options): Seat {
  return options.serverOptions?.key === undefined ? new Seat(options) : new SecureSeat(options);
}

export function serve(options: Options, listening: Listening = () => {}): Seat {
  const seat = createAdaptorServer(options);
  return seat.listen(options.port ?? 3000, options.hostname, () => listening(seat.address()));
}
