import type { ServerContext } from '../server/api.ts';
import { originalContext } from '../wrapping/original-context.ts';

const routes = new WeakMap<object, string>();

/**
 * Names the route of a request, such as `/users/:id`, for the label and the attribute `http_route`. Call it before the
 * response is complete. Without it there is no such label: a path has too many values.
 *
 * ```ts
 * import { setRoute } from 'serval/metrics';
 *
 * function getUser(request: Request, ctx: ServerContext) {
 *   setRoute(ctx, '/users/:id');
 *   return Response.json(users.get(request.url));
 * }
 * ```
 *
 * @throws {TypeError} if the route is not a string, or `ctx` is not an object.
 */
export function setRoute(ctx: ServerContext, route: string): void {
  if (typeof route !== 'string') throw new TypeError(`route: expected a string, got ${typeof route}`);
  routes.set(originalContext(ctx), route);
}

/** Empty if it has none. */
export function routeOf(ctx: ServerContext): string {
  return routes.get(ctx) ?? '';
}
