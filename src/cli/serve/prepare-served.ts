/** Prepares what a command serves: reads the config file, and finds the folder. */
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
import { tlsSettings } from './tls-settings.ts';

/**
 * @param kept the folder, if it has been chosen before.
 * @returns `undefined` if there is no folder to serve; the reason has been printed.
 * @throws {ConfigError}
 */
export async function prepareServed(command: ServeCommand, kept?: string): Promise<Served | undefined> {
  const isDemo = command.command === 'demo';
  const configFile = isDemo ? undefined : findConfig(command);
  const config = withOptions(configFile === undefined ? {} : await readConfig(configFile), command.site);
  const directory = kept ?? (await findDirectory(command, config));
  if (directory === undefined) return undefined;
  const { port, host: hostname, unix, proxy, allowHosts, health, healthPort, metricsPort } = command;
  const { redirectHttp, hsts, encryption: chosen } = tlsSettings(command, config);
  const encryption = await prepareEncryption(chosen, kept === undefined ? print : () => {});
  const sockets = listenFds().map(({ fd }) => fd);
  const { isTTY } = process.stdout;
  return {
    ...{
      demo: isDemo,
      directory,
      config,
      configFile,
      port,
      hostname,
      allowHosts,
      health,
      healthPort,
      metricsPort,
    },
    ...{ unix, sockets, proxy, encryption, redirectHttp, hsts },
    log: command.log ?? (isTTY === true || command.logFormat !== undefined),
    logFormat: command.logFormat ?? 'text',
    colour: isTTY === true && !process.env['NO_COLOR'],
  };
}

/** The named file, or the one in the current folder; never one in the folder that is served. */
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
    complain(`"${named}" is a file, not a folder`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    complain(code === 'ENOENT' ? `the folder ${path} does not exist${adviceFor(command, named)}` : message);
  }
  return undefined;
}

function adviceFor(command: ServeCommand['command'], named: string): string {
  if (command === 'demo') return '; create it first';
  // Other programs take a port as their argument.
  return /^\d{2,5}$/.test(named) ? `; for the port use --port ${named}` : '';
}

async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'serval-'));
  process.once('exit', () => {
    try {
      rmdirSync(path);
    } catch {
      // It is not empty: the user may still want the files.
    }
  });
  return path;
}
