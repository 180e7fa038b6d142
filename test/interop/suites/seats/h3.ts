/** Serval in the place of node:http and h3's handler for it, as h3's tests set them up. */
import { type Server as ServalServer, serve } from '../../../../src/index.ts';

interface App {
  fetch(request: Request): Response | Promise<Response>;
}

type Reply = (response: Response | Promise<Response>) => void;
type Handler = (request: Request, reply: Reply) => void;

export const toNodeHandler =
  (app: App): Handler =>
  (request, reply) =>
    reply(app.fetch(request));

export class Server {
  readonly #handler: Handler;
  #server: ServalServer | undefined;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  listen(port: number, done: () => void): void {
    const application = {
      fetch: (request: Request) => new Promise<Response>((resolve) => this.#handler(request, resolve)),
    };
    this.#server = serve(application, { port, hostname: '::' });
    void this.#server.ready.then(done);
  }

  closeAllConnections(): void {}

  close(done: (error?: Error) => void): void {
    this.#server?.destroy();
    done();
  }
}
