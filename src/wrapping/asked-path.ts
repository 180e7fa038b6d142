import { pathOf } from '../files/lookup/request-path.ts';
import { type Handler, PROTOCOL_MARKER, type ServerContext } from '../server/api.ts';

/**
 * @returns how a wrapper of this handler finds the path that was asked for, without the query. Creating the request of a marked handler
 *   is expensive, and most requests are not for the wrapper.
 */
export function askedPathFor(handler: Handler): (requestOf: () => Request, ctx: ServerContext) => string {
  const isMarked = typeof handler === 'object' && handler !== null && PROTOCOL_MARKER in handler;
  return isMarked ? (_requestOf, ctx) => withoutQuery(ctx.path) : (requestOf) => pathOf(requestOf().url);
}

function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}
