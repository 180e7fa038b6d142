/** Clients that leave before the response is complete, or read slowly. */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LARGE_OCTETS } from '../pool/contents.ts';

const LEAVES_WITHIN_MS = 100;
const PIECE_OCTETS = 512 * 1024;
const BETWEEN_PIECES_MS = 150;
const AFTER_A_FAILURE_MS = 100;

/** Repeats an action until the signal aborts. */
export async function repeat(what: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await what();
}

const GIVEN_UP = [
  'GET /stream/5 HTTP/1.1\r\nHost: app.example\r\n\r\n',
  'GET /slow/5 HTTP/1.1\r\nHost: app.example\r\n\r\n',
  'GET /large HTTP/1.1\r\nHost: app.example\r\n\r\n',
  'POST /echo HTTP/1.1\r\nHost: app.example\r\nContent-Length: 5000\r\n\r\nonly the beginning',
  'POST /json HTTP/1.1\r\nHost: app.exam',
];

/** Sends a request, and closes or resets the connection before the response is complete. */
export async function giveUp(port: number): Promise<void> {
  const socket = net.connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(GIVEN_UP[Math.floor(Math.random() * GIVEN_UP.length)]!);
  socket.resume();
  await sleep(Math.random() * LEAVES_WITHIN_MS);
  if (Math.random() < 0.5) socket.destroy();
  else socket.resetAndDestroy();
  await closed;
}

/**
 * Reads a response slowly.
 *
 * @throws {Error} when it is not complete.
 */
export async function readSlowly(port: number): Promise<void> {
  const socket = net.connect({ port, host: '127.0.0.1' });
  let octets = 0;
  socket.on('error', () => {});
  socket.write('GET /large HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n');
  socket.on('data', (piece) => {
    const pauses = Math.floor((octets + piece.length) / PIECE_OCTETS) - Math.floor(octets / PIECE_OCTETS);
    octets += piece.length;
    if (pauses === 0) return;
    socket.pause();
    setTimeout(() => socket.resume(), pauses * BETWEEN_PIECES_MS);
  });
  await once(socket, 'close');
  if (octets >= LARGE_OCTETS) return;
  await sleep(AFTER_A_FAILURE_MS);
  throw new Error(`received ${octets} of ${LARGE_OCTETS} bytes`);
}
