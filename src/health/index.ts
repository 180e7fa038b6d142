/** `serval/health`: what load balancers and Kubernetes ask of a server, and the numbers that its operator wants to see. */
export type { DescriptorCounts } from './descriptors.ts';
export type { EventLoopDelays } from './event-loop-delay.ts';
export { health } from './health.ts';
export type { HealthOptions } from './options.ts';
export type { HealthReport, Readiness } from './report.ts';
