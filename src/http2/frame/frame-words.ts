/** Frames in words: the names of types, flags and settings, and what control frames say (RFC 9113 §6). */
import { errorCodeName } from '../error-codes.ts';
import { uint31, uint32 } from './uint32.ts';

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

const SETTING_OCTETS = 6;

/** `HEADERS`, for example, or the number of an unknown type. */
export function frameTypeName(type: number): string {
  return TYPES[type] ?? `0x${type.toString(16)}`;
}

/** @param type its name. */
export function frameFlagNames(type: string, flags: number): string[] {
  const bits = HAS_ACK.has(type) ? OF_CONTROL : HAS_MESSAGE_FLAGS.has(type) ? OF_MESSAGES : [];
  return bits.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}

/** The content of SETTINGS, WINDOW_UPDATE, RST_STREAM and GOAWAY in words; empty for others. */
export function frameDetail(type: string, payload: Uint8Array): string {
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
