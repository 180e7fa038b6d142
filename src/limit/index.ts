/** `serval/limit`: at most so many requests at once in a handler, a bounded line, and 503 beyond it. */
export { type LimitCounts, type Limited, limit } from './limit.ts';
export type { ConcurrencyOptions } from './options.ts';
