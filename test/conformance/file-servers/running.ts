/** Starts a server over a folder of its own, and ends it by its id. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { writeFixture } from './fixture.ts';
import type { FileServer } from './servers.ts';

/** A program that accepts no connection by then has failed to start. */
const START_MS = 20_000;
/** A program that has not ended by then is killed. */
const END_MS = 3_000;

export class RunningServer {
  readonly port: number;
  readonly root: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess, port: number, root: string) {
    this.#child = child;
    this.#exited = once(child, 'close');
    this.port = port;
    this.root = root;
  }

  /** @throws what the program said, if it ends or accepts no connection. */
  static async start(server: FileServer, scratch: string): Promise<RunningServer> {
    // A secret lies beside the folder, so it has a parent of its own.
    const root = join(scratch, 'house', 'site');
    await mkdir(root, { recursive: true });
    await writeFixture(root);
    const port = await freePort();
    const { program, words, environment = {}, files = {} } = server.start(root, port, scratch);
    for (const [name, text] of Object.entries(files)) await writeFile(join(scratch, name), text);
    const child = spawn(program, words, {
      cwd: scratch,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
    const failed = once(child, 'error').then(([error]: Error[]) => said.push(Buffer.from(String(error))));
    const running = new RunningServer(child, port, root);
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('close', () => process.off('exit', kill));
    if (await accepts(port, () => child.exitCode !== null || child.pid === undefined)) return running;
    await Promise.race([running.end(), failed]);
    throw new Error(`${server.name} does not start: ${Buffer.concat(said)}`);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    await this.#exited;
    clearTimeout(timer);
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port: number, ended: () => boolean): Promise<boolean> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && !ended()) {
    const socket = net.connect({ port, host: '127.0.0.1' });
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
