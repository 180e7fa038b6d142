/** From the command line to the exit code. */
import { existsSync, rmdirSync } from 'node:fs';
import { mkdtemp, stat } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { demo } from '../demo/demo.ts';
import { files } from '../files/files.ts';
import { type Server, serve } from '../index.ts';
import type { FetchFunction } from '../server/handler.ts';
import { withAccessLog } from './access-log.ts';
import { urlsOf } from './addresses.ts';
import { parseArguments, type ServeCommand, UsageError } from './arguments.ts';
import { DEMO_HELP, HELP } from './help.ts';
import { explainListenError } from './listen-error.ts';
import { version } from './version.ts';

const FAILED = 1;
const MISUSED = 2;

/** How long connections that are merely kept open may still bring a request once we have been told to stop. */
const GRACE_MS = { SIGINT: 500, SIGTERM: 5_000 };
type StopSignal = keyof typeof GRACE_MS;

/** @returns the exit code. */
export async function run(words: readonly string[]): Promise<number> {
  try {
    const command = parseArguments(words);
    switch (command.command) {
      case 'help':
        print(HELP);
        return 0;
      case 'demo-help':
        print(DEMO_HELP);
        return 0;
      case 'version':
        print(`${version()}\n`);
        return 0;
      default:
        return await serveUntilStopped(command);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(error.message);
    return MISUSED;
  }
}

async function serveUntilStopped(command: ServeCommand): Promise<number> {
  const directory = await findDirectory(command);
  if (directory === undefined) return FAILED;

  const { stdout } = process;
  // `serval --log | head` closes the pipe: the log is over then, the server is not.
  stdout.on('error', () => {});
  let handler: FetchFunction = command.command === 'demo' ? demo(directory) : files(directory);
  if (command.log ?? stdout.isTTY) {
    const colour = stdout.isTTY && !process.env['NO_COLOR'];
    handler = withAccessLog(handler, print, colour);
  }

  const server = serve(handler, { port: command.port, hostname: command.host });
  try {
    await server.ready;
  } catch (error) {
    complain(explainListenError(error, command));
    return FAILED;
  }
  const stopped = stopOnSignal(server);
  announce(server, command, directory);
  await stopped;
  return 0;
}

async function findDirectory({ command, directory }: ServeCommand): Promise<string | undefined> {
  if (directory === undefined) return temporaryDirectory();
  const path = resolve(directory);
  try {
    if ((await stat(path)).isDirectory()) return path;
    complain(`"${directory}" is not a folder but a file.`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const advice = command === 'demo' ? '; make it first' : '';
    complain(code === 'ENOENT' ? `there is no folder ${path}${advice}.` : message);
  }
  return undefined;
}

async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'serval-'));
  process.once('exit', () => {
    try {
      rmdirSync(path);
    } catch {
      // Not empty: somebody's files are in it, and they may still want them.
    }
  });
  return path;
}

function announce(server: Server, { command }: ServeCommand, directory: string): void {
  const demo = command === 'demo';
  print(demo ? 'Serval shows HTTP happening at\n' : `Serval serves ${directory} at\n`);
  for (const listener of server) {
    for (const url of urlsOf(listener.address)) print(`  ${url}\n`);
  }
  if (demo) {
    print(`Files are kept in ${directory}\n`);
  } else if (!existsSync(join(directory, 'index.html'))) {
    print('There is no index.html: ask for files by name.\n');
  }
  print('Ctrl-C stops it.\n');
}

/** Fulfils when the server has stopped after the first signal. A second one ends the process at once. */
function stopOnSignal(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const onSignal = (signal: StopSignal): void => {
      if (stopping) {
        server.destroy();
        // By convention the code of a process that a signal has ended.
        process.exit(128 + constants.signals[signal]);
      }
      stopping = true;
      print('\nFinishing what has begun. Once more stops at once.\n');
      server.drain({ grace: GRACE_MS[signal] }).then(resolve, reject);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

function print(text: string): void {
  process.stdout.write(text);
}

function complain(message: string): void {
  process.stderr.write(`serval: ${message}\n`);
}
