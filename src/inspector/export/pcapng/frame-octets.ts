/**
 * Frames of HTTP/2 as they stand in a capture file.
 *
 * Header blocks are encoded anew. HPACK compresses each block against those before it, so a value can't be replaced where it stands,
 * and a block is unreadable if one before it is missing. Here each field is a literal that is not indexed (RFC 7541 §6.2.2), without
 * Huffman coding: every block can be read alone, and hidden values are asterisks. Serval's encoder is not used, because it
 * remembers fields for the server's own connections.
 */
import { OctetWriter, PLAIN_RUNTIME } from '../../../hpack/index.ts';
import { writeInteger } from '../../../hpack/integer.ts';
import * as types from '../../../http2/frame/frame-types.ts';
import { writeFrameHeader } from '../../../http2/frame/frame-writer.ts';
import { uint31 } from '../../../http2/frame/uint32.ts';
import type { Frame } from '../../recorder/frame-reader.ts';
import type { Shown } from '../../wording/redaction.ts';
import { hidesValue } from '../../wording/redaction.ts';
import type { Fields } from '../../wording/sent-again.ts';
import { stars, withStars } from '../starred-message.ts';

const { FRAME_HEADER_OCTETS, PADDED } = types;
const STAR = 0x2a;

/** Frames whose payload is neither content nor fields (RFC 9113 §6, RFC 9218 §7.1). */
const CONTROL: ReadonlySet<number> = new Set([
  ...[types.PRIORITY_FRAME, types.RST_STREAM, types.SETTINGS, types.PING, types.GOAWAY_FRAME],
  ...[types.WINDOW_UPDATE, types.PRIORITY_UPDATE],
]);

/** A frame that is not HEADERS or CONTINUATION. @returns as many octets as are kept of it. */
export function frameOctets({ type, octets, omitted }: Frame, shown: Shown): Uint8Array {
  if (type === undefined || CONTROL.has(type) || shown.bodies) return octets;
  const starred = octets.slice();
  let start = FRAME_HEADER_OCTETS;
  let end = octets.length;
  if (type === types.DATA && (octets[4]! & PADDED) !== 0 && octets.length > start) {
    // The length of the padding stays, and the padding is of zeros (RFC 9113 §6.1).
    const dataEnd = octets.length + omitted - octets[start]!;
    start++;
    end = Math.max(start, Math.min(end, dataEnd));
  }
  return starred.fill(STAR, start, end).fill(0, end);
}

/** HEADERS, with a header block that has been encoded anew. Padding and CONTINUATION are left out. */
export function headersFrame(first: Frame, fields: Fields, shown: Shown): Uint8Array {
  const block = new OctetWriter(PLAIN_RUNTIME);
  for (const [name, value] of fields) {
    // RFC 7541 §6.2.2: a literal with a new name.
    block.octet(0);
    writeText(block, name);
    writeText(block, shown.secrets ? value : hiddenValue(name, value));
  }
  const flags = types.END_HEADERS | (first.octets[4]! & types.END_STREAM);
  const frame = new OctetWriter(PLAIN_RUNTIME);
  writeFrameHeader(frame, block.length, types.HEADERS, flags, uint31(first.octets, 5));
  frame.piece(block.octets, 0, block.length);
  return frame.octets.slice(0, frame.length);
}

/** RFC 7541 §5.2 */
function writeText(out: OctetWriter, text: string): void {
  writeInteger(out, 0, 0x7f, text.length);
  out.text(text);
}

function hiddenValue(name: string, value: string): string {
  if (!hidesValue(name, value)) return value;
  return name.startsWith(':') ? withStars(value) : stars(value.length);
}
