/** Attacks on a WebSocket as octets, each with the bound that stops it. */
import { constants, deflateRawSync } from 'node:zlib';
import { MOST_FRAGMENTS } from '../../../../src/websocket/frames/frame-decoder.ts';
import { BINARY, CONTINUATION, closeFrame, frame, PING, PONG, TEXT } from '../../../websocket/frame-peer.ts';

export interface WebSocketAttack {
  readonly name: string;
  /** What stops it. */
  readonly bound: string;
  /** What the client sends, piece by piece. */
  readonly pieces: () => Iterable<Uint8Array>;
  /** The client reads nothing. */
  readonly isDeaf?: true;
  /** The status code of the server's close, or `cut` without one, or `open`: the connection goes on. */
  readonly end: number | 'cut' | 'open';
  /** The messages that are delivered. */
  readonly delivered: number;
}

export const ATTACKED_MESSAGE_SIZE = 64 * 1024;

/** The bit of a compressed message (RFC 7692 §6). */
const RSV1 = 4;
const MIB = 1024 * 1024;

/** RFC 7692 §7.2.1. */
const deflated = (content: Uint8Array): Buffer =>
  deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);

/** 64 MiB of zeros: a block of 1 MiB, again and again, which takes no memory to make. */
function bomb(): Buffer {
  const block = deflateRawSync(new Uint8Array(MIB), { finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat(Array.from({ length: 64 }, () => block)).subarray(0, -4);
}

const compressed = (content: Uint8Array): Buffer => frame(BINARY, deflated(content), { reserved: RSV1 });

/** A message of so many fragments, each of one octet or of none. */
function* fragments(count: number, octets: string): Iterable<Uint8Array> {
  for (let at = 0; at < count; at += 1_024) {
    const frames: Uint8Array[] = [];
    for (let each = at; each < Math.min(count, at + 1_024); each++)
      frames.push(frame(each === 0 ? TEXT : CONTINUATION, octets, { isFinal: each === count - 1 }));
    yield Buffer.concat(frames);
  }
}

function* repeated(piece: Uint8Array, times: number): Iterable<Uint8Array> {
  for (let count = 0; count < times; count++) yield piece;
}

const many = (one: Uint8Array, count: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => one));

const SIZE = '`maxMessageSize`, after decompression';
const FRAGMENTS = '16,384 fragments a message';

export const WEBSOCKET_ATTACKS: readonly WebSocketAttack[] = [
  {
    name: 'compression bomb: 64 MiB in 64 KiB',
    bound: SIZE,
    pieces: () => [frame(BINARY, bomb(), { reserved: RSV1 })],
    end: 1009,
    delivered: 0,
  },
  {
    name: 'a compressed message of the limit',
    bound: SIZE,
    pieces: () => [compressed(new Uint8Array(ATTACKED_MESSAGE_SIZE))],
    end: 'open',
    delivered: 1,
  },
  {
    name: 'a compressed message of one octet more',
    bound: SIZE,
    pieces: () => [compressed(new Uint8Array(ATTACKED_MESSAGE_SIZE + 1))],
    end: 1009,
    delivered: 0,
  },
  {
    name: 'compression bomb in fragments',
    bound: SIZE,
    *pieces() {
      const octets = bomb();
      yield frame(BINARY, octets.subarray(0, 100), { reserved: RSV1, isFinal: false });
      for (let at = 100; at < octets.length; at += 1_000)
        yield frame(CONTINUATION, octets.subarray(at, at + 1_000), { isFinal: at + 1_000 >= octets.length });
    },
    end: 1009,
    delivered: 0,
  },
  {
    name: 'a frame that claims 2^53 octets',
    bound: SIZE,
    pieces: () => [frame(BINARY, '', { claims: 2 ** 53, lengthOctets: 8 })],
    end: 1009,
    delivered: 0,
  },
  {
    name: 'a message that never ends',
    bound: SIZE,
    *pieces() {
      yield frame(TEXT, 'x', { isFinal: false });
      yield* repeated(frame(CONTINUATION, 'x'.repeat(1_000), { isFinal: false }), 100);
    },
    end: 1009,
    delivered: 0,
  },
  {
    name: 'fragments of one octet, as many as are allowed',
    bound: FRAGMENTS,
    pieces: () => fragments(MOST_FRAGMENTS, 'x'),
    end: 'open',
    delivered: 1,
  },
  {
    name: 'fragments of one octet, one more',
    bound: FRAGMENTS,
    pieces: () => fragments(MOST_FRAGMENTS + 1, 'x'),
    end: 1008,
    delivered: 0,
  },
  {
    name: 'empty fragments without end',
    bound: FRAGMENTS,
    pieces: () => fragments(40_000, ''),
    end: 1008,
    delivered: 0,
  },
  {
    name: 'ping flood by a client that reads nothing: 12 MiB',
    bound: 'one pong waits (RFC 6455 §5.5.3)',
    pieces: () => repeated(many(frame(PING, '*'.repeat(125)), 1_000), 100),
    isDeaf: true,
    end: 'open',
    delivered: 0,
  },
  {
    name: 'pong flood',
    bound: 'nothing is kept',
    pieces: () => repeated(many(frame(PONG, '*'.repeat(125)), 1_000), 20),
    end: 'open',
    delivered: 0,
  },
  {
    name: 'asking for answers and reading nothing',
    bound: '`maxBufferedAmount`',
    pieces: () => repeated(many(frame(TEXT, 'echo'), 1_000), 20),
    isDeaf: true,
    end: 'cut',
    delivered: Infinity,
  },
  {
    name: 'octets behind a close',
    bound: 'nothing is kept',
    *pieces() {
      yield closeFrame(1000);
      yield* repeated(new Uint8Array(64 * 1024), 10);
    },
    end: 1000,
    delivered: 0,
  },
];
