/** Which file a response was made of: rules by path look at it as well as at the path that the client asked for. */

const SERVED_PATH: unique symbol = Symbol('served path');

/**
 * The path of the served file below the root, decoded and by the names that the file system holds: `/docs/index.html` for
 * `/docs/` and, where the file system ignores case, for `/DOCS/INDEX.HTML`. A listing has that of its folder, `/docs/`.
 * `undefined` for every other response.
 */
export function servedPath(response: Response): string | undefined {
  return (response as { [SERVED_PATH]?: string })[SERVED_PATH];
}

export function withServedPath(response: Response, path: string): Response {
  (response as { [SERVED_PATH]?: string })[SERVED_PATH] = path;
  return response;
}
