/** The content of a recorded message, as far as it was kept, without what HTTP puts around it. */
import { Buffer } from 'node:buffer';
import { DATA, FRAME_HEADER_OCTETS, PADDED } from '../../../http2/frame/frame-types.ts';
import type { ExchangeRecord } from '../../recorder/exchange-record.ts';
import type { Frame } from '../../recorder/frame-reader.ts';
import { dividedMessage, type MessageSide } from '../../wording/http1-message.ts';

export interface MessageContent {
  /** Octets of the heads; HTTP/1 only. */
  readonly headLength: number;
  /** Octets on the wire behind the head, with the sizes of chunks; `undefined` if some frames are not known. */
  readonly transferred: number | undefined;
  /** The first bytes of it, without chunk sizes and padding. */
  readonly octets: Buffer;
  /** These are all of them. */
  readonly isWhole: boolean;
  /** How many there were; `undefined` if that is not known. */
  readonly length: number | undefined;
}

export function messageContent(record: ExchangeRecord, side: MessageSide): MessageContent {
  return record.row.stream > 0 ? contentOfFrames(record, side) : contentOfText(record, side);
}

function contentOfText(record: ExchangeRecord, side: MessageSide): MessageContent {
  const { text, length: all, kept } = record[side];
  const { heads, content, isChunked } = dividedMessage(text, side);
  const headLength = heads.reduce((sum, head) => sum + head.length, 0);
  const isHeadWhole = heads.at(-1)?.endsWith('\r\n\r\n') ?? false;
  const transferred = isHeadWhole || kept === all ? all - headLength : undefined;
  if (isChunked) {
    const { octets, isWhole } = withoutChunks(content);
    return { headLength, transferred, octets, isWhole, length: isWhole ? octets.length : undefined };
  }
  const octets = Buffer.from(content, 'latin1');
  return { headLength, transferred, octets, isWhole: kept === all, length: transferred };
}

/** RFC 9112 §7.1. What follows the last chunk are trailer fields. */
function withoutChunks(content: string): { octets: Buffer; isWhole: boolean } {
  const pieces: string[] = [];
  let isWhole = false;
  for (let at = 0; at < content.length; ) {
    const lineEnd = content.indexOf('\r\n', at);
    const size = /^[0-9a-f]{1,8}(?![0-9a-f])/i.exec(content.slice(at, at + 9));
    if (size === null || lineEnd < 0) break;
    const length = Number.parseInt(size[0], 16);
    if (length === 0) isWhole = true;
    if (length === 0) break;
    pieces.push(content.slice(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return { octets: Buffer.from(pieces.join(''), 'latin1'), isWhole };
}

function contentOfFrames({ frames, omittedFrames }: ExchangeRecord, side: MessageSide): MessageContent {
  const direction = side === 'request' ? 'received' : 'sent';
  const pieces: Uint8Array[] = [];
  let [length, kept] = [0, 0];
  for (const frame of frames) {
    if (frame.type !== DATA || frame.direction !== direction) continue;
    const piece = dataIn(frame);
    // Behind a gap there is nothing more that could be shown.
    if (kept === length) {
      pieces.push(piece.octets);
      kept += piece.octets.length;
    }
    length += piece.length;
  }
  const octets = Buffer.concat(pieces);
  if (omittedFrames > 0)
    return { headLength: 0, transferred: undefined, octets, isWhole: false, length: undefined };
  return { headLength: 0, transferred: length, octets, isWhole: kept === length, length };
}

/** RFC 9113 §6.1 */
function dataIn({ octets, omitted }: Frame): { octets: Uint8Array; length: number } {
  const isPadded = (octets[4]! & PADDED) !== 0;
  const start = FRAME_HEADER_OCTETS + (isPadded ? 1 : 0);
  const padding = isPadded ? (octets[FRAME_HEADER_OCTETS] ?? 0) : 0;
  const length = Math.max(0, octets.length + omitted - start - padding);
  return { octets: octets.subarray(start, start + length), length };
}
