/** `serval/health`: probes for load balancers and Kubernetes, and a report for operators. */
export type { DescriptorCounts } from './descriptors.ts';
export type { EventLoopDelays } from './event-loop-delay.ts';
export { health } from './health.ts';
export type { HealthOptions } from './options.ts';
export type { HealthReport, Readiness } from './report.ts';
