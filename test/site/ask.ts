import type { FetchFunction } from '../../src/server/api.ts';
import { fakeContext } from '../demo/fake-context.ts';

/** Calls a handler as the server would, without one. */
export async function ask(handler: FetchFunction, path: string, init: RequestInit = {}): Promise<Response> {
  const ctx = fakeContext();
  return handler(new Request(`http://127.0.0.1:4221${path}`, init), ctx, ctx);
}
