/**
 * Runs one fixture: `launch.js <fixture> <options as JSON>`, on Node, Bun or Deno.
 *
 * It prints `listening <port>` once it listens (0 for a unix socket). From then on each line on stdin is a command
 * `[id, name, argument]`, answered by a line `[id, "ok" | "error", value]`. It leaves when its stdin ends.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Server } from '../../../src/index.ts';

export type Commands = Record<string, (argument: never) => unknown>;

/** What the default export of a fixture gives. */
export interface Fixture {
  readonly server: Server;
  readonly commands?: Commands;
}

const [fixture, options] = process.argv.slice(2);
const { default: start } = (await import(`./${fixture}.js`)) as {
  default: (options: unknown) => Fixture | Promise<Fixture>;
};
const { server, commands: ownCommands } = await start(JSON.parse(options ?? '{}'));

const commands: Commands = {
  rss: () => process.memoryUsage().rss,
  close: () => server.close(),
  drain: (argument: { grace: number }) => server.drain(argument),
  destroy: () => server.destroy(),
  closed: () => server.closed,
  busy: (value: boolean) => {
    server.busy = value;
  },
  ...ownCommands,
};

await server.ready;
const [listener] = server;
process.stdout.write(`listening ${listener?.address.port ?? 0}\n`);

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [id, name, argument] = JSON.parse(line) as [number, string, never];
  answer(id, name, argument);
});
lines.on('close', () => process.exit(0));

async function answer(id: number, name: string, argument: never): Promise<void> {
  let reply: [number, 'ok' | 'error', unknown];
  try {
    const command = commands[name];
    if (command === undefined) throw new Error(`no command '${name}'`);
    reply = [id, 'ok', (await command(argument)) ?? null];
  } catch (error) {
    reply = [id, 'error', String(error)];
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
