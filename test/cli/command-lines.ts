/**
 * Runs one command line after the other in a process that stays: what a start costs is paid once. For whatever is no matter of
 * the process itself; that is what `ServalProcess` is for.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/run.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const FILE = fileURLToPath(import.meta.url);

export class CommandLines {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(env: Record<string, string> = {}) {
    this.#child = fork(FILE, ['run'], {
      env: { ...process.env, ...env },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#exited = once(this.#child, 'exit');
  }

  /** One at a time. */
  async run(words: readonly string[]): Promise<Outcome> {
    const told = once(this.#child, 'message');
    const ended = this.#exited.then(() => assert.fail(`it ended: ${words.join(' ')}`));
    this.#child.send(words);
    const [outcome] = await Promise.race([told, ended]);
    return outcome as Outcome;
  }

  /** Ends it, whatever it is doing. */
  end(): void {
    this.#child.kill('SIGKILL');
  }
}

/** What is written meanwhile, instead of to where it would go. */
async function captured(words: readonly string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name].setMaxListeners(0);
    const { write } = stream;
    stream.write = (piece: string | Uint8Array): boolean => {
      written[name] += typeof piece === 'string' ? piece : Buffer.from(piece).toString();
      return true;
    };
    return () => {
      stream.write = write;
    };
  });
  try {
    return { code: await run(words), ...written };
  } finally {
    for (const back of restore) back();
  }
}

if (process.argv[1] === FILE && process.argv[2] === 'run') {
  process.on('message', (words: string[]) => {
    void captured(words).then((outcome) => process.send?.(outcome));
  });
}
