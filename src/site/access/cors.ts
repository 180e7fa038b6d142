/**
 * Allows scripts of other origins to read responses (the CORS protocol of the Fetch Standard).
 *
 * This covers GET and HEAD only. Uploads from other origins are always refused (`files/uploads/cross-site.ts`).
 */

import { Response } from '../../fetch/response.ts';
import { isToken, listMembers } from '../../semantics/field-syntax.ts';
import type { FetchFunction } from '../../server/api.ts';
import { addVary } from '../vary.ts';
import { parseOriginPattern } from './origin-pattern.ts';

export interface CorsOptions {
  /** Default `*`: all. Otherwise a list of origins such as `https://app.example`, `https://*.app.example`, `capacitor://localhost`. */
  readonly origins?: '*' | readonly string[];
  /** Whether requests may carry cookies and passwords. Requires a list of origins. Default `false`. */
  readonly credentials?: boolean;
  /** How many seconds a browser may cache a preflight response. Default 86,400; browsers have lower limits of their own. */
  readonly maxAge?: number;
}

const READING = 'GET, HEAD';

/** The headers of a file server's responses that scripts need, in addition to those that every script can read. */
const EXPOSED =
  'Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Range, Date, ETag, Link, Location, WWW-Authenticate';

/** @throws {TypeError} for options that contradict each other, and for an invalid origin. */
export function cors(options: CorsOptions, next: FetchFunction): FetchFunction {
  const { origins = '*', credentials = false, maxAge = 86_400 } = options;
  const problem = corsProblem(options);
  if (problem !== undefined) throw new TypeError(problem);
  const patterns = origins === '*' ? [] : origins.map(parseOriginPattern);

  const grant = (request: Request, headers: Headers): boolean => {
    if (origins === '*') {
      headers.set('Access-Control-Allow-Origin', '*');
      return true;
    }
    // Set for every origin: a cache must not reuse a response to an origin that is not listed for one that is.
    addVary(headers, 'Origin');
    const origin = request.headers.get('origin');
    if (origin === null || !patterns.some((matches) => matches(origin))) return false;
    headers.set('Access-Control-Allow-Origin', origin);
    if (credentials) headers.set('Access-Control-Allow-Credentials', 'true');
    return true;
  };

  return async (request, ctx) => {
    if (isPreflight(request)) {
      const response = new Response(null, { status: 204 });
      const { headers } = response;
      if (grant(request, headers)) {
        headers.set('Access-Control-Allow-Methods', READING);
        headers.set('Access-Control-Max-Age', String(maxAge));
        const asked = fieldNames(request.headers.get('access-control-request-headers'));
        if (asked !== undefined) headers.set('Access-Control-Allow-Headers', asked);
      }
      addVary(headers, 'Access-Control-Request-Method, Access-Control-Request-Headers');
      return response;
    }
    const response = await next(request, ctx, ctx);
    if (grant(request, response.headers)) response.headers.set('Access-Control-Expose-Headers', EXPOSED);
    return response;
  };
}

/** The Fetch Standard's "CORS-preflight request". It never carries credentials, so it is answered before authentication. */
function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');
}

/** All request headers are allowed: a file server evaluates only a few, and ignores the others. */
function fieldNames(asked: string | null): string | undefined {
  const names = asked === null ? [] : listMembers(asked).filter(isToken);
  return names.length === 0 ? undefined : names.join(', ');
}

/** What is wrong with the options, as `member: …`, or `undefined`. */
export function corsProblem({ origins = '*', credentials = false }: CorsOptions): string | undefined {
  if (origins === '*') {
    // The Fetch Standard forbids `*` with credentials. Echoing every origin instead would expose the site to all of them.
    return credentials ? 'credentials: requires an array of origins' : undefined;
  }
  for (const [i, origin] of origins.entries()) {
    try {
      parseOriginPattern(origin);
    } catch (error) {
      return `origins[${i}]: ${(error as Error).message}`;
    }
  }
  return undefined;
}
