/** From the command line to the exit code. */
import { existsSync, rmdirSync } from 'node:fs';
import { mkdtemp, stat } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { demo } from '../demo/demo.ts';
import { type Server, serve } from '../index.ts';
import type { FetchFunction } from '../server/handler.ts';
import { allowedHosts } from '../site/allowed-hosts.ts';
import { ConfigError, readConfig, type SiteConfig, withOptions } from '../site/config.ts';
import { site } from '../site/site.ts';
import { withAccessLog } from './access-log.ts';
import { isLoopback, urlsOf } from './addresses.ts';
import { announcement, warnings } from './announcement.ts';
import { parseArguments, type ServeCommand, UsageError } from './arguments.ts';
import { hashCommand } from './hash-command.ts';
import { helpPage } from './help.ts';
import { explainListenError } from './listen-error.ts';
import { openBrowser } from './open-browser.ts';
import { withoutControls } from './printable.ts';
import { version } from './version.ts';

const FAILED = 1;
const MISUSED = 2;

const CONFIG_NAME = 'serval.json';

/** How long connections that are merely kept open may still bring a request once we have been told to stop. */
const GRACE_MS = { SIGINT: 500, SIGTERM: 5_000 };
type StopSignal = keyof typeof GRACE_MS;

/** @returns the exit code. */
export async function run(words: readonly string[]): Promise<number> {
  // Whoever reads us may have stopped, as in `serval --log | head`: that is no reason to end, nor for a stack trace.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    const command = parseArguments(words);
    switch (command.command) {
      case 'help':
        print(helpPage(command.topic));
        return 0;
      case 'version':
        print(`${version()}\n`);
        return 0;
      case 'hash':
        return await printHash(command.user);
      case 'get': {
        // Who serves needs none of the client.
        const { getCommand } = await import('./get/get-command.ts');
        return await getCommand(command.get);
      }
      default:
        return await serveUntilStopped(command);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'uv_cwd') {
      complain('the current folder does not exist any more.');
      return FAILED;
    }
    if (!(error instanceof UsageError) && !(error instanceof ConfigError)) throw error;
    complain(error.message);
    return MISUSED;
  }
}

async function printHash(user: string | undefined): Promise<number> {
  try {
    print(`${await hashCommand(user)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    complain(`${error.message}.`);
    return FAILED;
  }
}

async function serveUntilStopped(command: ServeCommand): Promise<number> {
  const isDemo = command.command === 'demo';
  const configFile = isDemo ? undefined : findConfig(command);
  const config = withOptions(configFile === undefined ? {} : await readConfig(configFile), command.site);
  const directory = await findDirectory(command, config);
  if (directory === undefined) return FAILED;

  const { stdout } = process;
  const content: FetchFunction = isDemo ? demo(directory) : siteHandler(directory, config, configFile);
  const { port, host: hostname, allowHosts } = command;
  // Until it is known where we listen, only those get in who could in any case.
  let answer = allowedHosts([hostname.toLowerCase(), ...allowHosts], content);
  let handler: FetchFunction = (request, ctx) => answer(request, ctx, ctx);
  if (command.log ?? stdout.isTTY) {
    const colour = stdout.isTTY && !process.env['NO_COLOR'];
    handler = withAccessLog(handler, print, colour);
  }

  // How large a file may be is for the uploads to say; a form can have many.
  const limits = config.upload ? { maxRequestBodySize: 0 } : {};
  const server = serve(handler, { port, hostname, limits });
  try {
    await server.ready;
  } catch (error) {
    complain(explainListenError(error, command));
    return FAILED;
  }
  const stopped = stopOnSignal(server);
  const addresses = [...server].map(({ address }) => address);
  // A network has names for us that we don't know of. Who says which they are is taken at their word.
  const isOpen = addresses.some(({ address }) => !isLoopback(address));
  if (isOpen && allowHosts.length === 0) answer = content;
  const announced = { demo: isDemo, directory, addresses, config, configFile };
  print(withoutControls(announcement(announced)));
  for (const warning of warnings(announced)) complain(`warning: ${warning}`);
  if (command.open) openBrowser(urlsOf(addresses[0]!)[0]!.url, complain);
  await stopped;
  return 0;
}

/** The file that was named, or the one in the current folder: never one that merely lies among what is served. */
function findConfig({ config }: ServeCommand): string | undefined {
  if (config !== undefined) return resolve(config);
  const file = resolve(CONFIG_NAME);
  return existsSync(file) ? file : undefined;
}

/** Where there is no config file, none may be put: it would be read when the server starts the next time. */
function siteHandler(
  directory: string,
  config: SiteConfig,
  configFile = resolve(CONFIG_NAME),
): FetchFunction {
  try {
    return site(directory, config, configFile);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new ConfigError(error.message);
    throw error;
  }
}

async function findDirectory(
  { command, directory }: ServeCommand,
  { root }: SiteConfig,
): Promise<string | undefined> {
  if (command === 'demo' && directory === undefined) return temporaryDirectory();
  const named = directory ?? root ?? '.';
  const path = resolve(named);
  try {
    if ((await stat(path)).isDirectory()) return path;
    complain(`"${named}" is not a folder but a file.`);
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
  process.stderr.write(`serval: ${withoutControls(message)}\n`);
}
