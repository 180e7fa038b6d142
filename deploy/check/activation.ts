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
    const [, ...words] = /^ExecStart=(.*)$/m.exec(deployed('serval.service'))![1]!.split(' ');
    const here = words.map((word) => (word === '/srv/www' ? scratch : word));
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
      const url = `http://127.0.0.1:${port}/readyz`;
      // A connection is refused before systemd-socket-activate listens, and waits until the command has started.
      await until(
        () => isOk(url),
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
      return [here.join(' ').replace(scratch, '/srv/www')];
    } finally {
      kill();
      process.off('exit', kill);
    }
  },
};

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
