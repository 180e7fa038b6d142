/** Workers as lanes on a time axis: when each was started, served, drained and ended. */
import type { LifeState, WorkerRow, WorkersNotice } from '../../workers/messages.ts';
import { duration, plural } from '../durations.ts';
import { byId, element } from '../element.ts';

/** The stretch of time that is shown, in milliseconds; less as long as less has passed. */
const SPAN = 120_000;
const LEAST_SPAN = 20_000;
const TICKS = 4;

export function drawLives({ workers }: WorkersNotice, now: number): void {
  const from = Math.max(Math.min(now - LEAST_SPAN, 0), now - SPAN);
  const x = (at: number): number => (Math.min(Math.max(at, from), now) - from) / ((now - from) / 100);
  const step = (now - from) / TICKS;
  const ticks = Array.from({ length: TICKS }, (_, i) => {
    const tick = element('span', { class: 'tick' }, `${duration(now - from - i * step)} ago`);
    tick.style.left = `${(i * 100) / TICKS}%`;
    return tick;
  });
  byId('axis').replaceChildren(...ticks);
  const shown = workers.filter(({ states }) => states.at(-1)?.state !== 'gone' || states.at(-1)!.at > from);
  byId('lanes').replaceChildren(...shown.map((row) => lane(row, now, x)));
}

function lane(
  { pid, generation, states, load }: WorkerRow,
  now: number,
  x: (at: number) => number,
): HTMLElement {
  const pieces = states.flatMap(({ state, at }, i) => {
    if (state === 'gone') return [];
    const to = states[i + 1]?.at ?? now;
    const piece = element('i', { class: `life ${state}`, title: `${WORDS[state]} for ${duration(to - at)}` });
    piece.style.left = `${x(at)}%`;
    piece.style.width = `max(2px, ${x(to) - x(at)}%)`;
    return [piece];
  });
  const last = states.at(-1)!;
  const said = states.map(({ state, at }) => `${WORDS[state]} since ${duration(now - at)}`).join(', ');
  const facts = last.state === 'gone' ? 'has ended' : plural(load.connections, 'connection');
  return element(
    'li',
    { class: last.state === 'gone' ? 'lane closed' : 'lane' },
    element(
      'div',
      { class: 'lane-head' },
      element('b', { class: 'lane-number' }, `G${generation}`),
      element(
        'span',
        { class: 'lane-words' },
        element('span', { class: 'lane-name' }, pid === undefined ? 'not started' : `process ${pid}`),
        element('span', { class: 'lane-facts' }, `${WORDS[last.state]} · ${facts}`),
      ),
    ),
    element('div', { class: 'track', role: 'img', 'aria-label': said }, ...pieces),
  );
}

export const WORDS: Readonly<Record<LifeState, string>> = {
  starting: 'starting',
  ready: 'serving',
  draining: 'draining',
  gone: 'ended',
};
