/**
 * Finds the code of the core that messages reach, by the runtime's precise coverage. It uses its own thread, because code that was
 * compiled to count its blocks stays slow.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** The result of the thread. */
export interface CoverageAnswer {
  /** Messages that reach new code, and those that shared the reading with them. */
  readonly news: readonly number[];
  /** Characters of compiled code. */
  readonly reached: number;
  /** Lines of compiled code that no message has reached: file, number, and the code. */
  readonly unreached: readonly string[];
}

export class Coverage {
  /** Characters of compiled code. */
  reached = 0;
  unreached: readonly string[] = [];
  readonly #worker = new Worker(new URL('./coverage-worker.js', import.meta.url));

  /** @returns the indices of messages that reach new code, and of their neighbours. Repeatable for the same messages. */
  async reaches(messages: readonly Buffer[]): Promise<readonly number[]> {
    this.#worker.postMessage(messages);
    const [answer] = (await once(this.#worker, 'message')) as [CoverageAnswer];
    this.reached = answer.reached;
    this.unreached = answer.unreached;
    return answer.news;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
