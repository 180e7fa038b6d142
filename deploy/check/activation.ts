/** Runs the command of the service unit on an inherited socket, as systemd does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/ports.ts';
import { type Check, deployed, needs, ROOT } from './check.ts';

const MAIN = join(ROOT, 'build/src/cli/main.js');
const PATIENCE_MS = 30_000;

export const activationCheck: Check = {
  name: 'activation',
  title: "the service's command takes a socket from systemd-socket-activate, reloads on HUP and ends on TERM",
  async run(scratch) {
    needs('systemd-socket-activate');
    const port = await freePort();
    const health = `127.0.0.1:${await freePort()}`;
    const [, ...words] = /^ExecStart=(.*)$/m.exec(deployed('serval.service'))![1]!.split(' ');
    const replaced: Readonly<Record<string, string>> = { '/srv/www': scratch, '127.0.0.1:9090': health };
    const here = words.map((word) => replaced[word] ?? word);
    const child = spawn(
      'systemd-socket-activate',
      [`--listen=127.0.0.1:${port}`, process.execPath, MAIN, ...here],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        said += text;
      });
    const kill = () => void child.kill('SIGKILL');
    process.once('exit', kill);
    try {
      const ended = once(child, 'exit');
      const url = `http://${health}/readyz`;
      // The command starts with the first connection. A connection is refused before systemd-socket-activate listens.
      await until(
        async () => (await isReached(port)) && (await isOk(url)),
        () => `it is not ready in time\n${said}`,
      );
      child.kill('SIGHUP');
      await until(
        () => said.includes('reloaded'),
        () => `SIGHUP: it does not reload\n${said}`,
      );
      if (!(await isOk(url))) throw new Error(`after the reload it is not ready\n${said}`);
      child.kill('SIGTERM');
      const [code] = await Promise.race([ended, sleep(PATIENCE_MS, ['nothing'], { ref: false })]);
      if (code !== 0) throw new Error(`SIGTERM: it ended with ${code}\n${said}`);
      return [words.join(' ')];
    } finally {
      kill();
      process.off('exit', kill);
    }
  },
};

/** Whether the service answers, with whatever status. */
async function isReached(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
  await response?.arrayBuffer();
  return response !== undefined;
}

async function isOk(url: string): Promise<boolean> {
  const response = await fetch(url, { headers: { Connection: 'close' } }).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok === true;
}

async function until(isDone: () => boolean | Promise<boolean>, why: () => string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isDone())) {
    if (performance.now() > deadline) throw new Error(why());
    await sleep(50);
  }
}
