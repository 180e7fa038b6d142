/**
 * `import 'serval/globals'` replaces `globalThis.Response` with Serval's, for frameworks that construct responses by that name.
 * The runtime's class takes 6-24 µs to construct and as long to read; the socket write takes 7.
 *
 * This is the only module that changes globals. It changes three:
 *
 * - `Response` keeps its body as it was given, like `import { Response } from 'serval'`. Responses made with the runtime's class
 *   are still `instanceof Response`.
 * - `new Request(request)` and `fetch(request)` also accept the light requests that handlers receive, which the runtime's
 *   functions do not recognize. They still return the runtime's objects.
 *
 * Import it first, before any module that keeps a reference to these globals.
 */
import { acceptingLight } from './fetch/request.ts';
import { LightResponse } from './fetch/response.ts';

const { Request, fetch } = acceptingLight(globalThis);

/** Defined like the runtime's globals: writable, and not enumerable. */
function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

define('Response', LightResponse);
define('Request', Request);
define('fetch', fetch);
