/** Serval in a process of its own, with a heap so large that no garbage is collected while bytes are counted. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, takesConnections } from '../../test/support/ports.ts';
import { ask } from '../end-to-end/answer.ts';
import { COMPILED, ROOT } from '../end-to-end/places.ts';
import { type RequestShape, requestFor } from '../end-to-end/request.ts';
import { Exchanger } from './exchanger.ts';

/** Megabytes of young generation. */
const YOUNG_GENERATION = 256;
const START_TRIES = 200;

export class CountedServer {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(app: string): Promise<CountedServer> {
    const port = await freePort();
    const space = [`--min-semi-space-size=${YOUNG_GENERATION}`, `--max-semi-space-size=${YOUNG_GENERATION}`];
    const child = fork(join(COMPILED, 'servers', 'serval.js'), [String(port), app], {
      execArgv: ['--expose-gc', ...space],
      env: { ...process.env, SERVAL_DIST: join(ROOT, 'dist') },
    });
    let ended = false;
    child.once('close', () => {
      ended = true;
    });
    for (let tries = 0; !ended && tries < START_TRIES; tries++) {
      if (await takesConnections(port)) return new CountedServer(child, port);
      await sleep(25);
    }
    child.kill('SIGKILL');
    throw new Error(`the server of "${app}" did not start`);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Bytes of JavaScript heap in use. */
  heap(collect: 'collect' | 'as it is'): Promise<number> {
    return new Promise((resolve) => {
      this.#child.once('message', (octets) => resolve(octets as number));
      this.#child.send(collect);
    });
  }

  /** A connection on which the same request is repeated. */
  async exchanger(shape: RequestShape, atOnce = 1): Promise<Exchanger> {
    const request = requestFor(this.port, shape);
    const [answer] = await ask(this.port, request);
    if (answer?.status !== 200) throw new Error(`the server answers ${answer?.status}`);
    return Exchanger.connect(this.port, request, answer.wireOctets, atOnce);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
