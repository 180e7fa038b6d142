/** Serval in the place of srvx's adapter for Node: the parts of its interface that its tests use. */
import { Response as ServalResponse, type Server, serve as serveServal } from '../../../../src/index.ts';

type Middleware = (request: Request, next: () => unknown) => unknown;

interface Options {
  fetch(request: Request): unknown;
  error?(error: unknown): Response;
  readonly middleware?: readonly Middleware[];
  readonly plugins?: readonly ((seat: Seat) => void)[];
  readonly port?: number | string;
  readonly hostname?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly manual?: boolean;
}

class Seat {
  readonly runtime = 'node';
  readonly options: Options & { middleware: Middleware[] };
  readonly node = { server: { address: () => this.#address } };
  #server: Server | undefined;

  constructor(options: Options) {
    this.options = { ...options, middleware: [...(options.middleware ?? [])] };
    for (const plugin of options.plugins ?? []) plugin(this);
    if (options.manual !== true) this.serve();
  }

  serve(): void {
    const { error, hostname, port = 3000, tls } = this.options;
    this.#server ??= serveServal(
      {
        fetch: (request: Request) => {
          const destroyed = { get: () => request.signal.aborted };
          const req = Object.defineProperties({}, { destroyed });
          Object.defineProperty(request, 'runtime', { value: { name: 'node', node: { req } } });
          return this.fetch(request) as Response;
        },
      },
      {
        port: Number(port),
        ...(hostname === undefined ? {} : { hostname }),
        ...(tls === undefined ? {} : { tls: { cert: tls.cert, key: tls.key } }),
        ...(error === undefined ? {} : { error: (_ctx: unknown, thrown: unknown) => error(thrown) }),
      },
    );
  }

  fetch(request: Request): unknown {
    const { middleware } = this.options;
    const call = (at: number): unknown =>
      at === middleware.length ? this.options.fetch(request) : middleware[at]!(request, () => call(at + 1));
    return call(0);
  }

  get #address() {
    return [...(this.#server ?? [])][0]?.address;
  }

  get url(): string | undefined {
    const { address = '', port } = this.#address ?? {};
    if (port === undefined) return undefined;
    const host = address.includes(':') ? `[${address}]` : address;
    return `${this.options.tls === undefined ? 'http' : 'https'}://${host}:${port}/`;
  }

  async ready(): Promise<this> {
    await this.#server?.ready;
    return this;
  }

  async close(closesConnections = false): Promise<void> {
    if (closesConnections) this.#server?.destroy();
    else await this.#server?.close();
  }
}

export const serve = (options: Options): Seat => new Seat(options);
export const FastResponse = ServalResponse;
export const FastURL = URL;
