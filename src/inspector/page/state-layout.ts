/**
 * Places the states of a diagram: from the initial one downwards, each below all that lead to it. An edge is a straight line, or goes
 * around the states in its way along the side. What is placed here fits a phone.
 */
import type { StateDiagram, StateEdge } from '../messages.ts';

export const WIDTH = 340;
export const BOX_HEIGHT = 30;
const GAP = 84;
const TOP = 6;
/** The distance of a way around from the side. */
const LANE = 6;
const LOOP = 9;
const CORNER = 10;

export interface Box {
  readonly state: string;
  /** The middle. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Way {
  readonly edge: StateEdge;
  /** For the attribute `d` of a path. */
  readonly path: string;
  /** Where its text is; a loop has none. */
  readonly label?: Label;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
  /** `y` is that of the first line, and otherwise of the middle. */
  readonly isTop: boolean;
}

export interface Layout {
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly ways: readonly Way[];
}

export function layoutOf({ states, edges }: Pick<StateDiagram, 'states' | 'edges'>): Layout {
  const ranks = ranksOf(states, edges);
  const boxes = states.map((state): Box => {
    const beside = states.filter((other) => ranks.get(other) === ranks.get(state));
    const x = (WIDTH * (beside.indexOf(state) + 0.5)) / beside.length;
    const y = TOP + BOX_HEIGHT / 2 + ranks.get(state)! * (BOX_HEIGHT + GAP);
    return { state, x, y, width: Math.max(80, state.length * 6.3 + 18) };
  });
  const boxOf = (state: string): Box => boxes.find((box) => box.state === state)!;
  const ways = edges.map((edge) => wayOf(edge, boxOf(edge.from), boxOf(edge.to), boxes));
  const height = TOP + Math.max(...boxes.map(({ y }) => y)) + BOX_HEIGHT / 2;
  return { height, boxes, ways };
}

/** The longest way from the initial state, in edges. A loop is none. */
function ranksOf(states: readonly string[], edges: readonly StateEdge[]): ReadonlyMap<string, number> {
  const ranks = new Map(states.map((state) => [state, 0]));
  // As many rounds as there are states: a circle of several states would not end otherwise.
  for (const _ of states) {
    for (const { from, to } of edges)
      if (from !== to) ranks.set(to, Math.min(states.length, Math.max(ranks.get(to)!, ranks.get(from)! + 1)));
  }
  return ranks;
}

function wayOf(edge: StateEdge, from: Box, to: Box, boxes: readonly Box[]): Way {
  if (from === to) return { edge, path: loopOf(from) };
  const isInWay = ({ x, y, width }: Box): boolean => {
    if (y <= from.y || y >= to.y) return false;
    const lineX = from.x + ((to.x - from.x) * (y - from.y)) / (to.y - from.y);
    return Math.abs(lineX - x) < width / 2 + 6;
  };
  return boxes.some(isInWay) ? around(edge, from, to) : straight(edge, from, to);
}

function straight(edge: StateEdge, from: Box, to: Box): Way {
  const side = Math.sign(to.x - from.x);
  const top = from.y + BOX_HEIGHT / 2;
  const bottom = to.y - BOX_HEIGHT / 2;
  if (from.x === to.x) {
    // A longer one has its text above that of the edges that come from both sides.
    const isLong = bottom - top > GAP;
    const y = bottom - (isLong ? GAP - 10 : GAP / 2);
    const label = { x: to.x + 9, y, anchor: 'start', isTop: isLong } as const;
    return { edge, path: `M${from.x} ${top}V${bottom - 2}`, label };
  }
  // Arrows from both sides do not meet in one point.
  const isOutward = from.x === WIDTH / 2;
  const outer = isOutward ? side : -side;
  const fromX = from.x + outer * 12;
  const toX = isOutward ? to.x : to.x + outer * 26;
  const y = bottom - GAP / 2;
  const x = fromX + ((toX - fromX) * (y - top)) / (bottom - top) + outer * 17;
  const label = { x, y, anchor: outer < 0 ? 'end' : 'start', isTop: false } as const;
  return { edge, path: `M${fromX} ${top}L${toX} ${bottom - 2}`, label };
}

/** Out at the side, down, and in again. */
function around(edge: StateEdge, from: Box, to: Box): Way {
  const side = from.x < WIDTH / 2 ? -1 : 1;
  const lane = side < 0 ? LANE : WIDTH - LANE;
  const startY = from.y + 7;
  const path =
    `M${from.x + (side * from.width) / 2} ${startY}H${lane - side * CORNER}Q${lane} ${startY} ${lane} ${startY + CORNER}` +
    `V${to.y - CORNER}Q${lane} ${to.y} ${lane - side * CORNER} ${to.y}H${to.x + side * (to.width / 2 + 2)}`;
  const y = to.y - BOX_HEIGHT / 2 - GAP * 0.3;
  return { edge, path, label: { x: lane - side * 8, y, anchor: side < 0 ? 'start' : 'end', isTop: false } };
}

function loopOf({ x, y, width }: Box): string {
  const side = x < WIDTH / 2 ? -1 : 1;
  const edge = x + (side * width) / 2;
  const far = edge + side * LOOP * 1.6;
  return `M${edge} ${y - 10}C${far} ${y - LOOP - 8} ${far} ${y + LOOP - 6} ${edge + side * 2} ${y + 2}`;
}
