/**
 * An HTTP/2 server that sends exactly the frames that a test gives it, and shows those of the clients as lines
 * (`HEADERS 1 END_STREAM :method=GET`). By itself it sends its SETTINGS and acknowledges those of clients.
 */
import type net from 'node:net';
import { framesIn, join, PREFACE, settings, settingsAck, Transcript } from '../http2/frames.ts';
import { type RawServer, rawServer } from './raw-server.ts';

/** One connection of a client. */
export class RawPeer {
  /** What the client has sent, one line a frame. */
  readonly lines: string[] = [];
  readonly socket: net.Socket;
  /** The number of the connection, from 0. */
  readonly number: number;
  readonly #transcript = new Transcript();
  #rest: Uint8Array = new Uint8Array(0);
  #hasPreface = false;

  constructor(socket: net.Socket, number: number) {
    this.socket = socket;
    this.number = number;
  }

  send(...frames: readonly Uint8Array[]): void {
    this.socket.write(join(...frames));
  }

  /** @returns the lines of the frames that these octets complete. */
  receive(octets: Uint8Array): string[] {
    this.#rest = join(this.#rest, octets);
    if (!this.#hasPreface) {
      if (this.#rest.length < PREFACE.length) return [];
      this.#rest = this.#rest.subarray(PREFACE.length);
      this.#hasPreface = true;
    }
    let end = 0;
    for (let next = endOfFrame(this.#rest, 0); next <= this.#rest.length; next = endOfFrame(this.#rest, end))
      end = next;
    const complete = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    const lines = framesIn(complete).length === 0 ? [] : this.#transcript.linesOf(complete);
    this.lines.push(...lines);
    return lines;
  }
}

function endOfFrame(octets: Uint8Array, at: number): number {
  if (octets.length < at + 9) return Infinity;
  return at + 9 + ((octets[at]! << 16) | (octets[at + 1]! << 8) | octets[at + 2]!);
}

export interface RawHttp2Server extends RawServer {
  readonly peers: readonly RawPeer[];
}

/** @param onLine is called for each frame of a client. @param own the settings of the server. */
export async function rawHttp2Server(
  onLine: (peer: RawPeer, line: string) => void,
  ...own: readonly (readonly [identifier: number, value: number])[]
): Promise<RawHttp2Server> {
  const peers: RawPeer[] = [];
  const server = await rawServer(
    () => {},
    (socket, number) => {
      const peer = new RawPeer(socket, number);
      peers.push(peer);
      peer.send(settings(...own));
      socket.on('data', (octets: Uint8Array) => {
        for (const line of peer.receive(new Uint8Array(octets))) {
          if (/^SETTINGS(?! ACK)/.test(line)) peer.send(settingsAck());
          onLine(peer, line);
        }
      });
    },
  );
  return Object.assign(server, { peers });
}

/** The stream of a request, by its line; 0 for any other line. */
export const streamOf = (line: string): number => Number(/^HEADERS (\d+) .*:method=/.exec(line)?.[1] ?? 0);
