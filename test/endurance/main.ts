/**
 * Long runs that no test suite has time for:
 *
 *     npm run endurance -- lives    reload, resize and kill workers under load: which requests are lost?
 *     npm run endurance -- soak     minutes of mixed load: does memory, descriptors or handles grow?
 *     npm run endurance -- kills    kill a server during uploads: is a file lost or damaged?
 *
 * `npm run endurance -- lives --help` lists the options of a sub-command. The exit code is 1 when something went wrong.
 */
import process from 'node:process';
import { type Command, UsageError } from './command.ts';
import { kills } from './kills.ts';
import { lives } from './lives.ts';
import { soak } from './soak.ts';

const COMMANDS: Readonly<Record<string, Command>> = { lives, soak, kills };

const [name = '', ...words] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command === undefined) {
  console.log('npm run endurance -- COMMAND [options]; --help after a command lists its options.\n');
  for (const [known, { summary }] of Object.entries(COMMANDS)) console.log(`  ${known.padEnd(8)}${summary}`);
  process.exitCode = name === '--help' ? 0 : 2;
} else if (words.includes('--help')) {
  console.log(command.help);
} else {
  await run(command);
}

async function run(chosen: Command): Promise<void> {
  try {
    const faults = await chosen.run(words);
    for (const fault of faults) console.error(`WRONG  ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  } catch (error) {
    const isUsage =
      error instanceof UsageError || String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS');
    if (!isUsage) throw error;
    console.error(`${(error as Error).message}\n\n${chosen.help}`);
    process.exitCode = 2;
  }
}
