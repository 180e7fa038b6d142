/**
 * Which code of the core messages reach, by the runtime's own precise coverage. In a thread of its own, because code that
 * has once been compiled to count its blocks stays slow.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What the thread answers. */
export interface CoverageAnswer {
  /** Of the messages, those that reach code which none before has reached, and those looked at together with them. */
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

  /** @returns the indices of those messages that reach something new, and of their neighbours. The same question has always the same answer. */
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
