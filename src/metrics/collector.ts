/** Everything that one call of `metrics` reports: collected here, and with workers added up by their supervisor. */
import { eventLoopDelay } from '../health/event-loop-delay.ts';
import { type HealthReport, Resources } from '../health/report.ts';
import { type FigureLink, type Figures, figureLink, noFigures } from '../io/workers/worker-figures.ts';
import type { ServerStatus } from '../server/status.ts';
import { exposition } from './exposition.ts';
import type { MetricsOptions } from './options.ts';
import { addEventLoop, addHeap, addLimit, addProcess, addServer } from './process-figures.ts';
import { RequestFigures } from './request-figures.ts';

export class Collector {
  /** The server whose connections are reported. */
  server: ServerStatus | undefined;
  readonly #limit: MetricsOptions['limit'];
  readonly #requests: RequestFigures;
  readonly #delay = eventLoopDelay();
  readonly #resources = new Resources();
  readonly #link: FigureLink | undefined;
  /** The number among the sources of this worker. */
  readonly #index: number = 0;
  #lastResources: Pick<HealthReport, 'memory' | 'descriptors'> = {};

  constructor({ server, limit }: MetricsOptions) {
    this.server = server;
    this.#limit = limit;
    this.#requests = new RequestFigures(server);
    this.#link = figureLink();
    if (this.#link !== undefined) this.#index = this.#link.sources.push(() => this.#reported()) - 1;
  }

  /** In the text format. Rejects if the sums of all workers are not to be had. */
  async text(): Promise<string> {
    this.#lastResources = await this.#resources.read();
    if (this.#link === undefined) return exposition(this.#figures());
    return exposition((await this.#link.sum())[this.#index] ?? noFigures());
  }

  /** For the supervisor, which asks regularly and does not wait. */
  #reported(): Figures {
    const figures = this.#figures();
    void this.#resources.read().then((read) => {
      this.#lastResources = read;
    });
    figures.current.set('serval_workers', [1]);
    return figures;
  }

  #figures(): Figures {
    const figures = noFigures();
    this.#requests.addTo(figures);
    if (this.server !== undefined) addServer(figures, this.server);
    if (this.#limit !== undefined) addLimit(figures, this.#limit);
    addEventLoop(figures, this.#delay);
    addHeap(figures, this.#lastResources.memory);
    if ((this.#link?.thread ?? 0) === 0) addProcess(figures, this.#lastResources);
    return figures;
  }
}
