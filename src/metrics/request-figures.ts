/** Counts requests from the events of the server. */
import { subscribe } from 'node:diagnostics_channel';
import type { Figures } from '../io/workers/worker-figures.ts';
import type { RequestEnd, RequestStart } from '../server/diagnostics.ts';
import type { ServerStatus } from '../server/status.ts';
import { FAMILIES } from './families.ts';
import { Histogram } from './histogram.ts';
import { errorType, knownMethod } from './http-attributes.ts';
import { seriesName } from './labels.ts';
import { routeOf } from './route.ts';

/** Beyond this many combinations of labels, new routes are counted together: each combination has forty lines. */
export const MOST_SERIES = 1_000;
const OTHER_ROUTES = '_OTHER';

type Counters = Map<string, { count: number }>;

/** What is counted for all requests with the same labels. */
class RequestSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly duration = new Histogram(FAMILIES.http_server_request_duration_seconds.bounds!);
  readonly requestBytes = new Histogram(FAMILIES.http_server_request_body_size_bytes.bounds!);
  readonly responseBytes = new Histogram(FAMILIES.http_server_response_body_size_bytes.bounds!);

  constructor(labels: Readonly<Record<string, string>>) {
    this.labels = labels;
  }
}

interface Rejected {
  readonly reason: string;
  readonly status: number;
}

export class RequestFigures {
  readonly #server: ServerStatus | undefined;
  readonly #series = new Map<string, RequestSeries>();
  /** By method. */
  readonly #active: Readonly<Record<RequestStart['scheme'], Counters>> = {
    http: new Map(),
    https: new Map(),
  };
  /** By the name of the series. */
  readonly #rejected: Counters = new Map();
  readonly #since = performance.now();

  /** @param server counts only its requests; `undefined`: those of all servers in this thread. */
  constructor(server: ServerStatus | undefined) {
    this.#server = server;
    subscribe('serval:request:start', this.#onStart);
    subscribe('serval:request:end', this.#onEnd);
    subscribe('serval:request:rejected', this.#onRejected);
  }

  addTo({ counted, current }: Figures): void {
    for (const { labels, duration, requestBytes, responseBytes } of this.#series.values()) {
      counted.set(seriesName('http_server_request_duration_seconds', labels), duration.values);
      counted.set(seriesName('http_server_request_body_size_bytes', labels), requestBytes.values);
      counted.set(seriesName('http_server_response_body_size_bytes', labels), responseBytes.values);
    }
    for (const [scheme, counters] of Object.entries(this.#active)) {
      for (const [method, { count }] of counters) {
        const labels = { http_request_method: method, url_scheme: scheme };
        current.set(seriesName('http_server_active_requests', labels), [count]);
      }
    }
    for (const [name, { count }] of this.#rejected) counted.set(name, [count]);
  }

  readonly #onStart = (message: unknown): void => {
    const start = message as RequestStart;
    if (this.#isCounted(start)) this.#activeOf(start).count++;
  };

  readonly #onEnd = (message: unknown): void => {
    const end = message as RequestEnd;
    // The start of an earlier request was not counted.
    if (end.startTime < this.#since || !this.#isCounted(end)) return;
    this.#activeOf(end).count--;
    const series = this.#seriesOf(end);
    series.duration.observe((performance.now() - end.startTime) / 1_000);
    series.requestBytes.observe(end.requestBytes);
    series.responseBytes.observe(end.responseBytes);
  };

  readonly #onRejected = (message: unknown): void => {
    const { reason, status } = message as Rejected;
    const labels = { reason, http_response_status_code: status === 0 ? '' : String(status) };
    counterIn(this.#rejected, seriesName('serval_requests_rejected_total', labels)).count++;
  };

  #isCounted({ context }: RequestStart): boolean {
    return this.#server === undefined || context.server === this.#server;
  }

  #activeOf({ method, scheme }: RequestStart): { count: number } {
    return counterIn(this.#active[scheme], knownMethod(method));
  }

  #seriesOf(end: RequestEnd, route = routeOf(end.context)): RequestSeries {
    const method = knownMethod(end.method);
    const error = errorType(end);
    const key = `${method} ${end.status} ${end.scheme} ${end.version} ${error} ${route}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= MOST_SERIES && route !== '' && route !== OTHER_ROUTES)
        return this.#seriesOf(end, OTHER_ROUTES);
      series = new RequestSeries({
        http_request_method: method,
        url_scheme: end.scheme,
        network_protocol_version: end.version,
        http_response_status_code: end.status === 0 ? '' : String(end.status),
        http_route: route,
        error_type: error,
      });
      this.#series.set(key, series);
    }
    return series;
  }
}

function counterIn(counters: Counters, name: string): { count: number } {
  let counter = counters.get(name);
  if (counter === undefined) {
    counter = { count: 0 };
    counters.set(name, counter);
  }
  return counter;
}
