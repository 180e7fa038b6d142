/** Sends one script of frames to a server over TCP, and reduces what comes back to one outcome for the connection and for each stream. */
import net from 'node:net';
import { HpackDecoder } from '../../../src/hpack/decoder.ts';
import { errorCodeName } from '../../../src/http2/error-codes.ts';
import * as types from '../../../src/http2/frame/frame-types.ts';
import { type Frame, framesIn, join, opening, ping, settingsAck } from '../../http2/frames.ts';
import { UNDERSTOOD } from '../understood.ts';

export interface Http2Outcome {
  /** `open`, `closed`, `waits` without an answer to PING, or the code of GOAWAY with its text. */
  readonly connection: string;
  /** By stream: `answers …` with what was understood, `status 431`, `interim`, or `resets CODE`. */
  readonly streams: ReadonlyMap<number, string>;
}

/** Answers to PING that are waited for. Handlers answer in the meantime. */
const PINGS = 3;
/** For servers that wait for the rest of a frame. */
const SILENCE_MS = 250;

/** @param silence milliseconds after which a server that says nothing waits for more. */
export function converse(
  port: number,
  script: Uint8Array,
  silence: number = SILENCE_MS,
): Promise<Http2Outcome> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    const reader = new Reader();
    let pings = 0;
    let hasEnded = false;
    const end = (connection: string) => {
      if (hasEnded) return;
      hasEnded = true;
      clearTimeout(timer);
      socket.destroy();
      resolve({ connection: reader.goAway ?? connection, streams: reader.streams });
    };
    const timer = setTimeout(() => end('waits'), silence);
    socket.on('connect', () => socket.write(join(opening(), script, settingsAck(), ping('fuzz ok!'))));
    socket.on('data', (octets) => {
      timer.refresh();
      reader.receive(octets);
      if (reader.goAway !== undefined) return end('');
      if (reader.pings <= pings) return;
      pings = reader.pings;
      if (pings === PINGS) end('open');
      else setImmediate(() => socket.write(ping('fuzz ok!')));
    });
    socket.on('end', () => end('closed'));
    socket.on('error', () => end('closed'));
    socket.on('close', () => end('closed'));
  });
}

class Reader {
  readonly streams = new Map<number, string>();
  goAway: string | undefined;
  pings = 0;
  readonly #decoder = new HpackDecoder();
  #rest: Uint8Array = new Uint8Array(0);
  #block: Uint8Array = new Uint8Array(0);

  receive(octets: Uint8Array): void {
    const seen = join(this.#rest, octets);
    let at = 0;
    while (seen.length - at >= 9) {
      const end = at + 9 + ((seen[at]! << 16) | (seen[at + 1]! << 8) | seen[at + 2]!);
      if (end > seen.length) break;
      this.#frame(framesIn(seen.subarray(at, end))[0]!);
      at = end;
    }
    this.#rest = seen.slice(at);
  }

  #frame({ type, flags, stream, payload }: Frame): void {
    const view = Buffer.from(payload);
    switch (type) {
      case types.PING:
        if ((flags & types.ACK) !== 0 && view.toString('latin1') === 'fuzz ok!') this.pings++;
        return;
      case types.GOAWAY_FRAME:
        // The first GOAWAY of a drain is no error.
        if (view.readUInt32BE(4) !== 0)
          this.goAway = `${errorCodeName(view.readUInt32BE(4))} ${view.toString('latin1', 8)}`.trimEnd();
        return;
      case types.RST_STREAM:
        // What comes after the response, or after the first RST_STREAM, changes nothing.
        if (!this.streams.has(stream))
          this.streams.set(stream, `resets ${errorCodeName(view.readUInt32BE(0))}`);
        return;
      case types.HEADERS:
      case types.CONTINUATION:
        this.#block = join(type === types.HEADERS ? new Uint8Array(0) : this.#block, payload);
        if ((flags & types.END_HEADERS) !== 0) this.#onHead(stream);
        return;
      default:
    }
  }

  #onHead(stream: number): void {
    if (!this.#decoder.decode(this.#block)) throw new Error(this.#decoder.error.sentence);
    const value = (name: string) => this.#decoder.fields.find((field) => field.name === name)?.value;
    const status = value(':status') ?? 'trailers';
    const understood = value(UNDERSTOOD);
    if (status.startsWith('1')) return;
    this.streams.set(stream, understood === undefined ? `status ${status}` : `answers ${understood}`);
  }
}
