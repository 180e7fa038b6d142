/** The case `scale`: CPU per request over the number of active connections, a line for each server. */
import type { CaseResult } from '../results.ts';
import { type Spread, spread } from '../statistics.ts';
import { card, line, round, text, ticks, WIDTH } from './svg.ts';

const LEFT = 64;
const RIGHT = WIDTH - 170;
const TOP = 84;
const BOTTOM = 344;
const NAMES_APART = 18;

interface Curve {
  readonly name: string;
  /** `Node 24`; empty for a server without a runtime. */
  readonly runtime: string;
  readonly className: string;
  readonly points: readonly (readonly [connections: number, cpu: Spread])[];
}

/** @returns `undefined` when the case was not measured. */
export function scaleChart(result: CaseResult): string | undefined {
  const curves = Object.keys(result.contenders)
    .map((key) => curveOf(result, key))
    .filter(({ points }) => points.length > 1)
    // Serval is drawn last, on top of the others.
    .sort((a, b) => Number(a.className === 'serval') - Number(b.className === 'serval'));
  if (curves.length === 0) return undefined;
  const connections = [...new Set(curves.flatMap(({ points }) => points.map(([count]) => count)))];
  const most = Math.max(...curves.flatMap(({ points }) => points.map(([, cpu]) => cpu.max)));
  const marks = ticks(most, 5);
  const last = Math.log(Math.max(...connections));
  const x = (count: number) => LEFT + (Math.log(count) / last) * (RIGHT - LEFT);
  const y = (cpu: number) => BOTTOM - (cpu / marks.at(-1)!) * (BOTTOM - TOP);

  const body = marks.flatMap((mark) => [
    line(LEFT, y(mark), RIGHT, y(mark), 'grid'),
    text(LEFT - 10, y(mark) + 4, `${mark}`, 'quiet small', 'end'),
  ]);
  for (const count of connections) {
    body.push(text(x(count), BOTTOM + 20, count.toLocaleString('en'), 'quiet small', 'middle'));
  }
  body.push(text((LEFT + RIGHT) / 2, BOTTOM + 42, 'active connections', 'quiet small', 'middle'));
  for (const { className, points } of curves) {
    const path = points.map(([count, cpu]) => `${round(x(count))},${round(y(cpu.median))}`).join(' ');
    body.push(`<polyline class="line ${className}" points="${path}"/>`);
    for (const [count, cpu] of points) {
      if (cpu.max > cpu.min) body.push(line(x(count), y(cpu.min), x(count), y(cpu.max), 'range'));
      body.push(
        `<circle class="dot ${className}" cx="${round(x(count))}" cy="${round(y(cpu.median))}" r="3.5"/>`,
      );
    }
  }
  body.push(...names(curves, y));
  const where = curves.map(({ runtime }) => runtime).find((runtime) => runtime !== '');
  const subtitle = `µs of one core, all connections active${where === undefined ? '' : `, ${where}`}. With one alone, the server sleeps after each request.`;
  return card(BOTTOM + 58, 'CPU time per request, as connections grow', subtitle, body);
}

/** Labels at the end of each line; moved down where they would overlap. */
function names(curves: readonly Curve[], y: (cpu: number) => number): string[] {
  let lowest = -Infinity;
  return curves
    .map(({ name, className, points }) => ({ name, className, cpu: points.at(-1)![1].median }))
    .sort((a, b) => b.cpu - a.cpu)
    .map(({ name, className, cpu }) => {
      lowest = Math.max(y(cpu), lowest + NAMES_APART);
      const emphasis = { serval: 'strong', floor: 'floor-name', other: '' }[className] ?? '';
      return text(RIGHT + 12, lowest + 4.5, `${name} ${cpu.toFixed(1)}`, emphasis);
    });
}

function curveOf(result: CaseResult, key: string): Curve {
  const counted = result.samples.filter(
    ({ contender, invalid }) => contender === key && invalid.length === 0,
  );
  const connections = [...new Set(counted.map(({ point }) => point ?? 0))].sort((a, b) => a - b);
  const points = connections.flatMap((count): [number, Spread][] => {
    const cpu = spread(counted.flatMap(({ point, figures }) => (point === count ? (figures.cpu ?? []) : [])));
    return cpu === undefined ? [] : [[count, cpu]];
  });
  const server = key.split('@', 1)[0];
  const className = server === 'serval' ? 'serval' : server === 'bare' ? 'floor' : 'other';
  const label = result.contenders[key]?.label ?? key;
  const [, name = label, runtime = ''] = /^(.*) \((.*)\)$/.exec(label) ?? [];
  return { name, runtime, className, points };
}
