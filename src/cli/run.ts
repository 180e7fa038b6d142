/** Runs a command line and returns the exit code. */

import { ConfigError } from '../site/config/config-error.ts';
import { version } from '../version.ts';
import { parseArguments, UsageError } from './arguments.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { helpPage } from './help/pages.ts';
import { complain, print } from './output.ts';

/** @returns the exit code. */
export async function run(words: readonly string[]): Promise<number> {
  // The reader of a pipe may exit, as in `serval --log | head`. That must neither end the process nor print a stack trace.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    const command = parseArguments(words);
    // Commands are imported on demand, to keep the start short.
    switch (command.command) {
      case 'help':
        print(helpPage(command.topic));
        return 0;
      case 'version':
        print(`${version()}\n`);
        return 0;
      case 'completion': {
        const { completionScript } = await import('./help/completion.ts');
        print(completionScript(command.shell));
        return 0;
      }
      case 'hash':
        return await printHash(command.user);
      case 'trust': {
        const { trustCommand } = await import('./trust/trust-command.ts');
        return await trustCommand(command.installs);
      }
      case 'get': {
        const { getCommand } = await import('./get/get-command.ts');
        return await getCommand(command.get);
      }
      default: {
        const { serveCommand } = await import('./serve/serve-command.ts');
        return await serveCommand(command);
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'uv_cwd') {
      complain('the current folder no longer exists');
      return FAILED;
    }
    if (!(error instanceof UsageError) && !(error instanceof ConfigError)) throw error;
    complain(error.message);
    return MISUSED;
  }
}

async function printHash(user: string | undefined): Promise<number> {
  const { hashCommand } = await import('./hash-command.ts');
  try {
    print(`${await hashCommand(user)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    complain(error.message);
    return FAILED;
  }
}
