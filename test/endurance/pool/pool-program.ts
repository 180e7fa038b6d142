/**
 * The supervisor of a pool: `pool-program.js <processes | threads> <workers> [proxy]`.
 *
 * It prints `pool {"value":<port>}` when it listens. Then each line on stdin is a command, and one such line answers it, in the
 * same order. It drains when its stdin ends.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { supervise } from '../../../src/workers/index.ts';

const [kind, count, ...args] = process.argv.slice(2);
const module = new URL('./serving.js', import.meta.url);
const sizes = kind === 'threads' ? { workers: 1, threads: Number(count) } : { workers: Number(count) };
const supervisor = supervise(module, {
  port: 0,
  hostname: '127.0.0.1',
  backlog: 4_096,
  signals: true,
  ...sizes,
  args,
  onEvent: ({ message }) => console.error(message),
});

const commands: Record<string, (argument: string) => unknown> = {
  start: async () => {
    await supervisor.ready;
    return supervisor.addresses[0]?.port;
  },
  resize: (workers) => supervisor.resize(Number(workers)),
  workers: () =>
    supervisor.workers
      .filter(({ state }) => state === 'ready')
      .sort((a, b) => a.since.getTime() - b.since.getTime())
      .map(({ pid }) => ({ pid })),
};

await answer('start');
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => void answer(line));
lines.on('close', () => void supervisor.drain());

async function answer(line: string): Promise<void> {
  const [name = '', argument = ''] = line.split(' ');
  let reply: { value: unknown } | { error: string };
  try {
    reply = { value: (await commands[name]!(argument)) ?? null };
  } catch (error) {
    reply = { error: String(error) };
  }
  process.stdout.write(`pool ${JSON.stringify(reply)}\n`);
}
