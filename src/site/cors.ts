/**
 * Leave for other origins' scripts to read the answers (the Fetch Standard's "CORS protocol").
 *
 * To read is one thing and to change another: this is about GET and HEAD. Uploads from other origins are refused, whoever
 * may read (`uploads/cross-site.ts`).
 */

import { Response } from '../fetch/response.ts';
import { isToken, listMembers } from '../semantics/field-syntax.ts';
import type { FetchFunction } from '../server/api.ts';
import { addVary } from './vary.ts';

export interface CorsOptions {
  /** Default `*`: any. Otherwise those listed, as browsers write them: `https://app.example`, `http://localhost:3000`. */
  readonly origins?: '*' | readonly string[];
  /** Whether cookies and passwords may come along. Only with a list of origins. Default `false`. */
  readonly credentials?: boolean;
  /** How many seconds a browser may remember the answer to a preflight. Default 86,400; browsers take less. */
  readonly maxAge?: number;
}

const READING = 'GET, HEAD';

/** What scripts want to see of the answers of a file server, beyond the few fields they are always shown. */
const EXPOSED =
  'Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Range, Date, ETag, Link, Location, WWW-Authenticate';

/** @throws {TypeError} for options that contradict each other, or a text that is no origin. */
export function cors(options: CorsOptions, next: FetchFunction): FetchFunction {
  const { origins = '*', credentials = false, maxAge = 86_400 } = options;
  const problem = corsProblem(options);
  if (problem !== undefined) throw new TypeError(problem);

  const grant = (request: Request, headers: Headers): boolean => {
    if (origins === '*') {
      headers.set('Access-Control-Allow-Origin', '*');
      return true;
    }
    // Also on the answers to others: a cache must not hand them to those who are listed.
    addVary(headers, 'Origin');
    const origin = request.headers.get('origin');
    if (origin === null || !origins.includes(origin)) return false;
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

/** The Fetch Standard's "CORS-preflight request". It never has credentials, so it has to be answered before they are asked for. */
function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');
}

/** Any field may be sent: a file server looks at few, and those that are not known do no harm. */
function fieldNames(asked: string | null): string | undefined {
  const names = asked === null ? [] : listMembers(asked).filter(isToken);
  return names.length === 0 ? undefined : names.join(', ');
}

/** Why these options can't be kept, or `undefined`. */
export function corsProblem({ origins = '*', credentials = false }: CorsOptions): string | undefined {
  if (origins === '*') {
    // The Fetch Standard forbids `*` with credentials; echoing any origin instead would open the site to all of them.
    return credentials ? 'credentials: only with a list of origins' : undefined;
  }
  for (const [i, origin] of origins.entries()) {
    const parsed = URL.canParse(origin) ? new URL(origin).origin : 'null';
    if (parsed === origin && origin !== 'null') continue;
    const advice = parsed === 'null' ? 'https://app.example' : parsed;
    return `origins[${i}]: "${origin}" is not an origin; one looks like ${advice}`;
  }
  return undefined;
}
