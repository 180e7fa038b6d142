/**
 * `serval/hpack`: header compression for HTTP/2 (RFC 7541), both ways. Pure and synchronous.
 *
 * ```ts
 * const out = new OctetWriter(PLAIN_RUNTIME);
 * const encoder = new HpackEncoder();
 * encoder.begin(out);
 * encoder.field(out, ':status', '200');
 *
 * const decoder = new HpackDecoder();
 * if (decoder.decode(out.octets, 0, out.length)) console.log(decoder.fields[0].value);
 * else console.log(decoder.error.sentence);
 * ```
 */
export { OctetWriter } from '../octets/octet-writer.ts';
export { PLAIN_RUNTIME, type Runtime } from '../octets/runtime.ts';
export { HpackDecoder } from './decoder.ts';
export { DEFAULT_TABLE_SIZE } from './dynamic-table.ts';
export { HpackEncoder } from './encoder.ts';
export { HPACK_ERRORS, HpackError, type HpackErrorReason } from './errors.ts';
export type { HeaderField } from './header-field.ts';
