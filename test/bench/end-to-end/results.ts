/** Results like measured ones. */
import type { FigureName, Sample } from '../../../bench/end-to-end/measured.ts';
import type { CaseResult, Results } from '../../../bench/end-to-end/results.ts';

/** One figure of one contender, round by round. */
export function samples(
  contender: string,
  figure: FigureName,
  values: readonly number[],
  more: Partial<Sample> = {},
): Sample[] {
  return values.map((value, index) => ({
    round: index + 1,
    contender,
    figures: { [figure]: value },
    invalid: [],
    disturbed: [],
    loadBound: false,
    ...more,
  }));
}

export function caseResult(all: readonly Sample[], more: Partial<CaseResult> = {}): CaseResult {
  const keys = [...new Set(all.map(({ contender }) => contender))];
  return {
    title: 'A case',
    date: '2026-01-02T03:04:05.000Z',
    commit: 'abc1234',
    machine: { processor: 'Abacus', cores: 2, memoryGiB: 4, system: 'Linux 6 x64' },
    rounds: 3,
    warmUpSeconds: 2,
    countedSeconds: 4,
    connections: 64,
    pipelined: 1,
    contenders: Object.fromEntries(keys.map((key) => [key, { label: labelOf(key), version: `${key} 1.0` }])),
    samples: all,
    failures: {},
    ...more,
  };
}

export function results(cases: Results['cases']): Results {
  return { format: 1, cases };
}

function labelOf(key: string): string {
  const [server = '', runtime] = key.split('@');
  const name = server === 'serval' ? 'Serval' : server;
  return runtime === undefined ? name : `${name} (${runtime.replace('node', 'Node ')})`;
}
