/** The chart of the README: CPU per request of the case `hello`, as bars, with the two floors as lines. */
import type { CaseResult } from '../results.ts';
import { ratios, type Spread, spread } from '../statistics.ts';
import { card, line, round, text, ticks, WIDTH } from './svg.ts';

/** Drawn as lines, because these servers only show the lowest possible cost. */
const FLOORS = ['c-epoll', 'bare'];

const NAMES_END = 214;
const PLOT_START = NAMES_END + 12;
const PLOT_END = WIDTH - 148;
const VALUES_END = WIDTH - 84;
const TIMES_END = WIDTH - 24;
const FIRST_ROW = 108;
const ROW = 31;
const BAR = 19;
/** From the middle of a row to the baseline of its text. */
const BASELINE = 4.5;

interface Row {
  readonly key: string;
  readonly name: string;
  readonly cpu: Spread;
  /** The server's CPU divided by Serval's on the same chart: the median of the rounds' ratios. */
  readonly times: number | undefined;
}

/** @returns `undefined` when Serval itself was not measured on this runtime. */
export function cpuChart(result: CaseResult, runtime = 'node24'): string | undefined {
  const serval = `serval@${runtime}`;
  const where = /\((.*)\)$/.exec(result.contenders[serval]?.label ?? '')?.[1] ?? runtime;
  const all = Object.keys(result.contenders)
    .filter((key) => isDrawn(key, runtime))
    .flatMap((key) => rowOf(result, key, serval, where))
    .sort((a, b) => a.cpu.median - b.cpu.median);
  const rows = all.filter(({ key }) => !FLOORS.includes(serverOf(key)));
  const floors = all.filter(({ key }) => FLOORS.includes(serverOf(key)));
  if (!rows.some(({ key }) => key === serval)) return undefined;

  const marks = ticks(Math.max(...all.map(({ cpu }) => cpu.max)));
  const x = (value: number) => PLOT_START + (value / marks.at(-1)!) * (PLOT_END - PLOT_START);
  const bottom = FIRST_ROW + rows.length * ROW;
  const body = marks.flatMap((mark) => [
    line(x(mark), FIRST_ROW - 6, x(mark), bottom, 'grid'),
    text(x(mark), bottom + 18, `${mark}`, 'quiet small', 'middle'),
  ]);
  body.push(text(VALUES_END, FIRST_ROW - 16, 'µs', 'quiet small', 'end'));
  body.push(text(TIMES_END, FIRST_ROW - 16, '÷ Serval', 'quiet small', 'end'));
  rows.forEach((row, index) => {
    body.push(...bar(row, FIRST_ROW + index * ROW + ROW / 2, x));
  });
  body.push(...floorLines(floors, x, bottom));
  const subtitle =
    `13 bytes for a GET with a browser's fields, ${result.connections} connections, ${where} unless said otherwise. ` +
    `Dashed: the floors.`;
  return card(bottom + 34, 'CPU time per request, in µs of one core', subtitle, body);
}

function bar({ key, name, cpu, times }: Row, middle: number, x: (value: number) => number): string[] {
  const ours = serverOf(key) === 'serval';
  const end = x(cpu.median);
  const parts = [
    text(NAMES_END, middle + BASELINE, name, ours ? 'strong' : '', 'end'),
    `<rect class="bar${ours ? ' serval' : ''}" x="${PLOT_START}" y="${round(middle - BAR / 2)}" ` +
      `width="${round(end - PLOT_START)}" height="${BAR}" rx="2"/>`,
    text(VALUES_END, middle + BASELINE, cpu.median.toFixed(1), ours ? 'strong' : '', 'end'),
  ];
  if (cpu.max > cpu.min) parts.push(line(x(cpu.min), middle, x(cpu.max), middle, 'range'));
  if (times !== undefined) parts.push(text(TIMES_END, middle + BASELINE, times.toFixed(2), 'quiet', 'end'));
  return parts;
}

/** The lower floor has its name on the left of its line, the upper one on the right, because they may be close together. */
function floorLines(floors: readonly Row[], x: (value: number) => number, bottom: number): string[] {
  return floors
    .toSorted((a, b) => a.cpu.median - b.cpu.median)
    .flatMap(({ name, cpu }, index) => {
      const at = x(cpu.median);
      const isLower = index === 0 && floors.length > 1;
      return [
        line(at, FIRST_ROW - 14, at, bottom, 'floor'),
        text(
          at + (isLower ? -6 : 6),
          FIRST_ROW - 16,
          `${name} ${cpu.median.toFixed(1)}`,
          'floor-name small',
          isLower ? 'end' : 'start',
        ),
      ];
    });
}

function rowOf(result: CaseResult, key: string, serval: string, where: string): Row[] {
  const own = cpuByRound(result, key);
  const cpu = spread([...own.values()]);
  if (cpu === undefined) return [];
  const label = result.contenders[key]?.label ?? key;
  const name = serverOf(key) === 'serval' ? label : label.replace(` (${where})`, '');
  return [{ key, name, cpu, times: ratios(own, cpuByRound(result, serval))?.median }];
}

function cpuByRound({ samples }: CaseResult, key: string): Map<number, number> {
  const counted = samples.filter(({ contender, invalid }) => contender === key && invalid.length === 0);
  return new Map(
    counted.flatMap(({ round, figures }) => (figures.cpu === undefined ? [] : [[round, figures.cpu]])),
  );
}

/** Servers on the runtime of the comparison, servers without a runtime, and the runtimes' own servers. */
function isDrawn(key: string, runtime: string): boolean {
  const at = key.indexOf('@');
  const where = at === -1 ? '' : key.slice(at + 1);
  if (FLOORS.includes(serverOf(key)) || where.startsWith('node')) return where === '' || where === runtime;
  return true;
}

function serverOf(key: string): string {
  return key.split('@', 1)[0] ?? '';
}
