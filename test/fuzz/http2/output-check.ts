/** Reads what one end has sent, knowing nothing of how it was made: is it HTTP/2 that the peer has allowed (RFC 9113 §5, §6)? */
import { HpackDecoder } from '../../../src/hpack/decoder.ts';
import * as types from '../../../src/http2/frame/frame-types.ts';
import { type Frame, framesIn } from '../../http2/frames.ts';
import { Broken } from '../broken.ts';

const DEFAULT_WINDOW = 65_535;
const SETTINGS_HEADER_TABLE_SIZE = 1;
const SETTINGS_INITIAL_WINDOW_SIZE = 4;
const LARGEST_WINDOW = 0x7fff_ffff;

const RULE = 'what is sent is HTTP/2, and allowed';

/** What the peer's octets allow at most, whichever of its frames were looked at. */
interface Allowed {
  readonly connection: number;
  readonly initial: number;
  readonly streams: ReadonlyMap<number, number>;
  /** The sizes of the header table, frame by frame, each as a list. */
  readonly tableSizes: readonly (readonly number[])[];
}

interface SentStream {
  octets: number;
  hasFinalHead: boolean;
  hasEnded: boolean;
  isReset: boolean;
}

/**
 * @param received what the peer has sent, behind its preface; read as far as it is frames.
 * @throws {Broken} if it is not.
 */
export function checkOutput(output: Uint8Array, received: Uint8Array): void {
  const allowed = allowedBy(received);
  const decoder = new HpackDecoder();
  const streams = new Map<number, SentStream>();
  let octets = 0;
  let acknowledged = 0;
  let block: Uint8Array | undefined;
  let blockFlags = 0;
  let isFirst = true;
  let isOver = false;
  const fault = (why: string, frame: Frame): never => {
    throw new Broken(RULE, `${why}: type ${frame.type}, flags ${frame.flags}, stream ${frame.stream}`);
  };
  for (const frame of framesIn(output)) {
    const { type, flags, stream: id, payload } = frame;
    if (isFirst && (type !== types.SETTINGS || (flags & types.ACK) !== 0))
      fault('SETTINGS are not first', frame);
    isFirst = false;
    if (isOver) fault('a frame behind GOAWAY of an error', frame);
    if (payload.length > types.DEFAULT_FRAME_SIZE) fault('a frame is too large', frame);
    if (block !== undefined && type !== types.CONTINUATION) fault('a frame inside a block', frame);
    const stream = streams.get(id) ?? { octets: 0, hasFinalHead: false, hasEnded: false, isReset: false };
    streams.set(id, stream);
    switch (type) {
      case types.DATA:
        if (stream.hasEnded || stream.isReset || !stream.hasFinalHead) fault('DATA out of place', frame);
        octets += payload.length;
        stream.octets += payload.length;
        if (octets > allowed.connection) fault('more than the window of the connection', frame);
        if (stream.octets > allowed.initial + (allowed.streams.get(id) ?? 0))
          fault('more than the window', frame);
        if ((flags & types.END_STREAM) !== 0) stream.hasEnded = true;
        break;
      case types.HEADERS:
        if (stream.hasEnded || stream.isReset || id === 0) fault('HEADERS out of place', frame);
        block = payload;
        blockFlags = flags;
        break;
      case types.CONTINUATION:
        if (block === undefined) fault('CONTINUATION of nothing', frame);
        block = Buffer.concat([block!, payload]);
        break;
      case types.RST_STREAM:
        if (stream.isReset) fault('a stream is reset twice', frame);
        stream.isReset = true;
        break;
      case types.SETTINGS:
        if ((flags & types.ACK) === 0) break;
        for (const size of allowed.tableSizes[acknowledged++] ?? []) decoder.setLimit(size);
        if (acknowledged > allowed.tableSizes.length) fault('more is acknowledged than came', frame);
        break;
      case types.GOAWAY_FRAME:
        isOver = Buffer.from(payload).readUInt32BE(4) !== 0;
        break;
      case types.WINDOW_UPDATE:
        if (Buffer.from(payload).readUInt32BE(0) === 0) fault('a window is opened by 0', frame);
        if (stream.isReset && id !== 0) fault('a window of a stream that was reset', frame);
        break;
      case types.PING:
        break;
      default:
        fault('a frame of this type is never sent', frame);
    }
    if (block === undefined || (flags & types.END_HEADERS) === 0) continue;
    if (!decoder.decode(block)) fault(`a block can not be decoded, ${decoder.error.reason}`, frame);
    block = undefined;
    const status = decoder.fields.find(({ name }) => name === ':status')?.value;
    if ((status === undefined) !== stream.hasFinalHead) fault('a head where there is none', frame);
    if (status !== undefined && status >= '200') stream.hasFinalHead = true;
    if ((blockFlags & types.END_STREAM) !== 0) stream.hasEnded = true;
    for (const { name } of decoder.fields) if (name !== name.toLowerCase()) fault(`a field ${name}`, frame);
  }
  if (block !== undefined) throw new Broken(RULE, 'a block is not complete');
}

function allowedBy(received: Uint8Array): Allowed {
  const streams = new Map<number, number>();
  const tableSizes: number[][] = [[]];
  let connection = DEFAULT_WINDOW;
  let initial = DEFAULT_WINDOW;
  const view = Buffer.from(received.buffer, received.byteOffset, received.length);
  for (let at = 0; at + 9 <= view.length; ) {
    const length = view.readUIntBE(at, 3);
    const type = view[at + 3];
    const id = view.readUInt32BE(at + 5) & LARGEST_WINDOW;
    const payload = view.subarray(at + 9, at + 9 + length);
    if (type === types.WINDOW_UPDATE && payload.length === 4) {
      const increment = payload.readUInt32BE(0) & LARGEST_WINDOW;
      if (id === 0) connection += increment;
      else streams.set(id, (streams.get(id) ?? 0) + increment);
    } else if (type === types.SETTINGS && (view[at + 4]! & types.ACK) === 0) {
      const sizes: number[] = [];
      for (let i = 0; i + 6 <= payload.length; i += 6) {
        const value = payload.readUInt32BE(i + 2);
        if (payload.readUInt16BE(i) === SETTINGS_HEADER_TABLE_SIZE) sizes.push(value);
        if (payload.readUInt16BE(i) === SETTINGS_INITIAL_WINDOW_SIZE) initial = Math.max(initial, value);
      }
      tableSizes.push(sizes);
    }
    at += 9 + length;
  }
  return { connection, initial, streams, tableSizes };
}
