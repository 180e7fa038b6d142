/** Reads and checks `serval.json`. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { configProblems } from './config-problems.ts';
import type { SiteConfig } from './site-config.ts';

/** Members that name a file or a folder, relative to the folder of the config file. */
const FILES = ['root', 'cert', 'key'] as const;

/**
 * @returns the config, with `root`, `cert` and `key` as absolute paths.
 * @throws {ConfigError}
 */
export async function readConfig(file: string): Promise<SiteConfig> {
  const value = parseJson(await read(file), file);
  const lines = configProblems(value).map(({ path, message }) =>
    path === '' ? message : `${path}: ${message}`,
  );
  if (lines.length === 1) throw new ConfigError(`${file}: ${lines[0]}`);
  if (lines.length > 1)
    throw new ConfigError(`${file}: ${lines.length} errors:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  const config = value as SiteConfig;
  const named = FILES.flatMap((member) => {
    const path = config[member];
    return path === undefined ? [] : [[member, resolve(dirname(file), path)]];
  });
  return { ...config, ...Object.fromEntries(named) };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigError(code === 'ENOENT' ? `config file ${file} does not exist` : `${file}: ${message}`);
  }
}

function parseJson(text: string, file: string): unknown {
  // A byte order mark is not JSON (RFC 8259 §8.1), but some editors write one.
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    const { message } = error as Error;
    const at = /at position (\d+)/.exec(message)?.[1];
    const before = at === undefined ? undefined : json.slice(0, Number(at)).split('\n');
    const place = before === undefined ? '' : `:${before.length}:${before.at(-1)!.length + 1}`;
    throw new ConfigError(`${file}${place}: invalid JSON: ${message}`);
  }
}
