/** The process that makes the load, on its own core. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { LOAD_CORE, ROOT } from '../end-to-end/places.ts';
import type { LoadAnswer, LoadCommand } from './load.ts';

const FILE = join(ROOT, 'build/bench/websocket/load.js');

export class Load {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(port: number) {
    const words = ['-c', LOAD_CORE, process.execPath, FILE, String(port)];
    this.#child = spawn('taskset', words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  async run(command: LoadCommand): Promise<LoadAnswer> {
    this.#child.stdin!.write(`${JSON.stringify(command)}\n`);
    const { value } = await this.#lines.next();
    const answer = JSON.parse(String(value)) as LoadAnswer;
    if (answer.fault !== undefined) throw new Error(answer.fault);
    return answer;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
