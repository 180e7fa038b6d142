/**
 * Does the steps of the Dockerfile without a container engine: its copies and commands in a scratch folder, then its entry point
 * as its user, its health check, and SIGTERM.
 *
 * It does not test the base image: the Node of this machine replaces it.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/ports.ts';
import { type Check, deployed, ROOT } from './check.ts';
import { execForm, lastOf, parseDockerfile, type Stage } from './dockerfile.ts';
import { healthCommand } from './dockerfile-rules.ts';

const RUN_PATIENCE_MS = 300_000;
const START_PATIENCE_MS = 20_000;
const STOP_PATIENCE_MS = 30_000;
/** The ports in the Dockerfile, of the site and of the probes; the check uses others. */
const PORTS = ['8080', '9090'];

export const imageCheck: Check = {
  name: 'image',
  title:
    "the Dockerfile's commands, run by hand: it builds, serves, is healthy, and ends on SIGTERM (no engine)",
  async run(scratch) {
    const stages = parseDockerfile(deployed('Dockerfile'));
    // The user of the image must be able to enter it.
    chmodSync(resolve(scratch, '..'), 0o755);
    chmodSync(scratch, 0o755);
    for (const [index, stage] of stages.entries()) build(stage, scratch, index);
    const last = stages.length - 1;
    return [await live(stages[last]!, rootOf(scratch, stages[last]!, last))];
  },
};

function rootOf(scratch: string, { name }: Stage, index: number): string {
  return join(scratch, name ?? String(index));
}

/** Absolute paths of the image are below the root of their stage. */
function build(stage: Stage, scratch: string, index: number): void {
  const root = rootOf(scratch, stage, index);
  let folder = root;
  const inStage = (path: string) => (isAbsolute(path) ? join(root, path) : join(folder, path));
  for (const { name, words } of stage.instructions) {
    if (name === 'WORKDIR') {
      folder = inStage(words);
      mkdirSync(folder, { recursive: true });
    } else if (name === 'RUN') {
      execFileSync('sh', ['-c', words], { cwd: folder, timeout: RUN_PATIENCE_MS, stdio: 'pipe' });
    } else if (name === 'COPY') {
      const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(words) ?? [];
      const sources = paths.split(/\s+/);
      const to = sources.pop()!;
      for (const source of sources) {
        const path = join(from === undefined ? ROOT : join(scratch, from), source);
        copy(path, inStage(to), to.endsWith('/'));
      }
    }
  }
}

/** Like COPY: the content of a folder, or a file under its own name if the destination is a folder. */
function copy(path: string, to: string, isIntoFolder: boolean): void {
  const isFolder = statSync(path).isDirectory();
  cpSync(path, isIntoFolder && !isFolder ? join(to, basename(path)) : to, { recursive: true });
}

/** Runs the server from its start to SIGTERM. */
async function live(stage: Stage, root: string): Promise<string> {
  const free = [String(await freePort()), String(await freePort())];
  const withFreePorts = (word: string) =>
    PORTS.reduce((text, port, index) => text.replaceAll(port, free[index]!), word);
  const folder = join(root, lastOf(stage, 'WORKDIR') ?? '/');
  const here = (words: readonly string[]) =>
    words.map((word) => {
      if (word === 'node') return process.execPath;
      return isAbsolute(word) && existsSync(join(root, word)) ? join(root, word) : withFreePorts(word);
    });
  const command = here([
    ...execForm(lastOf(stage, 'ENTRYPOINT'))!,
    ...(execForm(lastOf(stage, 'CMD')) ?? []),
  ]);
  const health = here(healthCommand(stage)!);
  const options = { cwd: folder, env: { NODE_ENV: 'production' }, ...userOf(stage) };
  const child = spawn(command[0]!, command.slice(1), { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      said += text;
    });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    const isHealthy = () => spawnSync(health[0]!, health.slice(1), options).status === 0;
    await until(isHealthy, child, () => `it is not healthy in time\n${said}`);
    const from = performance.now();
    child.kill('SIGTERM');
    const [code] = (await Promise.race([
      once(child, 'exit'),
      sleep(STOP_PATIENCE_MS, ['nothing'], { ref: false }),
    ])) as [number | string | null];
    const seconds = ((performance.now() - from) / 1_000).toFixed(1);
    if (code !== 0) throw new Error(`SIGTERM: it ended with ${code} after ${seconds} s\n${said}`);
    return `${relative(root, folder)}: healthy as user ${lastOf(stage, 'USER')}, ended ${seconds} s after SIGTERM`;
  } finally {
    kill();
    process.off('exit', kill);
  }
}

/** The user of the image, if this process runs as root. */
function userOf(stage: Stage): { uid?: number; gid?: number } {
  const [uid, gid = uid] = (lastOf(stage, 'USER') ?? '').split(':').map(Number);
  return process.getuid?.() === 0 && uid !== undefined && gid !== undefined ? { uid, gid } : {};
}

async function until(isDone: () => boolean, child: ChildProcess, why: () => string): Promise<void> {
  const deadline = performance.now() + START_PATIENCE_MS;
  while (!isDone()) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(why());
    await sleep(100);
  }
}
