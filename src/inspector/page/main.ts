/** The page of the inspector. */
import type { ExchangeDetail, Notice } from '../messages.ts';
import { Detail } from './detail.ts';
import { duration } from './durations.ts';
import { byId, element, setText } from './element.ts';
import { TryIt } from './experiments/try-it.ts';
import { ExportLinks } from './export.ts';
import { Feed, type FeedState } from './feed.ts';
import { Lanes } from './lanes.ts';
import { List } from './list.ts';
import { drawServer } from './server-panel.ts';
import { Store } from './store.ts';
import { Tabs } from './tabs.ts';
import { View, ZOOMS } from './view.ts';

/** The time moves on at this rate, in milliseconds. */
const FRAME_MS = 100;

const store = new Store();
const view = new View();
const lanes = new Lanes(store, view, select);
const list = new List(store, view, select);
const exportLinks = new ExportLinks(view);
const detail = new Detail({
  onClose: () => {
    view.selected = undefined;
    detail.hide();
    draw();
  },
  onZoom: () => {
    const row = view.selected === undefined ? undefined : store.exchanges.get(view.selected);
    if (row === undefined) return;
    view.fit(row.arrivedAt, row.endAt ?? store.now, store.now);
    draw();
  },
  onConnection: (id) => {
    byId<HTMLSelectElement>('connection').value = String(id);
    view.connection = String(id);
    draw();
  },
});
const tabs = new Tabs(draw);
const feed = new Feed(onNotice, onState);
const tryIt = new TryIt({ store, ask: (question) => feed.ask(question), onLanes: showLanes });
let isLost = false;

function select(id: number): void {
  view.selected = id;
  feed.ask({ type: 'detail', id });
  draw();
}

function onNotice(notice: Notice): void {
  if (notice.type === 'detail') return showDetail(notice.id, notice.detail);
  if (notice.type === 'experiments') return tryIt.offer(notice.cards);
  if (notice.type === 'experiment') return tryIt.show(notice.report);
  store.apply(notice);
  tryIt.onNews();
  if (notice.type === 'news' && notice.connections.length > 0) drawConnectionChoice();
  drawServer(store);
}

function showDetail(id: number, given: ExchangeDetail | null): void {
  const row = store.exchanges.get(id);
  if (row === undefined || id !== view.selected) return;
  detail.show(row, store.connections.get(row.connection), given, store.now);
  // The panel has taken room from the lanes.
  draw();
}

/** The lanes of some connections, and nothing else. */
function showLanes(ids: readonly number[]): void {
  const rows = ids.flatMap((id) => store.connections.get(id) ?? []);
  view.connection = ids.join(',');
  Object.assign(view, { path: '', status: '' });
  for (const name of ['path', 'status']) byId<HTMLInputElement>(name).value = '';
  // The time may have been stopped before they came.
  view.resume();
  const ends = rows.map(({ closedAt }) => closedAt ?? store.now);
  if (rows.length > 0)
    view.fit(Math.min(...rows.map(({ openedAt }) => openedAt)), Math.max(...ends), store.now);
  drawConnectionChoice();
  tabs.show('tab-connections');
  choice.focus();
}

function onState(state: FeedState): void {
  isLost = state === 'lost';
  draw();
}

const choice = byId<HTMLSelectElement>('connection');

/** Rebuilt only while it is not open, which it may be while it has the focus. */
function drawConnectionChoice(): void {
  if (document.activeElement === choice) return;
  const rows = [...store.connections.values()].slice(-100).reverse();
  const options = rows.map(({ id, remote }) => element('option', { value: String(id) }, `#${id} ${remote}`));
  const several = view.connection.split(',');
  if (several.length > 1)
    options.unshift(element('option', { value: view.connection }, several.map((id) => `#${id}`).join(', ')));
  choice.replaceChildren(element('option', { value: '' }, 'All'), ...options);
  choice.value = view.connection;
}

function draw(): void {
  const isPaused = view.pausedAt !== undefined;
  byId('pause').textContent = isPaused ? 'Resume' : 'Pause';
  const state = byId('state');
  state.dataset['state'] = isLost ? 'lost' : isPaused ? 'paused' : 'live';
  setText(state, isLost ? 'No connection to the server' : isPaused ? 'Paused' : 'Live');
  setText(byId('span'), duration(view.span).replace('.00', '').replace('.0', ''));
  byId<HTMLButtonElement>('zoom-in').disabled = view.zoom === 0;
  byId<HTMLButtonElement>('zoom-out').disabled = view.zoom === ZOOMS.length - 1;
  if (!tabs.showsConnections) return;
  lanes.draw();
  list.draw();
  exportLinks.draw();
}

function pan(direction: number): void {
  view.pause(store.now, (view.pausedAt ?? store.now) + (direction * view.span) / 4);
  draw();
}

const actions: Readonly<Record<string, () => void>> = {
  pause: () => {
    if (view.pausedAt === undefined) view.pause(store.now);
    else view.resume();
  },
  'zoom-in': () => view.zoomBy(-1),
  'zoom-out': () => view.zoomBy(1),
  earlier: () => pan(-1),
  later: () => pan(1),
};
for (const [id, act] of Object.entries(actions)) {
  byId(id).addEventListener('click', () => {
    act();
    draw();
  });
}
for (const name of ['path', 'status', 'connection'] as const) {
  byId<HTMLInputElement>(name).addEventListener('input', ({ target }) => {
    view[name] = (target as HTMLInputElement).value;
    draw();
  });
}
document.addEventListener('keydown', ({ key, target, ctrlKey, metaKey, altKey }) => {
  if (!tabs.showsConnections) return;
  if (key === 'Escape' && view.selected !== undefined) return byId('detail').querySelector('button')?.click();
  const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (isTyping || ctrlKey || metaKey || altKey) return;
  const keys: Readonly<Record<string, string>> = { '+': 'zoom-in', '-': 'zoom-out', p: 'pause' };
  const id = keys[key];
  if (id !== undefined) byId(id).click();
});
document.addEventListener('wheel', onWheel, { passive: false });

/** Over the lanes, with Ctrl as in maps. */
function onWheel(event: WheelEvent): void {
  if (!event.ctrlKey || !(event.target as Element).closest('#time')) return;
  event.preventDefault();
  view.zoomBy(Math.sign(event.deltaY));
  draw();
}

window.addEventListener('resize', draw);
setInterval(() => {
  if (view.pausedAt === undefined && !document.hidden) draw();
}, FRAME_MS);
