/** Swaps a folder for a link to one outside the root, while a server reads, lists and stores files in it. */
import { parseArgs } from 'node:util';
import { type Command, wholeNumber } from '../support/commands.ts';
import { attack, type Counted } from './swaps/attack.ts';

const HELP = `[options]

  --count NUMBER   requests of each kind (2000)`;

export const swaps: Command = {
  summary: 'swap a folder for a link out of the root: is a file outside read, listed or replaced?',
  help: HELP,
  async run(words) {
    const options = { count: { type: 'string', default: '2000' } } as const;
    const { values } = parseArgs({ args: [...words], options });
    const { isAtomic, ...kinds } = await attack(wholeNumber('--count', values.count, 1));
    console.log(isAtomic ? 'Swapped by renameat2.' : 'Swapped by renames, between which a name is missing.');
    const faults: string[] = [];
    for (const [kind, { answers, inside, leaks }] of Object.entries(kinds) as [string, Counted][]) {
      console.log(`${kind}: ${answers} responses, ${inside} from inside, ${leaks} from outside`);
      if (leaks > 0) faults.push(`${kind}: ${leaks} reached the folder outside`);
    }
    return faults;
  },
};
