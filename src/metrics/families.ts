/**
 * All metrics: their names, types and descriptions. Those about HTTP are OpenTelemetry's semantic conventions, translated to
 * Prometheus; those about the process are what all Prometheus clients have.
 */

export interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Upper bounds of the buckets of a histogram, without the infinite one. */
  readonly bounds?: readonly number[];
}

/** In seconds, as the semantic conventions advise for `http.server.request.duration`. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** In bytes. The conventions advise none. */
const SIZES = [0, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

const TABLE = {
  http_server_request_duration_seconds: {
    ...{ type: 'histogram', bounds: DURATIONS },
    help: 'Time from the end of the head of a request to the end of its response.',
  },
  http_server_request_body_size_bytes: {
    ...{ type: 'histogram', bounds: SIZES },
    help: 'Content of requests, as far as it was received, as sent on the wire.',
  },
  http_server_response_body_size_bytes: {
    ...{ type: 'histogram', bounds: SIZES },
    help: 'Content of responses, as far as it was sent, as sent on the wire.',
  },
  http_server_active_requests: { type: 'gauge', help: 'Requests in progress.' },
  serval_requests_rejected_total: {
    type: 'counter',
    help: 'Requests that were malformed, too large or too slow, and reached no handler.',
  },
  serval_requests_refused_total: {
    type: 'counter',
    help: 'Requests answered 503 without a handler: the server was busy, closing or full.',
  },
  serval_connections: { type: 'gauge', help: 'Open connections.' },
  serval_connections_waiting: { type: 'gauge', help: 'Connections that wait for another one to end.' },
  serval_connections_accepted_total: { type: 'counter', help: 'Accepted connections.' },
  serval_connections_refused_total: {
    type: 'counter',
    help: 'Accepted connections that were refused because there were too many.',
  },
  serval_tls_handshakes_total: {
    type: 'counter',
    help: 'TLS handshakes by result: full, resumed or failed.',
  },
  serval_limit_running: { type: 'gauge', help: 'Requests within the limit that are in progress.' },
  serval_limit_waiting: { type: 'gauge', help: 'Requests in the queue of the limit.' },
  serval_limit_refused_total: { type: 'counter', help: 'Requests answered 503 by the limit.' },
  serval_workers: { type: 'gauge', help: 'Workers, or threads of workers, that report.' },
  serval_draining: { type: 'gauge', help: 'Workers that are draining.' },
  nodejs_eventloop_delay_p50_seconds: { type: 'gauge', help: 'Median delay of the event loop.' },
  nodejs_eventloop_delay_p99_seconds: { type: 'gauge', help: '99th percentile of the event loop delay.' },
  nodejs_eventloop_delay_max_seconds: { type: 'gauge', help: 'Highest delay of the event loop.' },
  nodejs_heap_size_used_bytes: { type: 'gauge', help: 'Memory of the JavaScript heap in use.' },
  process_cpu_seconds_total: { type: 'counter', help: 'Processor time, in user and system mode.' },
  process_resident_memory_bytes: { type: 'gauge', help: 'Resident memory.' },
  process_open_fds: { type: 'gauge', help: 'Open file descriptors.' },
  process_max_fds: { type: 'gauge', help: 'Allowed file descriptors.' },
  process_start_time_seconds: {
    type: 'gauge',
    help: 'Start time since the Unix epoch; with workers, of the latest.',
  },
} as const satisfies Record<string, Family>;

export type FamilyName = keyof typeof TABLE;

export const FAMILIES: Readonly<Record<FamilyName, Family>> = TABLE;

export const FAMILY_NAMES = Object.keys(TABLE) as readonly FamilyName[];
