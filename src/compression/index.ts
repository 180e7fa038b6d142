/**
 * `serval/compression`: content coding for handlers (RFC 9110 §8.4, §12.5.3), with zstd, br, gzip and deflate.
 *
 * It stands on the handler's contract alone, so it wraps any handler that Serval takes.
 */
export { compression } from './compression.ts';
export type { ContentCoding } from './encoders.ts';
export type { CompressionOptions } from './options.ts';
