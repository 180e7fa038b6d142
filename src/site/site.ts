/** A folder as a web site, with everything that `serval.json` can say about it. */
import { files } from '../files/files.ts';
import type { FetchFunction } from '../server/handler.ts';
import { Response } from '../server/response.ts';
import { basicAuth } from './basic-auth.ts';
import type { SiteConfig } from './config.ts';
import { cors } from './cors.ts';
import { headerRules } from './header-rules.ts';
import { hideFile } from './hidden-file.ts';
import { redirects } from './redirects.ts';

const READING = 'GET, HEAD, OPTIONS';

/**
 * A handler for the files below `root`. From the outside in: CORS, since preflights come without credentials and a script
 * should see that it lacks them; who may come in; where things have moved; fields; files.
 *
 * @param config its `root` is not looked at.
 * @param configFile a file that is never served.
 * @throws {TypeError} for settings that can't be kept.
 */
export function site(root: string, config: SiteConfig = {}, configFile?: string): FetchFunction {
  let handler: FetchFunction = files(root);
  if (config.auth !== undefined && config.cacheControl === undefined) handler = withoutSharedCaches(handler);
  if (configFile !== undefined) handler = hideFile(configFile, root, handler);
  handler = withOptions(READING, handler);
  handler = headerRules(config.headers ?? [], handler);
  handler = redirects(config.redirects ?? [], handler);
  if (config.auth !== undefined) handler = basicAuth(config.auth, handler);
  if (config.cors) handler = cors(config.cors === true ? {} : config.cors, READING, handler);
  return handler;
}

/** Answers OPTIONS (RFC 9110 §9.3.7), also for the server as a whole, and has 405 say the same. */
function withOptions(methods: string, next: FetchFunction): FetchFunction {
  return async (request, ctx) => {
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: methods } });
    const response = await next(request, ctx, ctx);
    // RFC 9110 §15.5.6: a 405 MUST say what is allowed instead.
    if (response.status === 405) response.headers.set('Allow', methods);
    return response;
  };
}

/** `public` would let a cache between here and there hand on what needs a password (RFC 9111 §3.5, §5.2.2.9). */
function withoutSharedCaches(next: FetchFunction): FetchFunction {
  return async (request, ctx) => {
    const response = await next(request, ctx, ctx);
    const policy = response.headers.get('cache-control');
    if (policy?.startsWith('public')) {
      response.headers.set('Cache-Control', policy.replace('public', 'private'));
    }
    return response;
  };
}
