/** Sends what the workers of a supervisor do to each page that is open, twice a second. */
import { HEAR_EVENTS, type SupervisorEvents } from '../../workers/events.ts';
import type { Supervisor } from '../../workers/index.ts';
import { type FeedSocket, MOST_BUFFERED, type PageFeed } from '../page-feed.ts';
import { placeOf } from '../wording/places.ts';
import type { WorkersNotice } from './messages.ts';
import { WorkerHistory } from './worker-history.ts';

const TICK_MS = 500;

export class WorkersFeed implements PageFeed {
  readonly #supervisor: Supervisor;
  readonly #history = new WorkerHistory();
  readonly #startedAt = Date.now();
  readonly #start = performance.now();
  readonly #pages = new Set<FeedSocket>();
  readonly #timer: NodeJS.Timeout;
  readonly #stopHearing: () => void;

  constructor(supervisor: Supervisor & SupervisorEvents) {
    this.#supervisor = supervisor;
    this.#stopHearing = supervisor[HEAR_EVENTS]((event) => this.#history.note(event, this.#now()));
    // Also without a page: a worker that ended before is of interest.
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
    this.#tick();
  }

  add(page: FeedSocket): void {
    this.#pages.add(page);
    this.#update();
    page.send(JSON.stringify(this.#notice()));
  }

  remove(page: FeedSocket): void {
    this.#pages.delete(page);
  }

  /** There is nothing to ask for. */
  onQuestion(): void {}

  close(): void {
    clearInterval(this.#timer);
    this.#stopHearing();
    for (const page of this.#pages) page.close();
    this.#pages.clear();
  }

  #now(): number {
    return Math.round(performance.now() - this.#start);
  }

  #update(): void {
    this.#history.update(this.#supervisor.workers, this.#now(), this.#startedAt);
  }

  #tick(): void {
    this.#update();
    if (this.#pages.size === 0) return;
    const text = JSON.stringify(this.#notice());
    for (const page of this.#pages) if (page.bufferedAmount <= MOST_BUFFERED) page.send(text);
  }

  #notice(): WorkersNotice {
    const { rows: workers, events } = this.#history;
    const addresses = this.#supervisor.addresses.map(placeOf);
    return { type: 'workers', now: this.#now(), addresses, workers, events };
  }
}
