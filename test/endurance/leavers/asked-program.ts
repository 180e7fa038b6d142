/** A program that answers each line of its standard input by one line of JSON. */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunningProgram } from '../../support/running-program.ts';

const PATIENCE_MS = 60_000;
const MARK = 'answer ';

export class AskedProgram implements AsyncDisposable {
  readonly #running: RunningProgram;
  readonly #waiting: ((answer: unknown) => void)[] = [];

  /** @param enter the words that run it somewhere else, in a namespace for instance. */
  constructor(program: string, words: readonly string[], enter: readonly string[] = []) {
    const [file = process.execPath, ...rest] = [...enter, process.execPath, '--expose-gc', program, ...words];
    this.#running = new RunningProgram({ file, words: rest, hasInput: true }, (line) => {
      if (line.startsWith(MARK)) this.#waiting.shift()?.(JSON.parse(line.slice(MARK.length)));
    });
  }

  /** @throws {Error} with its output, when it ends or does not answer in time. */
  async ask<Answer>(question: string): Promise<Answer> {
    const answer = new Promise<Answer>((resolve) => this.#waiting.push(resolve as (answer: unknown) => void));
    this.#running.child.stdin!.write(`${question}\n`);
    const fail = (why: string): never => {
      throw new Error(`${question}: ${why}\n${this.#running.output}`);
    };
    return Promise.race([
      answer,
      this.#running.exited.then((how) => fail(`the program ended: ${how}`)),
      sleep(PATIENCE_MS, undefined, { ref: false }).then(() => fail(`no answer within ${PATIENCE_MS} ms`)),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
  }
}

/** The other end of it. Fulfils when the input ends. */
export async function answerQuestions(
  answers: Readonly<Record<string, (argument: number) => unknown>>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [name = '', argument] = line.split(' ');
    console.log(`${MARK}${JSON.stringify((await answers[name]!(Number(argument))) ?? null)}`);
  }
}
