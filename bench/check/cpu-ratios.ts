/** The most important ratios, in as few seconds as give reliable figures; on the Node that runs the check. */
import process from 'node:process';
import type { Sample } from '../end-to-end/measured.ts';
import { measure } from '../end-to-end/measurement.ts';
import { makePlan } from '../end-to-end/plan.ts';
import { makeSite } from '../end-to-end/site.ts';
import { ratios } from '../end-to-end/statistics.ts';
import { undisturbed } from '../end-to-end/undisturbed.ts';
import type { Figures } from './comparison.ts';

const ROUNDS = 5;
const DURATIONS = { warmUp: 1, counted: 1 };
const NODE = `node=${process.execPath}`;
const PEERS = ['bare', 'node-http'];

export async function cpuRatios(): Promise<Figures> {
  const { cases } = makePlan({
    cases: ['hello', 'hello-pipelined'],
    peers: PEERS,
    runtimes: [NODE],
    rounds: ROUNDS,
    quick: false,
    other: undefined,
  });
  const site = makeSite();
  const figures: Record<string, number> = {};
  for (const { bench, contenders } of cases) {
    const samples: Sample[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      for (const contender of contenders) {
        const measured = await undisturbed(() => measure(bench, contender, site, DURATIONS), false);
        samples.push(...measured.map((one) => ({ round, contender: contender.server.id, ...one })));
      }
    }
    for (const peer of PEERS) {
      const ratio = ratios(byRound(samples, 'serval'), byRound(samples, peer));
      if (ratio === undefined) {
        const why = new Set(samples.flatMap(({ invalid }) => invalid));
        throw new Error(`${bench.id}: no valid round: ${[...why].join('; ')}`);
      }
      figures[`${bench.id}: CPU against ${peer}`] = Math.round(ratio.median * 1_000) / 1_000;
    }
  }
  return figures;
}

function byRound(samples: readonly Sample[], server: string): Map<number, number> {
  const counted = samples.filter(({ contender, invalid }) => contender === server && invalid.length === 0);
  return new Map(counted.map(({ round, figures }) => [round, figures.cpu ?? Number.NaN]));
}
