/**
 * `import 'serval/globals'` makes `globalThis.Response` the one that Serval exports, for frameworks that construct
 * responses by that name: the runtime's own takes 6-24 µs to make and as long to read, where the socket takes 7.
 *
 * It is the only module that changes a global, and changes three:
 *
 * - `Response` holds what it is given, as `import { Response } from 'serval'` does. What others made with the runtime's
 *   own is still `instanceof Response`.
 * - `new Request(request)` and `fetch(request)` also take the light requests that handlers get, which the runtime's own
 *   do not know. What they make is the runtime's own.
 *
 * Import it first, before anything that keeps a reference to these.
 */
import { LightRequest } from './fetch/request.ts';
import { LightResponse } from './fetch/response.ts';

const { Request: NativeRequest, Response: NativeResponse, fetch: nativeFetch } = globalThis;

class GlobalResponse extends LightResponse {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof NativeResponse;
  }
}

type RequestInput = ConstructorParameters<typeof NativeRequest>[0];
type RequestOptions = ConstructorParameters<typeof NativeRequest>[1];

const asNative = (input: unknown): RequestInput =>
  input instanceof LightRequest ? input.native : (input as RequestInput);

class GlobalRequest extends NativeRequest {
  constructor(input: RequestInput, init?: RequestOptions) {
    super(asNative(input), init);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof NativeRequest;
  }
}

Object.defineProperties(GlobalResponse, { name: { value: 'Response' } });
Object.defineProperties(GlobalRequest, { name: { value: 'Request' } });

const fetch: typeof nativeFetch = (input, init) => nativeFetch(asNative(input), init);

/** As the runtime has them: writable, and not enumerable. */
function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

define('Response', GlobalResponse);
define('Request', GlobalRequest);
define('fetch', fetch);
