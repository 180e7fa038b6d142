/** The members of `Socket` and its ancestors that need the state of a stream: a socket without one becomes a stream first. */
import { Socket } from 'node:net';

/** Members of `Socket` that need only its handle. Those with a symbol are Node's own. */
const NEED_HANDLE_ONLY = new Set([
  'constructor',
  '_handle',
  '_write',
  '_writev',
  '_writeGeneric',
  '_final',
  '_read',
  '_unrefTimer',
  '_getpeername',
  '_getsockname',
  '_bytesDispatched',
  'setKeepAlive',
  'setNoDelay',
  'ref',
  'unref',
  'address',
  'pending',
  'bytesRead',
  'remoteAddress',
  'remotePort',
  'remoteFamily',
  'localAddress',
  'localPort',
  'localFamily',
]);

/**
 * Has `prototype` inherit from `Socket`, with members that make an object the stream before they do what they do for one.
 *
 * @param becomeStream replaces the prototype of the object by that of `Socket`.
 */
export function addStreamMembers<Made extends object>(
  prototype: Made,
  becomeStream: (object: Made) => void,
): void {
  Object.setPrototypeOf(prototype, Socket.prototype);
  for (const name of namesOf(Socket.prototype)) {
    if (Object.hasOwn(prototype, name)) continue;
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: Made) {
        becomeStream(this);
        return Reflect.get(this, name, this);
      },
      set(this: Made, value: unknown) {
        becomeStream(this);
        Reflect.set(this, name, value, this);
      },
    });
  }
}

function namesOf(prototype: object): Set<string | symbol> {
  const names = new Set<string | symbol>(['_writableState', '_events']);
  for (
    let at: object | null = prototype;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Reflect.ownKeys(at)) {
      const isNodes = typeof name === 'symbol' && at === prototype;
      if (!isNodes && !NEED_HANDLE_ONLY.has(name as string)) names.add(name);
    }
  }
  return names;
}
