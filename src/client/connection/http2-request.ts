/** A request as HTTP/2 sends it (RFC 9113 §8.3.1). */
import type { Http2RequestStart } from '../../http2/client-connection.ts';
import type { ClientExchange } from '../exchange.ts';

export function requestStart({ start, request }: ClientExchange, isSecure: boolean): Http2RequestStart {
  const { target, authority, contentLength } = start;
  const { tunnel } = request;
  const fields = tunnel?.connectFields ?? start.fields;
  return {
    method: tunnel === undefined ? start.method : 'CONNECT',
    ...(tunnel !== undefined && { protocol: tunnel.protocol }),
    scheme: isSecure ? 'https' : 'http',
    // RFC 9113 §8.3.1: a client sends :authority in place of Host.
    authority: fields.host === '' ? authority : fields.host,
    path: target,
    fields: fields.endToEnd,
    contentLength,
    acceptsTrailers: fields.acceptsTrailers,
    expectsContinue: fields.expectsContinue && request.body !== undefined,
  };
}

/** The head for an observer: a line for each field, the pseudo-fields first, and an empty line. */
export function headText({ method, scheme, authority, path, fields, ...start }: Http2RequestStart): string {
  const lines = [`:method: ${method}`, `:scheme: ${scheme}`, `:authority: ${authority}`, `:path: ${path}`];
  if (start.protocol !== undefined) lines.push(`:protocol: ${start.protocol}`);
  const { names, values } = fields.section;
  lines.push(...names.map((name, i) => `${name}: ${values[i]}`));
  if (start.acceptsTrailers === true) lines.push('te: trailers');
  if (start.expectsContinue === true) lines.push('expect: 100-continue');
  if (start.contentLength !== undefined && start.contentLength >= 0)
    lines.push(`content-length: ${start.contentLength}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
