/** `serval/limit`: limits how many requests a handler processes at once, with a bounded queue and 503 beyond it. */
export { type LimitCounts, type Limited, limit } from './limit.ts';
export type { ConcurrencyOptions } from './options.ts';
