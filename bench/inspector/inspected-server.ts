/** Starts the server of the benchmark in a process of its own, and asks it for its figures. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerFigures, Started } from './server.ts';

const PROGRAM = fileURLToPath(new URL('server.js', import.meta.url));

export class InspectedServer implements Disposable {
  readonly port: number;
  readonly page: string | undefined;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { port, page }: Started) {
    this.#child = child;
    this.port = port;
    this.page = page;
  }

  static async start(isInspected: boolean): Promise<InspectedServer> {
    const child = fork(PROGRAM, [isInspected ? 'inspect' : ''], { execArgv: ['--expose-gc'] });
    const [started] = (await once(child, 'message')) as [Started];
    return new InspectedServer(child, started);
  }

  /** @param question `cpu` collects no garbage before it looks. */
  async figures(question: 'cpu' | 'memory'): Promise<ServerFigures> {
    this.#child.send(question);
    const [figures] = (await once(this.#child, 'message')) as [ServerFigures];
    return figures;
  }

  [Symbol.dispose](): void {
    this.#child.disconnect();
  }
}
