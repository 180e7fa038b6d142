/** Encodes frames (RFC 9113 §4.1, §6). */
import type { OctetWriter } from '../../octets/octet-writer.ts';
import * as types from './frame-types.ts';
import type { Setting } from './settings.ts';

const { FRAME_HEADER_OCTETS } = types;

export function writeFrameHeader(
  out: OctetWriter,
  length: number,
  type: number,
  flags: number,
  stream: number,
): void {
  out.reserve(FRAME_HEADER_OCTETS);
  setFrameHeader(out.octets, out.length, length, type, flags, stream);
  out.length += FRAME_HEADER_OCTETS;
}

/** Writes a frame header at `at`. The octets must be long enough. */
export function setFrameHeader(
  octets: Uint8Array,
  at: number,
  length: number,
  type: number,
  flags: number,
  stream: number,
): void {
  octets[at] = length >>> 16;
  octets[at + 1] = length >>> 8;
  octets[at + 2] = length;
  octets[at + 3] = type;
  octets[at + 4] = flags;
  octets[at + 5] = stream >>> 24;
  octets[at + 6] = stream >>> 16;
  octets[at + 7] = stream >>> 8;
  octets[at + 8] = stream;
}

export function writeReset(out: OctetWriter, stream: number, code: number): void {
  writeFrameHeader(out, 4, types.RST_STREAM, 0, stream);
  out.uint32(code);
}

export function writeSettings(out: OctetWriter, settings: readonly Setting[]): void {
  writeFrameHeader(out, settings.length * 6, types.SETTINGS, 0, 0);
  for (const [identifier, value] of settings) {
    out.uint16(identifier);
    out.uint32(value);
  }
}

export function writeSettingsAck(out: OctetWriter): void {
  writeFrameHeader(out, 0, types.SETTINGS, types.ACK, 0);
}

/** @param octets the eight octets of the PING are at `start`. */
export function writePing(out: OctetWriter, flags: number, octets: Uint8Array, start: number): void {
  writeFrameHeader(out, 8, types.PING, flags, 0);
  out.piece(octets, start, start + 8);
}

export function writeGoAway(out: OctetWriter, lastStream: number, code: number, text: string): void {
  writeFrameHeader(out, 8 + text.length, types.GOAWAY_FRAME, 0, 0);
  out.uint32(lastStream);
  out.uint32(code);
  out.text(text);
}

export function writeWindowUpdate(out: OctetWriter, stream: number, increment: number): void {
  writeFrameHeader(out, 4, types.WINDOW_UPDATE, 0, stream);
  out.uint32(increment);
}

export function writePriorityUpdate(out: OctetWriter, stream: number, priority: string): void {
  writeFrameHeader(out, 4 + priority.length, types.PRIORITY_UPDATE, 0, 0);
  out.uint32(stream);
  out.text(priority);
}
