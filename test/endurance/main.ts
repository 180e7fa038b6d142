/** Long runs for which no test suite has time: `npm run endurance` lists them. */
import { runCommands } from '../support/commands.ts';
import { codingRush } from './coding-rush.ts';
import { handshakes } from './handshakes.ts';
import { http2Attacks } from './http2-attacks.ts';
import { kills } from './kills.ts';
import { leavers } from './leavers.ts';
import { lives } from './lives.ts';
import { soak } from './soak.ts';
import { swaps } from './swaps.ts';

await runCommands('endurance', {
  lives,
  'http2-attacks': http2Attacks,
  soak,
  kills,
  leavers,
  swaps,
  'coding-rush': codingRush,
  handshakes,
});
