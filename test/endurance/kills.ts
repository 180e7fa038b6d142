/** Kills a server in the middle of uploads, and looks whether a file was lost or damaged. See `kills/upload-kills.ts`. */
import { parseArgs } from 'node:util';
import { type Command, wholeNumber } from '../support/commands.ts';
import { killUploads } from './kills/upload-kills.ts';

const HELP = `[options]

  --count NUMBER   kills (200)
  --seed NUMBER    kill at the same moments as the run with this seed`;

export const kills: Command = {
  summary: 'kill a server during uploads: is a file lost or damaged?',
  help: HELP,
  async run(words) {
    const options = { count: { type: 'string', default: '200' }, seed: { type: 'string' } } as const;
    const { values } = parseArgs({ args: [...words], options });
    const count = wholeNumber('--count', values.count, 1);
    const seed = values.seed === undefined ? Date.now() % 2 ** 31 : wholeNumber('--seed', values.seed);

    const began = performance.now();
    const { kills, found, acknowledged, swept, faults } = await killUploads(count, seed, (number) => {
      if (number % 20 === 0) console.error(`${number} kills`);
    });
    const seconds = Math.round((performance.now() - began) / 1_000);
    console.log(
      [
        `${kills} kills in ${seconds} s, seed ${seed}.`,
        `Uploads in progress: ${found.old} left the old file, ${found.new} the new one, ${found.absent} none.`,
        `Acknowledged uploads: ${acknowledged}. Temporary files left by kills and removed at the next start: ${swept}.`,
      ].join('\n'),
    );
    return faults;
  },
};
