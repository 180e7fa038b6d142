/** Sends what the recorder has to each page that is open: all of it at first, then what has changed, ten times a second. */
import process from 'node:process';
import { eventLoopDelay } from '../health/event-loop-delay.ts';
import type { Server } from '../server/running-server.ts';
import { Laboratory } from './experiments/laboratory.ts';
import type { Notice, ServerRow } from './messages.ts';
import type { InspectorSettings } from './options.ts';
import { type FeedSocket, MOST_BUFFERED, type PageFeed } from './page-feed.ts';
import { questionIn } from './question.ts';
import type { Recorder } from './recorder/recorder.ts';
import { exchangeDetail } from './wording/exchange-detail.ts';

const TICK_MS = 100;
/** Ticks between two states of the server. */
const SERVER_TICKS = 10;

export class Feed implements PageFeed {
  readonly #recorder: Recorder;
  readonly #server: Server;
  readonly #settings: InspectorSettings;
  readonly #laboratory: Laboratory;
  /** By page: the version up to which it knows everything. */
  readonly #pages = new Map<FeedSocket, number>();
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;

  constructor(recorder: Recorder, server: Server, settings: InspectorSettings) {
    this.#recorder = recorder;
    this.#server = server;
    this.#settings = settings;
    this.#laboratory = new Laboratory(recorder, server, settings);
  }

  add(page: FeedSocket): void {
    const { maxExchanges: exchanges, maxConnections: connections } = this.#settings;
    this.#send(page, { type: 'hello', limits: { exchanges, connections } });
    this.#send(page, this.#laboratory.offer);
    this.#pages.set(page, 0);
    this.#sendNews(page, this.#serverRow());
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  remove(page: FeedSocket): void {
    this.#laboratory.stop(page);
    this.#pages.delete(page);
    if (this.#pages.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** @param text what the page has sent; anything but a question is ignored. */
  onQuestion(page: FeedSocket, text: unknown): void {
    const question = questionIn(text);
    if (question === undefined) return;
    if (question.type === 'try') {
      void this.#laboratory.run(question, page, (notice) => {
        if (this.#pages.has(page)) this.#send(page, notice);
      });
      return;
    }
    const { id } = question;
    const record = this.#recorder.exchanges.get(id);
    const connection = record && this.#recorder.connections.get(record.row.connection);
    const detail = record === undefined ? null : exchangeDetail(record, connection, this.#settings);
    this.#send(page, { type: 'detail', id, detail });
  }

  close(): void {
    for (const page of [...this.#pages.keys()]) {
      this.remove(page);
      page.close();
    }
  }

  #tick(): void {
    const tellsServer = ++this.#ticks % SERVER_TICKS === 0;
    const server = tellsServer ? this.#serverRow() : undefined;
    for (const page of this.#pages.keys()) {
      if (page.bufferedAmount <= MOST_BUFFERED) this.#sendNews(page, server);
    }
  }

  #sendNews(page: FeedSocket, server: ServerRow | undefined): void {
    const recorder = this.#recorder;
    const known = this.#pages.get(page)!;
    const exchanges = [...recorder.changedSince(known, recorder.exchanges)].map(({ row }) => row);
    const connections = [...recorder.changedSince(known, recorder.connections)].map(({ row }) => row);
    this.#pages.set(page, recorder.version);
    this.#send(page, {
      ...{ type: 'news', now: recorder.now(), connections, exchanges },
      ...(server && { server }),
    });
  }

  #send(page: FeedSocket, notice: Notice): void {
    page.send(JSON.stringify(notice));
  }

  #serverRow(): ServerRow {
    const { rss, heapUsed } = process.memoryUsage();
    const server = this.#server;
    return {
      delay: eventLoopDelay().read(),
      memory: { rss, heapUsed },
      counts: { ...server.counts },
      uptime: Math.round(this.#recorder.now() / 1_000),
      draining: server.draining,
      urls: [...server].flatMap(({ url }) => url ?? []),
      places: this.#laboratory.places,
      skipped: this.#recorder.skipped,
    };
  }
}
