/**
 * An accepted connection without the stream that a `Socket` is. It has a handle, and does by itself what a driver needs of a
 * socket. To make a `Socket` takes 4 KiB and a third of the CPU time of a connection, and a driver uses little of it.
 *
 * Its prototype is that of `Socket`, so `instanceof` holds, and the methods of Node that need only the handle work on it: those
 * that write, addresses, keep-alive. Each other member makes it, in place, the stream that it looks like (`stream-members.ts`).
 */
import { Socket } from 'node:net';
import process from 'node:process';
import { BUFFER, READING, type SharedReader } from '../shared-reading.ts';
import { constructSocket, HANDLE_INTERNALS, type StreamHandle } from './node-internals.ts';
import { addStreamMembers } from './stream-members.ts';

/** What hears of a socket: one set for all sockets, called with the socket as `this`. */
export interface SocketListeners {
  readonly reader: SharedReader;
  readonly end: (this: Socket) => void;
  readonly drain: (this: Socket) => void;
  readonly error: (this: Socket, error: Error) => void;
  readonly close: (this: Socket) => void;
}

type OnTaken = (error?: Error | null) => void;
type Piece = { chunk: string | Uint8Array; encoding: string; onTaken: OnTaken | undefined };
type WriteMethods = {
  _write(chunk: string | Uint8Array, encoding: string, then: OnTaken): void;
  _writev(pieces: Piece[], then: OnTaken): void;
  _final(then: OnTaken): void;
};
/** Node calls what follows a write or a shutdown as a method of the request, or as a function if the request has ended at once. */
type Request = { readonly handle?: StreamHandle } | undefined;

/** Octets that may wait for the kernel before the socket counts as full, as on a `Socket`. */
const HIGH_WATER = 64 * 1024;

/** A write or a shutdown that is being begun, which may end before it returns. */
let beginning = false;
let hasEnded = false;
let failure: Error | undefined;

function begin(): void {
  beginning = true;
  hasEnded = false;
  failure = undefined;
}

function endsAtOnce(error: Error | null | undefined): boolean {
  if (!beginning) return false;
  hasEnded = true;
  failure = error ?? undefined;
  return true;
}

function onWritten(this: Request, error?: Error | null): void {
  if (!endsAtOnce(error)) AcceptedSocket.onWritten(ownerOf(this!.handle!), error ?? undefined);
}

function onShutDown(this: Request, error?: Error | null): void {
  if (!endsAtOnce(error)) AcceptedSocket.onShutDown(ownerOf(this!.handle!));
}

function onClosed(this: StreamHandle): void {
  AcceptedSocket.onClosed(ownerOf(this));
}

const ownerOf = (handle: StreamHandle): AcceptedSocket =>
  (handle as unknown as Record<symbol, AcceptedSocket>)[HANDLE_INTERNALS!.owner]!;

const ignore = (): void => {};

export class AcceptedSocket {
  declare _handle: StreamHandle | null;
  #isStream = false;
  #isDestroyed = false;
  #peerHasEnded = false;
  #hasEnded = false;
  #hasFinished = false;
  #needsDrain = false;
  readonly #listeners: SocketListeners;
  /** Called in turn as the kernel takes what could not be written at once. */
  #waiting: (OnTaken | undefined)[] | undefined;
  #onFinish: (() => void) | undefined;
  #corked: Piece[] | undefined;

  constructor(handle: StreamHandle, listeners: SocketListeners) {
    this._handle = handle;
    this.#listeners = listeners;
    (this as unknown as Record<symbol, unknown>)[READING!.reader] = listeners.reader;
    const { owner, onread } = HANDLE_INTERNALS!;
    (handle as unknown as Record<symbol, unknown>)[owner] = this;
    handle.onread = onread;
    handle.useUserBuffer(BUFFER);
    handle.reading = true;
    handle.readStart();
  }

  get destroyed(): boolean {
    return this.#isDestroyed;
  }

  get readableEnded(): boolean {
    return this.#peerHasEnded;
  }

  get writable(): boolean {
    return !this.#isDestroyed && !this.#hasEnded;
  }

  get writableEnded(): boolean {
    return this.#hasEnded;
  }

  get writableNeedDrain(): boolean {
    return this.#needsDrain;
  }

  /** Nothing that was given to `write` is used any more. False for one that is used as a stream. */
  get hasWrittenAll(): boolean {
    return this.#waiting === undefined && this.#corked === undefined && !this.#isStream;
  }

  // --- what comes in, called by Node's `onStreamRead` ---

  /** Called with `null` for the FIN of the client. Octets go to the reader. */
  push(_end: null): boolean {
    this.#peerHasEnded = true;
    this.#listeners.end.call(this as unknown as Socket);
    this.#destroyIfOver();
    return false;
  }

  /** Called with 0 after `push`. */
  read(): null {
    return null;
  }

  // --- what goes out ---

  /** @returns false if the caller should wait for `drain`. */
  write(chunk: string | Uint8Array, encodingOrThen?: string | OnTaken, then?: OnTaken): boolean {
    const onTaken = typeof encodingOrThen === 'function' ? encodingOrThen : then;
    if (!this.writable) {
      if (onTaken !== undefined) process.nextTick(onTaken, new Error('The socket has been ended'));
      return true;
    }
    const encoding =
      typeof chunk !== 'string' ? 'buffer' : typeof encodingOrThen === 'string' ? encodingOrThen : 'utf8';
    if (this.#corked !== undefined) return this.#cork({ chunk, encoding, onTaken });
    begin();
    this.#methods._write(chunk, encoding, onWritten);
    return this.#afterWrite(onTaken);
  }

  cork(): void {
    this.#corked ??= [];
  }

  uncork(): void {
    const pieces = this.#corked;
    this.#corked = undefined;
    if (pieces === undefined || pieces.length === 0 || this.#isDestroyed) return;
    begin();
    this.#methods._writev(pieces, onWritten);
    this.#afterWrite((error) => {
      for (const { onTaken } of pieces) onTaken?.(error);
    });
    if (this.#waiting === undefined) process.nextTick(AcceptedSocket.#drain, this);
  }

  #cork(piece: Piece): boolean {
    this.#corked!.push(piece);
    const octets = this.#corked!.reduce((sum, { chunk }) => sum + chunk.length, 0);
    if (octets >= HIGH_WATER) this.#needsDrain = true;
    return !this.#needsDrain;
  }

