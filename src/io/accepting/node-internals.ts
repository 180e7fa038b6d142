/**
 * What Node's `Socket` sets up on the handle that it is made for. A socket made for something that only looks like a handle shows it.
 * A runtime that has none of it, such as Bun or Deno, has none of this.
 */
import { Socket, type SocketConstructorOpts } from 'node:net';
import { READING } from '../shared-reading.ts';

/** The part of libuv's TCP and pipe handles that is used here. */
export interface StreamHandle {
  onread: unknown;
  reading: boolean;
  readonly writeQueueSize: number;
  useUserBuffer(buffer: Uint8Array): void;
  readStart(): number;
  setNoDelay?(enable: boolean): void;
  /** `then` is called on the handle. */
  close(then: () => void): void;
}

export interface HandleInternals {
  /** The property of a handle that has its socket. */
  readonly owner: symbol;
  /** Takes what a handle has read to the handle's socket. */
  readonly onread: unknown;
}

export const HANDLE_INTERNALS: HandleInternals | undefined =
  READING === undefined ? undefined : findInternals();

function findInternals(): HandleInternals | undefined {
  const handle: Record<PropertyKey, unknown> = { reading: true, close: () => {} };
  let socket: Socket;
  try {
    // The types do not know the option, which is how Node makes the socket of an accepted connection.
    socket = new Socket({ handle, manualStart: true } as SocketConstructorOpts);
  } catch {
    return undefined;
  }
  const owner = Object.getOwnPropertySymbols(handle).find((symbol) => handle[symbol] === socket);
  const { onread } = handle;
  return owner === undefined || typeof onread !== 'function' ? undefined : { owner, onread };
}

type Made = Socket & Record<symbol, unknown>;

/** As the constructor of `Socket` does for an accepted handle, on an object that exists already. */
export function constructSocket(object: object, handle: StreamHandle | null, reads: boolean): Made {
  const construct = Socket as unknown as (this: object, options: object) => void;
  const options = { allowHalfOpen: true, noDelay: true, manualStart: !reads };
  construct.call(object, handle === null ? options : { ...options, handle });
  return object as Made;
}

/** Whether Node has everything that an accepted socket needs, and makes it the stream that it has to be. */
export const constructsSockets: boolean = HANDLE_INTERNALS !== undefined && canConstruct();

function canConstruct(): boolean {
  try {
    const object = constructSocket(Object.create(Socket.prototype), null, false);
    const { _write, _writev, _final } = Socket.prototype;
    const has = [_write, _writev, _final].every((method) => typeof method === 'function');
    return has && object.listenerCount('end') > 0 && READING!.buffer in object;
  } catch {
    return false;
  }
}
