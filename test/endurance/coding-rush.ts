/** Many clients request large files that must be compressed, and leave. How long does the next client wait for a small page? */
import { parseArgs } from 'node:util';
import { type Command, wholeNumber } from '../support/commands.ts';
import { rush } from './coding-rush/rush.ts';

const HELP = `[options]

  --clients NUMBER   clients that leave (240)`;

/** Generous, for a busy machine; without a bound on the queue the page took minutes. */
const MOST_WAIT_MS = 5_000;

export const codingRush: Command = {
  summary: 'clients that request compressed files and leave: how long does a small page take?',
  help: HELP,
  async run(words) {
    const options = { clients: { type: 'string', default: '240' } } as const;
    const { values } = parseArgs({ args: [...words], options });
    const { waited, coding, large } = await rush(wholeNumber('--clients', values.clients, 1));
    console.log(`The page took ${Math.round(waited)} ms (${coding ?? 'uncompressed'}).`);
    console.log(`A large file took ${Math.round(large.waited)} ms.`);
    return waited > MOST_WAIT_MS ? [`the page took more than ${MOST_WAIT_MS} ms`] : [];
  },
};
