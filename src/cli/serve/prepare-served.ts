/** From a command and a config file to what is served. */
import { existsSync, rmdirSync } from 'node:fs';
import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfig } from '../../site/config/read-config.ts';
import { type SiteConfig, withOptions } from '../../site/config/site-config.ts';
import { listenFds } from '../../systemd/index.ts';
import type { ServeCommand } from '../arguments.ts';
import { complain, print } from '../output.ts';
import { prepareEncryption } from './encryption.ts';
import { CONFIG_NAME, type Served } from './served.ts';

/**
 * Reads what there is to read.
 *
 * @param kept the folder, if it has been chosen already.
 * @returns `undefined` when there is nothing to serve, after a complaint.
 * @throws {ConfigError}
 */
export async function prepareServed(command: ServeCommand, kept?: string): Promise<Served | undefined> {
  const isDemo = command.command === 'demo';
  const configFile = isDemo ? undefined : findConfig(command);
  const config = withOptions(configFile === undefined ? {} : await readConfig(configFile), command.site);
  const directory = kept ?? (await findDirectory(command, config));
  if (directory === undefined) return undefined;
  const { port, host: hostname, unix, proxy, allowHosts, health, maxConnections } = command;
  const encryption = await prepareEncryption(command.encryption, kept === undefined ? print : () => {});
  const { redirectHttp } = command;
  const sockets = listenFds().map(({ fd }) => fd);
  const { isTTY } = process.stdout;
  return {
    ...{ demo: isDemo, directory, config, configFile, port, hostname, allowHosts, health, maxConnections },
    ...{ unix, sockets, proxy, encryption, redirectHttp },
    log: command.log ?? isTTY === true,
    colour: isTTY === true && !process.env['NO_COLOR'],
  };
}

/** The file that was named, or the one in the current folder: never one that merely lies among what is served. */
function findConfig({ config }: ServeCommand): string | undefined {
  if (config !== undefined) return resolve(config);
  const file = resolve(CONFIG_NAME);
  return existsSync(file) ? file : undefined;
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
