/** `latest.md`: the targets first, then a table for each case. */
import type { FigureName, Sample } from '../measured.ts';
import { isOurs } from '../plan.ts';
import type { CaseResult, Machine, Results } from '../results.ts';
import { ratios, type Spread, spread } from '../statistics.ts';
import { TARGETS, type Target } from '../targets.ts';

export interface Verdict {
  readonly target: Target;
  readonly ratio: Spread | undefined;
  readonly met: boolean | undefined;
  /** The reason if there is no ratio. */
  readonly why: string | undefined;
}

export function markdown(results: Results): string {
  const cases = Object.entries(results.cases);
  const parts = ['# Measured', about(results), targetsTable(results)];
  for (const [id, result] of cases) parts.push(caseSection(id, result));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Compares a target with the results. */
export function judge(target: Target, results: Results): Verdict {
  const without = (why: string): Verdict => ({ target, ratio: undefined, met: undefined, why });
  const result = results.cases[target.case];
  if (result === undefined) return without('not measured');
  const ours = valid(result, target.ours);
  if (ours.length === 0) return without(whyNone(result, target.ours));
  let ratio: Spread | undefined;
  if (target.theirs === undefined) {
    ratio = spread(ours.map(({ figures }) => figures[target.figure] ?? Number.NaN));
  } else {
    const theirs = valid(result, target.theirs);
    if (theirs.length === 0) return without(whyNone(result, target.theirs));
    if (bothLoadBound(ours, theirs)) return without('invalid: the load generator was full for both');
    ratio = ratios(byRound(ours, target.figure), byRound(theirs, target.figure));
  }
  if (ratio === undefined) return without('no round has both');
  const { median } = ratio;
  return {
    target,
    ratio,
    met: median <= (target.atMost ?? Infinity) && median >= (target.atLeast ?? -Infinity),
    why: undefined,
  };
}

function about(results: Results): string {
  const cases = Object.values(results.cases);
  const distinct = (values: string[]) => [...new Set(values)].join('; ');
  const machines = distinct(cases.map(({ machine }) => describe(machine)));
  const days = distinct(cases.map(({ date }) => date.slice(0, 10)));
  const commits = distinct(cases.map(({ commit }) => commit));
  return `${days}; Serval at ${commits}; ${machines}. Server and load generator on a core each, interleaved rounds; medians, and in
parentheses the range of the rounds. Method: [bench/README.md](../README.md).`;
}

function describe({ processor, cores, memoryGiB, system }: Machine): string {
  return `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}`;
}

function targetsTable(results: Results): string {
  const measured = TARGETS.filter((target) => results.cases[target.case] !== undefined);
  const others = [
    ...new Set(TARGETS.filter((target) => !measured.includes(target)).map((target) => target.case)),
  ];
  const rows = measured
    .map((target) => judge(target, results))
    .map(({ target, ratio, met, why }) => [
      target.case,
      label(results, target.case, target.ours),
      target.theirs === undefined ? '–' : label(results, target.case, target.theirs),
      FIGURES[target.figure].title,
      bound(target),
      ratio === undefined ? '–' : ratioText(target, ratio),
      met === undefined ? (why ?? '') : met ? 'met' : '**not met**',
    ]);
  const versions = [
    ...new Set(Object.values(results.cases).flatMap(({ contenders }) => Object.values(contenders))),
  ]
    .map(({ version }) => version)
    .filter((version, index, all) => version !== '' && all.indexOf(version) === index);
  return `## Targets

${table(['case', 'measured', 'against', 'figure', 'target', 'median (range)', ''], rows, 4)}
${others.length === 0 ? '' : `\nCases that were not measured have targets too: ${others.join(', ')}.\n`}
Versions: ${versions.sort().join(' · ')}.`;
}

function caseSection(id: string, result: CaseResult): string {
  const { rounds, warmUpSeconds, countedSeconds, connections, pipelined } = result;
  const used = COLUMNS.filter((name) => result.samples.some(({ figures }) => figures[name] !== undefined));
  const keys = Object.keys(result.contenders);
  const points = [...new Set(result.samples.map(({ point }) => point))];
  const first = keys.find(isOursKey);
  const rows = points.flatMap((point) =>
    keys.map((key) => {
      const samples = result.samples.filter((sample) => sample.contender === key && sample.point === point);
      const counted = samples.filter(({ invalid }) => invalid.length === 0);
      const cells = used.map((name) => {
        const values = spread(counted.flatMap(({ figures }) => figures[name] ?? []));
        return values === undefined ? '–' : spreadText(name, values);
      });
      const ours = sameRuntime(keys, key) ?? first;
      return [
        `${result.contenders[key]?.label ?? key}${point === undefined ? '' : `, ${point.toLocaleString('en')}`}`,
        ...cells,
        ours === undefined || isOursKey(key) ? '' : ratioCell(result, ours, key, point),
        notes(samples),
      ];
    }),
  );
  const failures = Object.entries(result.failures).map(
    ([key, why]) => `- ${key} was skipped: ${why.split('\n')[0]}`,
  );
  const how =
    `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${warmUpSeconds} s warm-up, ${countedSeconds} s counted, ` +
    `${connections.toLocaleString('en')} connections${pipelined === 1 ? '' : `, ${pipelined} requests at once`}`;
  return [
    `## ${id}`,
    `${result.title}. ${how}.`,
    CHARTS[id] === undefined ? '' : `![${result.title}](${CHARTS[id]})`,
    table(['', ...used.map((name) => FIGURES[name].title), 'Serval ÷ it', ''], rows, 1),
    failures.join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Case → the file of its chart, beside this page. */
const CHARTS: Record<string, string> = { hello: 'cpu-per-request.svg', scale: 'scale.svg' };

interface FigureFormat {
  readonly title: string;
  readonly unit: string;
  readonly scale: number;
  readonly digits: number;
}

const FIGURES: Record<FigureName, FigureFormat> = {
  cpu: { title: 'CPU a request', unit: 'µs', scale: 1, digits: 2 },
  rate: { title: 'requests/s', unit: '', scale: 1, digits: 0 },
  throughput: { title: 'bytes/s', unit: 'GB/s', scale: 1e-9, digits: 2 },
  memory: { title: 'memory a connection', unit: 'KB', scale: 1e-3, digits: 2 },
  p50: { title: 'p50', unit: 'ms', scale: 1, digits: 2 },
  p99: { title: 'p99', unit: 'ms', scale: 1, digits: 2 },
  resident: { title: 'resident', unit: 'MB', scale: 1e-6, digits: 0 },
  serverShare: { title: 'server', unit: '%', scale: 100, digits: 0 },
  loadShare: { title: 'load', unit: '%', scale: 100, digits: 0 },
};
const COLUMNS: readonly FigureName[] = ['cpu', 'rate', 'throughput', 'memory', 'p99', 'resident'];
/** Figures without a useful range. */
const WITHOUT_RANGE: ReadonlySet<FigureName> = new Set(['resident']);

function bound({ atMost, atLeast, figure, theirs }: Target): string {
  const value = atMost ?? atLeast ?? Number.NaN;
  const sign = atMost === undefined ? '≥' : '≤';
  return theirs === undefined ? `${sign} ${figureText(figure, value)}` : `${sign} ${value} ×`;
}

function ratioText({ figure, theirs }: Target, ratio: Spread): string {
  if (theirs === undefined) return spreadText(figure, ratio);
  return timesText(ratio);
}

function timesText({ median, min, max }: Spread): string {
  const digits = median >= 10 ? 1 : 2;
  const text = (value: number) => value.toFixed(digits);
  return `${text(median)} × (${text(min)} – ${text(max)})`;
}

function figureText(name: FigureName, value: number, withUnit = true): string {
  const { unit, scale, digits } = FIGURES[name];
  const scaled = value * scale;
  const places = digits > 0 && scaled >= 100 ? 0 : digits;
  const text = scaled.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places });
  return unit === '' || !withUnit ? text : `${text} ${unit}`;
}

function spreadText(name: FigureName, { median, min, max, rounds }: Spread): string {
  if (rounds === 1 || WITHOUT_RANGE.has(name)) return figureText(name, median);
  return `${figureText(name, median)} (${figureText(name, min, false)} – ${figureText(name, max, false)})`;
}

/** The ratios of CPU, requests/s, bytes/s and memory, as far as they were measured. */
function ratioCell(result: CaseResult, ours: string, theirs: string, point: number | undefined): string {
  const mine = valid(result, ours, point);
  const other = valid(result, theirs, point);
  const cells = (['cpu', 'rate', 'throughput', 'memory'] as const).flatMap((figure) => {
    const ratio = ratios(byRound(mine, figure), byRound(other, figure));
    if (ratio === undefined) return [];
    const doubtful = figure !== 'memory' && bothLoadBound(mine, other) ? ' (invalid: load)' : '';
    return [`${ratio.median.toFixed(2)} × ${figure === 'cpu' ? 'CPU' : FIGURES[figure].title}${doubtful}`];
  });
  return cells.join(', ');
}

function notes(samples: readonly Sample[]): string {
  const invalid = samples.filter((sample) => sample.invalid.length > 0);
  const why = [...new Set(invalid.flatMap((sample) => sample.invalid))].join('; ');
  const parts = invalid.length === 0 ? [] : [`${invalid.length} of ${samples.length} rounds invalid: ${why}`];
  const disturbed = samples.filter((sample) => sample.invalid.length === 0 && sample.disturbed.length > 0);
  if (disturbed.length > 0) parts.push(`${disturbed.length} of ${samples.length} rounds disturbed`);
  if (samples.some(({ loadBound }) => loadBound)) parts.push('load generator full');
  return parts.join('; ');
}

function valid(result: CaseResult, key: string, point?: number): Sample[] {
  return result.samples.filter(
    (sample) =>
      sample.contender === key &&
      sample.invalid.length === 0 &&
      (point === undefined || sample.point === point),
  );
}

function whyNone(result: CaseResult, key: string): string {
  if (result.failures[key] !== undefined) return `${key} failed`;
  const samples = result.samples.filter(({ contender }) => contender === key);
  return samples.length === 0 ? `${key} was not measured` : `invalid: ${samples[0]?.invalid.join('; ')}`;
}

function byRound(samples: readonly Sample[], figure: FigureName): Map<number, number> {
  return new Map(
    samples.flatMap(({ round, figures }) =>
      figures[figure] === undefined ? [] : [[round, figures[figure]]],
    ),
  );
}

/** Then the ratio measures the load generator. */
function bothLoadBound(ours: readonly Sample[], theirs: readonly Sample[]): boolean {
  const mostly = (samples: readonly Sample[]) =>
    samples.filter(({ loadBound }) => loadBound).length * 2 > samples.length;
  return mostly(ours) && mostly(theirs);
}

/** Another build of Serval is compared with this one, like a peer. */
function isOursKey(key: string): boolean {
  const server = key.split('@', 1)[0] ?? '';
  return isOurs(server) && server !== 'other';
}

/** Serval on the same runtime as the other server. */
function sameRuntime(keys: readonly string[], key: string): string | undefined {
  const at = key.indexOf('@');
  return at === -1 ? undefined : keys.find((other) => other === `serval${key.slice(at)}`);
}

function label(results: Results, id: string, key: string): string {
  return results.cases[id]?.contenders[key]?.label ?? key;
}

/** @param left the number of text columns; the others are figures. */
function table(head: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index < left || index === head.length - 1 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
