/**
 * Memory in which output is put together. All connections of a thread share it: a socket that takes everything at once, which is the
 * rule, leaves it to the next output.
 */
import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';
import { AcceptedSocket } from './accepting/accepted-socket.ts';
import { IS_NODE } from './shared-reading.ts';

/** `Buffer`'s own, without the checks. All runtimes have it, but the types do not declare it. */
type WritesLatin1 = Buffer & { latin1Write(text: string, at: number): number };

/** More is not put together at once: 64 KiB of content with its framing. */
export const MOST_TOGETHER = 72 * 1024;
/** A slow client keeps the page of what it has not taken. */
const SMALL_PAGE = 16 * 1024;
/** A native call costs more than so many turns of a loop. */
const SHORT_TEXT = 16;

/** Pages that no socket uses. */
let smallPage: Buffer | undefined;
let page: Buffer | undefined;

/**
 * Writes the parts in one call.
 *
 * @param parts latin1 text, one character an octet, or octets, which may be changed afterwards.
 * @param length the octets of all of them.
 * @returns what `socket.write` has returned.
 */
export function writeTogether(
  socket: Socket,
  parts: readonly (string | Uint8Array)[],
  length: number,
): boolean {
  if (length > MOST_TOGETHER || !writesItself(socket))
    return socket.write(put(Buffer.allocUnsafe(length), parts));
  const memory = take(length);
  const hasRoom = socket.write(put(memory, parts).subarray(0, length));
  if (hasWrittenAll(socket)) giveBack(memory);
  return hasRoom;
}

/** Whether the socket hands octets to the system. Any other stream may keep them, TLS until they have been sent. */
function writesItself(socket: Socket): boolean {
  if (isAccepted(socket)) return true;
  const { write, _write } = Socket.prototype;
  return IS_NODE && socket.write === write && socket._write === _write && !('encrypted' in socket);
}

/** Nothing waits for the system, so nothing uses the memory any more. */
function hasWrittenAll(socket: Socket): boolean {
  return isAccepted(socket) ? socket.hasWrittenAll : socket.writableLength === 0;
}

/** Its methods are its own until it is used as a stream. */
const isAccepted = (socket: Socket | AcceptedSocket): socket is Socket & AcceptedSocket =>
  socket.write === AcceptedSocket.prototype.write;

function take(length: number): Buffer {
  if (length > SMALL_PAGE) {
    const memory = page ?? Buffer.allocUnsafeSlow(MOST_TOGETHER);
    page = undefined;
    return memory;
  }
  const memory = smallPage ?? Buffer.allocUnsafeSlow(SMALL_PAGE);
  smallPage = undefined;
  return memory;
}

function giveBack(memory: Buffer): void {
  if (memory.length === SMALL_PAGE) smallPage = memory;
  else page = memory;
}

function put(memory: Buffer, parts: readonly (string | Uint8Array)[]): Buffer {
  let at = 0;
  for (const part of parts) {
    if (typeof part !== 'string') memory.set(part, at);
    else if (part.length > SHORT_TEXT) (memory as WritesLatin1).latin1Write(part, at);
    else for (let i = 0; i < part.length; i++) memory[at + i] = part.charCodeAt(i);
    at += part.length;
  }
  return memory;
}
