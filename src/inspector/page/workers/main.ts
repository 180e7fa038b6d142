/** The page of a supervisor: its workers on a time axis, their figures, and what happened to them. */
import type { WorkersNotice } from '../../workers/messages.ts';
import { bytes, duration } from '../durations.ts';
import { byId, element, setText } from '../element.ts';
import { Feed } from '../feed.ts';
import { drawLives } from './lives.ts';
import { drawRows } from './rows.ts';

const FRAME_MS = 250;

let known: WorkersNotice | undefined;
let heardAt = 0;
let lastEvent = 0;

new Feed<WorkersNotice>(
  (notice) => {
    known = notice;
    heardAt = performance.now();
    drawFigures(notice);
    drawRows(notice.workers, notice.now);
    drawEvents(notice);
    drawTime();
  },
  (state) => {
    byId('state').dataset['state'] = state === 'lost' ? 'lost' : 'live';
    setText(byId('state'), state === 'lost' ? 'No connection to the supervisor' : 'Live');
  },
);
setInterval(drawTime, FRAME_MS);
window.addEventListener('resize', drawTime);

function drawTime(): void {
  if (known !== undefined && !document.hidden) drawLives(known, known.now + performance.now() - heardAt);
}

function drawFigures({ workers, addresses }: WorkersNotice): void {
  const living = workers.filter(({ states }) => states.at(-1)?.state !== 'gone');
  const serving = living.filter(({ states }) => states.at(-1)?.state === 'ready').length;
  const sum = (count: (row: (typeof workers)[number]) => number, rows = living): number =>
    rows.reduce((all, row) => all + count(row), 0);
  const rejected = sum(({ load }) => load.rejected, [...workers]);
  const cutOff = sum(({ load }) => load.cutOff, [...workers]);
  const figures: Readonly<Record<string, string>> = {
    'fig-serving':
      serving === living.length ? `${serving} serving` : `${serving} of ${living.length} serving`,
    'fig-connections': String(sum(({ load }) => load.connections)),
    'fig-rate': `${Math.round(sum(({ rate }) => rate))}/s`,
    'fig-failed': `${rejected} refused, ${cutOff} cut off`,
    'fig-delay': duration(Math.max(0, ...living.map(({ load }) => load.delay))),
    'fig-memory': bytes(sum(({ load }) => load.rss)),
  };
  for (const [id, text] of Object.entries(figures)) setText(byId(id), text);
  setText(byId('where'), addresses.join(', '));
}

/** New ones are put on top; the others stay, so that a screen reader hears only of those. */
function drawEvents({ events, now }: WorkersNotice): void {
  const list = byId('events');
  byId('no-events').hidden = events.length > 0;
  // After a restart of the supervisor, the time begins anew.
  if ((events.at(-1)?.at ?? 0) < lastEvent) {
    list.replaceChildren();
    lastEvent = 0;
  }
  const fresh = events.filter(({ at }) => at > lastEvent);
  for (const { at, type, message } of fresh) {
    const clock = new Date(Date.now() - (now - at));
    const time = element('time', { datetime: clock.toISOString() }, clock.toLocaleTimeString());
    list.prepend(element('li', { 'data-type': type }, time, element('span', { 'data-type': type }, message)));
  }
  lastEvent = events.at(-1)?.at ?? lastEvent;
  while (list.children.length > 200) list.lastElementChild!.remove();
}
