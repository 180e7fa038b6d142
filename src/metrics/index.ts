/** `serval/metrics`: figures for Prometheus, with the names and units of OpenTelemetry. */
export { metrics } from './metrics.ts';
export type { MetricsOptions } from './options.ts';
export { setRoute } from './route.ts';
