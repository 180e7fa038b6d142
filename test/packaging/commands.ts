/** Programs that run to their end, with what they print. */
import { spawn } from 'node:child_process';
import process from 'node:process';

/** A program has failed, or has taken too long. */
export class CommandFailed extends Error {}

const PATIENCE_MS = 180_000;

/**
 * Runs one of Node's programs in a folder.
 *
 * @returns what it printed.
 * @throws {CommandFailed} with what it printed.
 */
export function runNode(folder: string, ...words: readonly string[]): Promise<string> {
  return run(folder, process.execPath, ...words);
}

/** The same for any program. */
export async function run(folder: string, file: string, ...words: readonly string[]): Promise<string> {
  const child = spawn(file, words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    env: { ...process.env, ...QUIET },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
  const [status, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, given) => resolve([code, given]));
  });
  if (status === 0) return printed;
  throw new CommandFailed(
    `${[file, ...words].join(' ')}: ${signal ?? `status ${status}`}\n${printed.trim()}`,
  );
}

/** Package managers look for newer versions of themselves, and those started by npm take its settings for their own. */
const QUIET = {
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => /^npm_(config|package|lifecycle)_/.test(name))
      .map((name) => [name, undefined]),
  ),
  CI: '1',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
  NODE_OPTIONS: '',
  npm_config_update_notifier: 'false',
  YARN_ENABLE_TELEMETRY: '0',
};
