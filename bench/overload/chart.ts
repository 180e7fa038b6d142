/** The effect of overload with and without a limit: two panels over one axis. */
import { card, line, round, text, ticks, WIDTH } from '../end-to-end/report/svg.ts';
import type { Outcome } from './open-loop.ts';

export interface Curve {
  readonly name: string;
  /** `serval` is drawn in colour. */
  readonly className: 'serval' | 'other';
  readonly points: readonly { readonly load: number; readonly outcome: Outcome }[];
}

const LEFT = 64;
const RIGHT = WIDTH - 170;
const PANEL = 190;
const TOPS = [112, 372];

export function overloadChart(curves: readonly Curve[], subtitle: string): string {
  const body = [
    ...panel(TOPS[0]!, 'responses in time, a second', curves, ({ answered }) => answered),
    ...panel(TOPS[1]!, 'p99 of those, ms', curves, ({ p99 }) => p99),
  ];
  const bottom = TOPS[1]! + PANEL;
  body.push(
    text((LEFT + RIGHT) / 2, bottom + 42, 'load, in multiples of the capacity', 'quiet small', 'middle'),
  );
  return card(bottom + 58, 'Under overload, with and without serval/limit', subtitle, body);
}

function panel(
  top: number,
  title: string,
  curves: readonly Curve[],
  figureOf: (outcome: Outcome) => number,
): string[] {
  const bottom = top + PANEL;
  const all = curves.flatMap(({ points }) => points);
  const values = all.map(({ outcome }) => figureOf(outcome)).filter(Number.isFinite);
  const marks = ticks(Math.max(...values, 1), 4);
  const most = Math.max(...all.map(({ load }) => load));
  const x = (load: number) => LEFT + (load / most) * (RIGHT - LEFT);
  const y = (value: number) => bottom - (value / marks.at(-1)!) * PANEL;

  const drawn = [text(LEFT, top - 16, title, 'strong small')];
  for (const mark of marks) {
    drawn.push(line(LEFT, y(mark), RIGHT, y(mark), 'grid'));
    drawn.push(text(LEFT - 10, y(mark) + 4, `${mark}`, 'quiet small', 'end'));
  }
  for (const load of ticks(most, 6).filter((mark) => mark <= most)) {
    drawn.push(text(x(load), bottom + 20, `${load} ×`, 'quiet small', 'middle'));
  }
  let lowest = -Infinity;
  const ends = curves
    .map((curve) => ({
      curve,
      known: curve.points.filter(({ outcome }) => Number.isFinite(figureOf(outcome))),
    }))
    .filter(({ known }) => known.length > 0)
    .sort((a, b) => figureOf(b.known.at(-1)!.outcome) - figureOf(a.known.at(-1)!.outcome));
  for (const { curve, known } of ends) {
    const path = known.map(({ load, outcome }) => `${round(x(load))},${round(y(figureOf(outcome)))}`);
    drawn.push(`<polyline class="line ${curve.className}" points="${path.join(' ')}"/>`);
    for (const { load, outcome } of known) {
      const at = `cx="${round(x(load))}" cy="${round(y(figureOf(outcome)))}"`;
      drawn.push(`<circle class="dot ${curve.className}" ${at} r="3.5"/>`);
    }
    lowest = Math.max(y(figureOf(known.at(-1)!.outcome)), lowest + 18);
    drawn.push(text(RIGHT + 12, lowest + 4.5, curve.name, curve.className === 'serval' ? 'strong' : ''));
  }
  return drawn;
}
