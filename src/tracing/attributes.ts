/** The attributes of spans, by OpenTelemetry's semantic conventions for HTTP. */
import type { Attributes } from '@opentelemetry/api';
import { errorType, knownMethod } from '../metrics/http-attributes.ts';
import type { ServerContext } from '../server/api.ts';
import type { RequestEnd } from '../server/diagnostics.ts';

/** Signatures in the query of a URL give access to what it names, so the conventions keep them out. */
const SIGNATURES = /(^|&)(AWSAccessKeyId|Signature|sig|X-Goog-Signature)=[^&]*/gi;

/** What is known before the handler is called, so that samplers can use it. */
export function startAttributes(request: Request, ctx: ServerContext | undefined): Attributes {
  const { protocol, hostname, port, pathname, search } = new URL(request.url);
  const scheme = protocol.slice(0, -1);
  const method = knownMethod(request.method);
  const query = search.slice(1).replace(SIGNATURES, '$1$2=REDACTED');
  const userAgent = request.headers.get('user-agent');
  const client = ctx?.remoteAddress?.address;
  return {
    'http.request.method': method,
    ...(method === '_OTHER' && { 'http.request.method_original': request.method }),
    'url.scheme': scheme,
    'url.path': pathname,
    ...(query !== '' && { 'url.query': query }),
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': port === '' ? (scheme === 'https' ? 443 : 80) : Number(port),
    ...(client && { 'client.address': client }),
    ...(userAgent !== null && { 'user_agent.original': userAgent }),
  };
}

/** What is known when the response is complete, or has been cut off. */
export function endAttributes(end: RequestEnd, route: string): Attributes {
  const error = errorType(end);
  return {
    ...(end.status !== 0 && { 'http.response.status_code': end.status }),
    ...(route !== '' && { 'http.route': route }),
    ...(error !== '' && { 'error.type': error }),
    'network.protocol.version': end.version,
  };
}

/** Without a route, only the method: a name must have few values. */
export function spanName(method: string, route: string): string {
  const name = knownMethod(method) === '_OTHER' ? 'HTTP' : method;
  return route === '' ? name : `${name} ${route}`;
}
