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
export const BUFFER = new Uint8Array(MEMORY, 0, READ_OCTETS);

/**
 * For tests: what was read is overwritten when its reader returns. Code that keeps a view on it, and not a copy, then meets
 * zeros.
 */
const OVERWRITES = process.env['SERVAL_OVERWRITE_READS'] === '1';

/** Takes octets that are in the shared buffer, and valid until it returns. @returns whether to read on. */
export type Take = (socket: Socket, octets: Uint8Array) => boolean;

/** As Node calls it: with the number of octets that were read, and the buffer that they are in. */
export type SharedReader = (this: Socket, length: number, buffer: Uint8Array) => boolean;

/** Memory for the next read in place of the shared buffer, for a reader that keeps what is read. */
export type Target = (socket: Socket) => Uint8Array | undefined;

type Handle = { useUserBuffer?(buffer: Uint8Array): void };
type Internals = Socket & { _handle?: Handle | null } & Record<symbol, unknown>;

export const IS_NODE = process.versions['bun'] === undefined && process.versions['deno'] === undefined;

let nextBuffer: Uint8Array = BUFFER;
/** Node calls it at once after the reader has returned. */
const giveNext = (): Uint8Array => nextBuffer;

/** `next` is the function that Node asks for the buffer of the next read; `null` to use the same buffer again. */
interface ReadingSymbols {
  readonly buffer: symbol;
  readonly reader: symbol;
  readonly next: symbol;
}

/** The properties of a socket in which Node keeps how it is read, if the runtime has them. */
export const READING: ReadingSymbols | undefined = IS_NODE ? findSymbols() : undefined;

function findSymbols(): ReadingSymbols | undefined {
  const callback = (): boolean => true;
  const buffer = symbolOf(BUFFER, { buffer: BUFFER, callback });
  const reader = symbolOf(callback, { buffer: BUFFER, callback });
  const next = symbolOf(giveNext, { buffer: giveNext, callback });
  if (buffer === undefined || reader === undefined || next === undefined) return undefined;
  return { buffer, reader, next };
}

/** Under which symbol a socket with these options keeps the value. */
function symbolOf(value: unknown, onread: object): symbol | undefined {
  // The types declare the option for `connect` only.
  const probe = new Socket({ onread } as SocketConstructorOpts) as Internals;
  return Object.getOwnPropertySymbols(probe).find((symbol) => probe[symbol] === value);
}

let view = BUFFER;

/** Views do not differ but by their length, and most reads are as long as the one before. */
function viewOf(length: number): Uint8Array {
  if (view.length !== length) view = new Uint8Array(MEMORY, 0, length);
  return view;
}

/**
 * Made once for all sockets.
 *
 * @param target asked after a read that has filled its buffer: more is waiting, and memory that is allocated now will be filled.
 */
export function sharedReader(take: Take, target: Target = () => undefined): SharedReader {
  return function (length, buffer) {
    const readsOn = buffer === BUFFER ? takeShared(this, length, take) : takeOwn(this, length, buffer, take);
    const next = (length === buffer.length ? target(this) : undefined) ?? BUFFER;
    nextBuffer = next;
    const give = next === buffer ? null : giveNext;
    if ((this as Internals)[READING!.next] !== give) (this as Internals)[READING!.next] = give;
    return readsOn;
  };
}

function takeShared(socket: Socket, length: number, take: Take): boolean {
  const readsOn = take(socket, viewOf(length));
  if (OVERWRITES) BUFFER.fill(0, 0, length);
  return readsOn;
}

function takeOwn(socket: Socket, length: number, buffer: Uint8Array, take: Take): boolean {
  try {
    return take(socket, new Uint8Array(buffer.buffer, buffer.byteOffset, length));
  } catch (error) {
    // The next read would go to the same memory, which may be somebody else's by now.
    socket.destroy();
    throw error;
  }
}

/** Has the socket read into the shared buffer from now on, if the runtime can. Nothing has been read from it. */
export function readShared(socket: Socket, reader: SharedReader): void {
  const internals = socket as Internals;
  // Something that only looks like a socket, or a socket that has a buffer of its own.
  if (READING === undefined || internals[READING.buffer] !== null) return;
  const handle = internals._handle;
  if (typeof handle?.useUserBuffer !== 'function') return;
  handle.useUserBuffer(BUFFER);
  internals[READING.buffer] = BUFFER;
  internals[READING.reader] = reader;
}

/** Replaces the reader of a socket that reads into the shared buffer. */
export function replaceReader(socket: Socket, reader: SharedReader): void {
  (socket as Internals)[READING!.reader] = reader;
}

/** The reader that the socket has from here. */
export function readerOf(socket: Socket): unknown {
  return READING === undefined ? undefined : (socket as Internals)[READING.reader];
}

/** Whether the octets are in the shared buffer, which the next read overwrites. */
export function isShared(octets: Uint8Array): boolean {
  return octets.buffer === MEMORY;
}

/** The octets, for a caller that keeps them: a copy if they are in the shared buffer. */
export function kept(octets: Uint8Array): Uint8Array {
  return octets.buffer === MEMORY ? new Uint8Array(octets) : octets;
}
