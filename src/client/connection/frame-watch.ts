/** Reads the frames of an HTTP/2 connection for an observer, from the octets that pass by. It checks nothing. */
import { errorCodeName } from '../../http2/error-codes.ts';
import { FRAME_HEADER_OCTETS, PREFACE } from '../../http2/frame/frame-types.ts';
import { uint31, uint32 } from '../../http2/frame/uint32.ts';
import type { WireFrame } from './wire-observer.ts';

const TYPES = [
  ...['DATA', 'HEADERS', 'PRIORITY', 'RST_STREAM', 'SETTINGS', 'PUSH_PROMISE', 'PING', 'GOAWAY'],
  ...['WINDOW_UPDATE', 'CONTINUATION'],
];

/** The flags of each type, by their bits (RFC 9113 §6). */
const OF_MESSAGES: readonly (readonly [bit: number, name: string])[] = [
  [0x01, 'END_STREAM'],
  [0x04, 'END_HEADERS'],
  [0x08, 'PADDED'],
  [0x20, 'PRIORITY'],
];
const OF_CONTROL: typeof OF_MESSAGES = [[0x01, 'ACK']];
const HAS_ACK = new Set(['SETTINGS', 'PING']);
const HAS_MESSAGE_FLAGS = new Set(['DATA', 'HEADERS', 'PUSH_PROMISE', 'CONTINUATION']);

const SETTING_NAMES: ReadonlyMap<number, string> = new Map([
  [0x01, 'HEADER_TABLE_SIZE'],
  [0x02, 'ENABLE_PUSH'],
  [0x03, 'MAX_CONCURRENT_STREAMS'],
  [0x04, 'INITIAL_WINDOW_SIZE'],
  [0x05, 'MAX_FRAME_SIZE'],
  [0x06, 'MAX_HEADER_LIST_SIZE'],
  [0x08, 'ENABLE_CONNECT_PROTOCOL'],
  [0x09, 'NO_RFC7540_PRIORITIES'],
]);

/** Octets of a payload that are described. */
const MOST_DESCRIBED = 256;
const SETTING_OCTETS = 6;

export class FrameWatch {
  readonly #sent = new FrameReader('sent');
  readonly #received = new FrameReader('received');

  /** The frames that these octets complete. */
  framesOf(direction: WireFrame['direction'], octets: Uint8Array): WireFrame[] {
    return (direction === 'sent' ? this.#sent : this.#received).read(octets);
  }
}

class FrameReader {
  readonly #direction: WireFrame['direction'];
  /** The header of the current frame and the beginning of its payload. */
  readonly #kept = new Uint8Array(FRAME_HEADER_OCTETS + MOST_DESCRIBED);
  #at = 0;

  constructor(direction: WireFrame['direction']) {
    this.#direction = direction;
  }

  read(octets: Uint8Array): WireFrame[] {
    const frames: WireFrame[] = [];
    let rest = startsWithPreface(octets) ? octets.subarray(PREFACE.length) : octets;
    while (rest.length > 0) {
      const most = this.#at < FRAME_HEADER_OCTETS ? FRAME_HEADER_OCTETS - this.#at : this.#end - this.#at;
      const piece = rest.subarray(0, most);
      if (this.#at < this.#kept.length)
        this.#kept.set(piece.subarray(0, this.#kept.length - this.#at), this.#at);
      this.#at += piece.length;
      rest = rest.subarray(piece.length);
      if (this.#at < FRAME_HEADER_OCTETS || this.#at < this.#end) continue;
      frames.push(frameOf(this.#direction, this.#kept));
      this.#at = 0;
    }
    return frames;
  }

  get #end(): number {
    return FRAME_HEADER_OCTETS + lengthOf(this.#kept);
  }
}

const startsWithPreface = (octets: Uint8Array): boolean =>
  octets.length >= PREFACE.length && PREFACE.every((octet, i) => octet === octets[i]);

const lengthOf = (kept: Uint8Array): number => (kept[0]! << 16) | (kept[1]! << 8) | kept[2]!;

function frameOf(direction: WireFrame['direction'], kept: Uint8Array): WireFrame {
  const type = TYPES[kept[3]!] ?? `0x${kept[3]!.toString(16)}`;
  const bits = HAS_ACK.has(type) ? OF_CONTROL : HAS_MESSAGE_FLAGS.has(type) ? OF_MESSAGES : [];
  const length = lengthOf(kept);
  const flags = bits.filter(([bit]) => (kept[4]! & bit) !== 0).map(([, name]) => name);
  const payload = kept.subarray(FRAME_HEADER_OCTETS, FRAME_HEADER_OCTETS + Math.min(length, MOST_DESCRIBED));
  return { direction, type, flags, stream: uint31(kept, 5), length, detail: detailOf(type, payload) };
}

function detailOf(type: string, payload: Uint8Array): string {
  if (type === 'SETTINGS') return settingsOf(payload);
  if (type === 'WINDOW_UPDATE' && payload.length === 4) return `by ${uint31(payload, 0)}`;
  if (type === 'RST_STREAM' && payload.length === 4) return errorCodeName(uint32(payload, 0));
  if (type === 'GOAWAY' && payload.length >= 8)
    return `${errorCodeName(uint32(payload, 4))}, last stream ${uint31(payload, 0)}`;
  return '';
}

function settingsOf(payload: Uint8Array): string {
  const settings: string[] = [];
  for (let at = 0; at + SETTING_OCTETS <= payload.length; at += SETTING_OCTETS) {
    const identifier = (payload[at]! << 8) | payload[at + 1]!;
    const name = SETTING_NAMES.get(identifier) ?? `0x${identifier.toString(16)}`;
    settings.push(`${name} ${uint32(payload, at + 2)}`);
  }
  return settings.join(', ');
}
