/** Programs with sub-commands: `npm run SCRIPT -- NAME [words]`. */
import process from 'node:process';

export interface Command {
  /** One line for the overview. */
  readonly summary: string;
  readonly help: string;
  /**
   * @returns what went wrong, a line each; empty when all is well.
   * @throws {UsageError} for words that it does not understand.
   */
  run(words: readonly string[]): Promise<readonly string[]>;
}

export class UsageError extends Error {}

/** @throws {UsageError} */
export function wholeNumber(option: string, text: string, least = 0): number {
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value) || value < least)
    throw new UsageError(`${option}: expected an integer from ${least}, got ${JSON.stringify(text)}`);
  return value;
}

/** Runs the command that the command line names. The exit code is 1 when something went wrong, and 2 for wrong usage. */
export async function runCommands(
  script: string,
  commands: Readonly<Record<string, Command>>,
): Promise<void> {
  const [name = '', ...words] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const width = Math.max(...Object.keys(commands).map(({ length }) => length)) + 2;
    console.log(`npm run ${script} -- NAME [options]; NAME --help lists the options.\n`);
    for (const [known, { summary }] of Object.entries(commands))
      console.log(`  ${known.padEnd(width)}${summary}`);
    process.exitCode = name === '--help' ? 0 : 2;
    return;
  }
  if (words.includes('--help')) return console.log(`npm run ${script} -- ${name} ${command.help}`);
  try {
    const faults = await command.run(words);
    for (const fault of faults) console.error(`WRONG  ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    if (!(error instanceof UsageError) && !code.startsWith('ERR_PARSE_ARGS')) throw error;
    console.error(`${message}\n\nnpm run ${script} -- ${name} ${command.help}`);
    process.exitCode = 2;
  }
}