  /** A write has been begun. */
  #afterWrite(onTaken: OnTaken | undefined): boolean {
    beginning = false;
    if (!hasEnded) {
      this.#waiting ??= [];
      this.#waiting.push(onTaken);
      // A handle that can't tell is taken to be full until everything has been written.
      if ((this._handle?.writeQueueSize ?? HIGH_WATER) >= HIGH_WATER) this.#needsDrain = true;
      return !this.#needsDrain;
    }
    if (onTaken !== undefined) process.nextTick(onTaken, failure);
    if (failure !== undefined) this.destroy(failure);
    return true;
  }

  /** The kernel has taken the oldest write that had to wait, or never will. */
  static onWritten(socket: AcceptedSocket, error: Error | undefined): void {
    const onTaken = socket.#waiting?.shift();
    onTaken?.(error);
    if (error !== undefined) AcceptedSocket.#fail(socket, error);
    else if (socket.#waiting?.length === 0) AcceptedSocket.#drain(socket);
  }

  /** Everything has been written. */
  static #drain(socket: AcceptedSocket): void {
    socket.#waiting = undefined;
    if (!socket.#needsDrain || socket.#isDestroyed) return;
    socket.#needsDrain = false;
    socket.#listeners.drain.call(socket.#self);
  }

  // --- the end ---

  /** Sends FIN behind what has been written. */
  end(...given: unknown[]): this {
    const then = given.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    const [chunk, encoding] = given;
    if (typeof chunk === 'string') this.write(chunk, typeof encoding === 'string' ? encoding : 'utf8');
    else if (chunk instanceof Uint8Array) this.write(chunk);
    if (!this.writable) {
      if (then !== undefined) process.nextTick(then);
      return this;
    }
    this.uncork();
    this.#hasEnded = true;
    this.#onFinish = then;
    begin();
    this.#methods._final(onShutDown);
    beginning = false;
    if (hasEnded) process.nextTick(AcceptedSocket.onShutDown, this);
    return this;
  }

  static onShutDown(socket: AcceptedSocket): void {
    if (socket.#hasFinished) return;
    socket.#hasFinished = true;
    const then = socket.#onFinish;
    socket.#onFinish = undefined;
    then?.();
    socket.#destroyIfOver();
  }

  /** Both sides have ended. */
  #destroyIfOver(): void {
    if (this.#peerHasEnded && this.#hasFinished && !this.#isStream) this.destroy();
  }

  destroy(error?: Error): this {
    if (this.#isDestroyed) return this;
    this.#isDestroyed = true;
    const handle = this._handle!;
    this._handle = null;
    handle.onread = ignore;
    if (error !== undefined) process.nextTick(AcceptedSocket.#tell, this, error);
    handle.close(onClosed);
    return this;
  }

  static #tell(socket: AcceptedSocket, error: Error): void {
    socket.#listeners.error.call(socket.#self, error);
  }

  static #fail(socket: AcceptedSocket, error: Error): void {
    // As a stream, it has the method of a stream.
    if (socket.#isStream) socket.#self.destroy(error);
    else socket.destroy(error);
  }

  static onClosed(socket: AcceptedSocket): void {
    socket.#listeners.close.call(socket.#self);
  }

  // --- the stream ---

  /** Makes the socket a stream, with the listeners that it had. */
  static becomeStream(socket: AcceptedSocket): void {
    if (socket.#isStream) return;
    const { _handle: handle } = socket;
    const { end, drain, error, close, reader } = socket.#listeners;
    const [peerHasEnded, hasEnded, isDestroyed] = [
      socket.#peerHasEnded,
      socket.#hasEnded,
      socket.#isDestroyed,
    ];
    socket.uncork();
    socket.#isStream = true;
    Object.setPrototypeOf(socket, Socket.prototype);
    const stream = constructSocket(socket, handle, handle?.reading === true && !peerHasEnded);
    if (isDestroyed) {
      // Its listeners hear of the end when the handle has been closed.
      stream.destroy();
      return;
    }
    stream[READING!.buffer] = BUFFER;
    stream[READING!.reader] = reader;
    stream.on('end', end);
    stream.on('drain', drain);
    stream.on('error', error);
    stream.on('close', close);
    if (hasEnded) stream.end();
    if (peerHasEnded) stream.push(null);
  }

  get #self(): Socket {
    return this as unknown as Socket;
  }

  get #methods(): WriteMethods {
    return this as unknown as WriteMethods;
  }
}

// What Node's methods read of a socket that has no timeout, is connected, and reads into a buffer of its own.
Object.assign(AcceptedSocket.prototype, {
  _parent: null,
  connecting: false,
  _readableState: { endEmitted: false },
});
if (READING !== undefined)
  Object.assign(AcceptedSocket.prototype, { [READING.buffer]: BUFFER, [READING.next]: null });
addStreamMembers(AcceptedSocket.prototype, AcceptedSocket.becomeStream);
