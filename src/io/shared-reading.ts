/**
 * Reading into one buffer that all sockets share. A read otherwise gets 64 KiB of new memory, whatever arrives: to allocate and
 * collect it costs more than all else that Node does for a read of an upload.
 *
 * Node reads this way for a socket that was made with the option `onread`, whose buffer and callback it keeps under two symbols.
 * An accepted socket can't be made with it. So a socket that has the option shows the symbols, by their values, and an accepted
 * one gets the same values. A runtime without them reads as usual: Bun, Deno.
 */
import { Socket, type SocketConstructorOpts } from 'node:net';
import process from 'node:process';

/** As much as the system is asked for at once. */
const READ_OCTETS = 64 * 1024;

/** An octet more than is ever read, so that no view can be taken for the whole, and be given away with its memory. */
const MEMORY = new ArrayBuffer(READ_OCTETS + 1);
const BUFFER = new Uint8Array(MEMORY, 0, READ_OCTETS);

/**
 * For tests: what was read is overwritten when its reader returns. Code that keeps a view on it, and not a copy, then meets
 * zeros.
 */
const OVERWRITES = process.env['SERVAL_OVERWRITE_READS'] === '1';

/** Takes octets that are in the shared buffer, and valid until it returns. @returns whether to read on. */
export type Take = (socket: Socket, octets: Uint8Array) => boolean;

/** As Node calls it: with the number of octets that were read. */
export type SharedReader = (this: Socket, length: number) => boolean;

type Handle = { useUserBuffer?(buffer: Uint8Array): void };
type Internals = Socket & { _handle?: Handle | null } & Record<symbol, unknown>;

export const IS_NODE = process.versions['bun'] === undefined && process.versions['deno'] === undefined;

const SYMBOLS = IS_NODE ? findSymbols() : undefined;

function findSymbols(): { readonly buffer: symbol; readonly reader: symbol } | undefined {
  const callback = (): boolean => true;
  // The types declare the option for `connect` only.
  const options = { onread: { buffer: BUFFER, callback } } as SocketConstructorOpts;
  const probe = new Socket(options) as Internals;
  const symbols = Object.getOwnPropertySymbols(probe);
  const buffer = symbols.find((symbol) => probe[symbol] === BUFFER);
  const reader = symbols.find((symbol) => probe[symbol] === callback);
  return buffer === undefined || reader === undefined ? undefined : { buffer, reader };
}

let view = BUFFER;

/** Views do not differ but by their length, and most reads are as long as the one before. */
function viewOf(length: number): Uint8Array {
  if (view.length !== length) view = new Uint8Array(MEMORY, 0, length);
  return view;
}

/** Made once for all sockets. */
export function sharedReader(take: Take): SharedReader {
  if (!OVERWRITES)
    return function (length) {
      return take(this, viewOf(length));
    };
  return function (length) {
    const readsOn = take(this, viewOf(length));
    BUFFER.fill(0, 0, length);
    return readsOn;
  };
}

/** Has the socket read into the shared buffer from now on, if the runtime can. Nothing has been read from it. */
export function readShared(socket: Socket, reader: SharedReader): void {
  const internals = socket as Internals;
  // Something that only looks like a socket, or a socket that has a buffer of its own.
  if (SYMBOLS === undefined || internals[SYMBOLS.buffer] !== null) return;
  const handle = internals._handle;
  if (typeof handle?.useUserBuffer !== 'function') return;
  handle.useUserBuffer(BUFFER);
  internals[SYMBOLS.buffer] = BUFFER;
  internals[SYMBOLS.reader] = reader;
}

/** Replaces the reader of a socket that reads into the shared buffer. */
export function replaceReader(socket: Socket, reader: SharedReader): void {
  (socket as Internals)[SYMBOLS!.reader] = reader;
}

export function readsShared(socket: Socket): boolean {
  return SYMBOLS !== undefined && (socket as Internals)[SYMBOLS.buffer] === BUFFER;
}

/** Whether the octets are in the shared buffer, which the next read overwrites. */
export function isShared(octets: Uint8Array): boolean {
  return octets.buffer === MEMORY;
}

/** The octets, for a caller that keeps them: a copy if they are in the shared buffer. */
export function kept(octets: Uint8Array): Uint8Array {
  return octets.buffer === MEMORY ? new Uint8Array(octets) : octets;
}
