/** What the page does to try something: it asks over the WebSocket of the inspector, and waits for the last report. */
import { WebSocket } from '../../../src/client/index.ts';
import type { ExperimentReport, Notice, ServerRow } from '../../../src/inspector/messages.ts';
import { until } from '../../support/until.ts';

export class Experimenter implements AsyncDisposable {
  server: ServerRow | undefined;
  readonly reports: ExperimentReport[] = [];
  readonly endings = new Map<number, string | undefined>();
  readonly names: string[] = [];
  readonly #socket: WebSocket;

  constructor(url: string) {
    const { origin } = new URL(url);
    this.#socket = new WebSocket(new URL('feed', url).href.replace(/^http/, 'ws'), { headers: { origin } });
    this.#socket.addEventListener('message', (event) => {
      const notice = JSON.parse(String((event as unknown as MessageEvent).data)) as Notice;
      if (notice.type === 'experiments') this.names.push(...notice.cards.map(({ name }) => name));
      if (notice.type === 'experiment') this.reports.push(notice.report);
      if (notice.type !== 'news') return;
      this.server = notice.server ?? this.server;
      for (const { id, ending } of notice.connections) this.endings.set(id, ending);
    });
  }

  /** @param place the first one if there is none given. */
  async try(name: string, path = '/', place?: string): Promise<ExperimentReport> {
    await until('the places are known', () => this.server !== undefined);
    this.reports.length = 0;
    this.ask(name, path, place ?? this.server!.places[0]!);
    await until(`${name} has ended`, () => this.last?.state !== 'running' && this.last !== undefined);
    return this.last!;
  }

  ask(name: string, path: string, place: string): void {
    this.#socket.send(JSON.stringify({ type: 'try', name, path, place }));
  }

  get last(): ExperimentReport | undefined {
    return this.reports.at(-1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    if (this.#socket.readyState !== 3)
      await new Promise((done) => this.#socket.addEventListener('close', done));
  }
}

/** One line for each entry: `client GET / HTTP/1.1⏎Host: …`, with the meanings of numbers, `?` for what is hidden. */
export const transcriptOf = ({ entries }: ExperimentReport): string =>
  entries
    .map(({ from, connection, text, lines }) => {
      const words = lines.map(({ parts }) =>
        parts
          .map(({ meaning, isHidden, text: octets }) =>
            meaning === undefined ? (isHidden ? '?' : octets) : `[${meaning}]`,
          )
          .join('')
          .replaceAll('\r\n', '⏎'),
      );
      return `${connection} ${from} ${text}${words.join('')}`;
    })
    .join('\n');

export const wordsOf = ({ explanation }: ExperimentReport): string =>
  explanation.map(({ text, source }) => `${text} ${source ?? ''}`).join('\n');
