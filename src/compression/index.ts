/**
 * `serval/compression`: content coding for handlers (RFC 9110 §8.4, §12.5.3), with zstd, br, gzip and deflate.
 *
 * It depends only on the contract of handlers, so it wraps any handler that Serval accepts.
 */
export { compression } from './compression.ts';
export type { ContentCoding } from './encoders.ts';
export type { CompressionOptions } from './options.ts';
