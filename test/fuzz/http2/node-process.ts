/** The process of `node:http2`, started again whenever a script ends it. */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RunningProgram } from '../../support/running-program.ts';

const WORDS = [fileURLToPath(new URL('./node-program.js', import.meta.url))];

export class NodeHttp2Process implements AsyncDisposable {
  /** How often it has ended. */
  ends = 0;
  #port = 0;
  #running: RunningProgram | undefined;
  #isOver = false;

  constructor() {
    this.#start();
  }

  /** The port, once the process listens. */
  async port(): Promise<number> {
    while (this.#port === 0) await sleep(10);
    return this.#port;
  }

  #start(): void {
    const program = { file: process.execPath, words: WORDS };
    this.#running = new RunningProgram(program, (line) => {
      this.#port = Number(/^port (\d+)/.exec(line)?.[1] ?? this.#port);
    });
    void this.#running.exited.then(() => {
      this.ends++;
      this.#port = 0;
      if (!this.#isOver) this.#start();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#running?.[Symbol.asyncDispose]();
  }
}
