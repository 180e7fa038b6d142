/** `serval get ws://…`: the lines of standard input become messages, and messages become lines of the output. */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WebSocket, type WebSocketCloseEvent, type WireObserver } from '../../client/index.ts';
import { complain } from '../output.ts';
import type { ContentOutput } from './content-output.ts';
import { EXIT } from './exit-codes.ts';
import type { GetRequest } from './request-of.ts';
import { visible } from './wire-printer.ts';

/** Bytes of a message, which is held only until it is written. */
const LARGEST_MESSAGE = 256 * 1024 * 1024;
/** Octets of a binary message that a terminal shows. */
const MOST_SHOWN = 64;
/**
 * After the last line, the server has this long to answer, and as long again when a message has come, but not for ever: a
 * WebSocket that is closing does not give out what it receives.
 */
const ANSWER_MS = 300;
const MOST_WAITS = 10;
/** The status codes of an end without an error (RFC 6455 §7.4.1): done, going away, none. */
const GOOD_ENDS: readonly number[] = [1000, 1001, 1005];

/**
 * Sends lines until the end of the input, which closes the WebSocket, or until the server closes it.
 *
 * @returns the exit code. @throws why it could not be opened, or the signal's reason.
 */
export async function converse(
  client: Client,
  { url, init }: GetRequest,
  observer: WireObserver,
  output: ContentOutput,
): Promise<number> {
  const { signal, headers } = init;
  const socket = new WebSocket(url, {
    ...{ client, headers, observer, maxMessageSize: LARGEST_MESSAGE, handshakeTimeout: 0 },
    ...(signal && { signal }),
  });
  const closed = endOf(socket);
  const { readable, writable } = socket.streams();
  // What ends one direction ends the WebSocket, and the other direction tells of it.
  const inputEnd = new AbortController();
  let messages = 0;
  const lines = sendLines(writable, inputEnd.signal, () => messages).catch(() => {});
  const onAbort = (): void => void client.destroy();
  signal?.addEventListener('abort', onAbort);
  try {
    for await (const message of readable) {
      messages++;
      await output.write(shown(message, output.isTerminal));
    }
    await output.end();
  } catch (error) {
    // If the output has failed, the loop has cancelled the stream, which closes the WebSocket.
    if (socket.readyState !== socket.CLOSED) throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // A read that waits for the terminal would keep the process.
    inputEnd.abort();
    process.stdin.destroy();
  }
  const { code, reason } = await closed;
  await lines;
  signal?.throwIfAborted();
  if (GOOD_ENDS.includes(code)) return EXIT.ok;
  complain(
    code === 1006
      ? 'the connection was lost without a close (1006).'
      : `the WebSocket was closed with ${code}${reason && `: ${visible(reason)}`}.`,
  );
  return EXIT.receiveError;
}

/** Rejects with the error if it fails. */
function endOf(socket: WebSocket): Promise<WebSocketCloseEvent> {
  const closed = new Promise<WebSocketCloseEvent>((resolve, reject) => {
    socket.onerror = ({ error }) => reject(error);
    socket.onclose = resolve;
  });
  closed.catch(() => {});
  return closed;
}

/** @param received how many messages have come. */
async function sendLines(
  writable: WritableStream<string | Uint8Array>,
  signal: AbortSignal,
  received: () => number,
): Promise<void> {
  const writer = writable.getWriter();
  await writer.ready;
  const { stdin } = process;
  // An earlier URL has read it to its end.
  const lines = stdin.destroyed
    ? []
    : createInterface({ input: stdin, crlfDelay: Infinity, terminal: false, signal });
  for await (const line of lines) await writer.write(line);
  for (let known = -1, waits = 0; known < received() && waits < MOST_WAITS; waits++) {
    known = received();
    await sleep(ANSWER_MS, undefined, { signal });
  }
  await writer.close();
}

function shown(message: string | Uint8Array, isTerminal: boolean): Uint8Array {
  if (typeof message === 'string')
    // NUL would be taken for binary content.
    return Buffer.from(`${isTerminal ? message.replaceAll('\0', '\\x00') : message}\n`);
  if (!isTerminal) return message;
  const hex = Buffer.from(message.subarray(0, MOST_SHOWN))
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$& ');
  const more = message.length > MOST_SHOWN ? ' …' : '';
  return Buffer.from(`(${message.length} bytes: ${hex}${more})\n`);
}
