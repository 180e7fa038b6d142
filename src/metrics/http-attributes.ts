/** Values of the attributes in OpenTelemetry's semantic conventions for HTTP. */
import type { RequestEnd } from '../server/diagnostics.ts';

/** RFC 9110 §9, RFC 5789, and QUERY. Clients may send any other method, which the conventions call `_OTHER`. */
const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY'.split(' '),
);

export function knownMethod(method: string): string {
  return METHODS.has(method) ? method : '_OTHER';
}

/** Codes of errors that cut an exchange off; few enough for a label. */
const CODE = /^(ERR_HTTP_[A-Z_]+|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** `error.type`: the status of a fault of the server, or why the exchange was cut off; empty for success. */
export function errorType({ status, error }: Pick<RequestEnd, 'status' | 'error'>): string {
  if (error === undefined) return status >= 500 ? String(status) : '';
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && CODE.test(code) ? code : '_OTHER';
}
