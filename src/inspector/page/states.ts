/** The way that an exchange took through its states: drawn, and beside that as a list for reading. */
import type { StateDiagram, StateStep } from '../messages.ts';
import { duration } from './durations.ts';
import { element } from './element.ts';
import { BOX_HEIGHT, type Box, layoutOf, type Way, WIDTH } from './state-layout.ts';

const SVG = 'http://www.w3.org/2000/svg';
const LINE_HEIGHT = 13;

export function statesSection(diagrams: readonly StateDiagram[]): HTMLElement[] {
  if (diagrams.length === 0) return [];
  return [element('section', {}, element('h3', {}, 'States'), ...diagrams.map(figureOf))];
}

function figureOf(diagram: StateDiagram): HTMLElement {
  const { title, note, link, began, steps, states } = diagram;
  const item = (state: string, text: string, after: number): HTMLElement =>
    element(
      'li',
      {},
      element('b', {}, state),
      ' ',
      element('span', { class: 'soft' }, `${text}, at ${duration(after)}`),
    );
  const source =
    link && element('a', { href: link.url, target: '_blank', rel: 'noreferrer noopener' }, link.source);
  return element(
    'div',
    { class: 'state-figure' },
    element('p', { class: 'state-title' }, element('b', {}, `${title}. `), note, ' ', source),
    drawingOf(diagram),
    element(
      'ol',
      { class: 'states', 'aria-label': `${title}: the states, in their order` },
      item(states[0]!, began.note, began.after),
      ...steps.map((step) => item(step.to ?? step.from, wordsOf(step), step.after)),
    ),
  );
}

const wordsOf = ({ note, times }: StateStep): string => (times === 1 ? note : `${note}, ${times} times`);

function drawingOf({ title, states, edges, steps }: StateDiagram): SVGElement {
  const { boxes, ways, height } = layoutOf({ states, edges });
  const visited = [states[0]!, ...steps.flatMap(({ to }) => to ?? [])];
  const last = visited.at(-1);
  const path = visited.filter((state, i) => state !== visited[i - 1]).join(', then ');
  const root = svg('svg', {
    ...{ class: 'diagram', viewBox: `0 0 ${WIDTH} ${height}`, width: String(WIDTH), height: String(height) },
    ...{ role: 'img', 'aria-label': `${title} as a diagram: ${path}` },
  });
  const takenOn = ({ edge }: Way): StateStep[] =>
    steps.filter(({ from, to }) => from === edge.from && to === edge.to);
  // What was taken lies above the rest.
  const ordered = ways.toSorted((one, other) => takenOn(one).length - takenOn(other).length);
  root.append(...ordered.map((way) => lineOf(way, takenOn(way).length > 0)));
  root.append(...boxes.map((box) => boxOf(box, visited.includes(box.state), box.state === last)));
  root.append(...ordered.flatMap((way) => labelOf(way, takenOn(way)) ?? []));
  return root;
}

function lineOf({ edge, path }: Way, isTaken: boolean): SVGElement {
  const line = svg('g', { class: isTaken ? 'way taken' : 'way' });
  const title = svg('title', {});
  title.textContent = `${edge.from} to ${edge.to}: ${edge.events.join(', ')}`;
  line.append(title, svg('path', { d: path }), headOf(path));
  return line;
}

/** The point of the arrow, in the direction in which the path ends. */
function headOf(path: string): SVGElement {
  const line = svg('path', { d: path }) as SVGPathElement;
  const length = line.getTotalLength();
  const [end, before] = [line.getPointAtLength(length), line.getPointAtLength(length - 6)];
  const [x, y] = [(end.x - before.x) / 6, (end.y - before.y) / 6];
  const back = (along: number, across: number): string =>
    `${end.x - along * x - across * y} ${end.y - along * y + across * x}`;
  return svg('path', { class: 'arrow', d: `M${back(-1, 0)}L${back(7, 4)}L${back(7, -4)}Z` });
}

function boxOf({ state, x, y, width }: Box, isVisited: boolean, isLast: boolean): SVGElement {
  const group = svg('g', { class: isLast ? 'state last' : isVisited ? 'state visited' : 'state' });
  const rect = svg('rect', {
    ...{ x: String(x - width / 2), y: String(y - BOX_HEIGHT / 2), rx: '8' },
    ...{ width: String(width), height: String(BOX_HEIGHT) },
  });
  const text = svg('text', { x: String(x), y: String(y + 4), 'text-anchor': 'middle' });
  text.textContent = state;
  group.append(rect, text);
  return group;
}

/** The events of an edge, a line each. Those that happened have their time. */
function labelOf({ edge, label }: Way, taken: readonly StateStep[]): SVGElement | undefined {
  if (label === undefined) return undefined;
  const lines = edge.events.flatMap((event): [string, string][] => {
    const step = taken.find((one) => one.event === event);
    return step === undefined
      ? [['', event]]
      : [
          ['taken', event],
          ['taken', duration(step.after)],
        ];
  });
  const text = svg('text', { class: 'events', 'text-anchor': label.anchor });
  lines.forEach(([kind, words], i) => {
    const y = label.y + 4 + (label.isTop ? i : i - (lines.length - 1) / 2) * LINE_HEIGHT;
    const line = svg('tspan', { class: kind, x: String(label.x), y: String(y) });
    line.textContent = words;
    text.append(line);
  });
  return text;
}

function svg(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
