/** The frames of a recorded connection of HTTP/2, for a capture file: one piece each. */
import * as types from '../../../http2/frame/frame-types.ts';
import type { ConnectionRecord } from '../../recorder/connection-record.ts';
import type { ExchangeRecord } from '../../recorder/exchange-record.ts';
import type { Frame } from '../../recorder/frame-reader.ts';
import { blocksIn } from '../../wording/header-blocks.ts';
import type { Shown } from '../../wording/redaction.ts';
import type { Fields } from '../../wording/sent-again.ts';
import { asFields, decodedRequest } from '../exchange-fields.ts';
import { frameOctets, headersFrame } from './frame-octets.ts';
import type { Piece } from './piece.ts';

export function http2Pieces(
  connection: ConnectionRecord | undefined,
  exchanges: readonly ExchangeRecord[],
  shown: Shown,
): Piece[] {
  const own = (connection?.streams?.own ?? []).map((frame) => plainPiece(frame, shown));
  const pieces = [...own, ...exchanges.flatMap((record) => streamPieces(record, shown))];
  return pieces.map((piece) => (isPreface(piece) ? prefaceFirst(piece, pieces) : piece));
}

const isPreface = ({ side, offset }: Piece): boolean => side === 'client' && offset === 0;

/** A server may begin before the client has (RFC 9113 §3.4), but readers know HTTP/2 by the preface of the client. */
function prefaceFirst(preface: Piece, pieces: readonly Piece[]): Piece {
  const first = pieces.reduce((earliest, { at }) => Math.min(earliest, at), preface.at);
  if (first === preface.at) return preface;
  return {
    ...preface,
    at: first,
    comment: 'The preface came later. It stands here so that readers know HTTP/2.',
  };
}

function streamPieces(record: ExchangeRecord, shown: Shown): Piece[] {
  return [...sidePieces(record, 'received', shown), ...sidePieces(record, 'sent', shown)];
}

function sidePieces(record: ExchangeRecord, direction: Frame['direction'], shown: Shown): Piece[] {
  const frames = record.frames.filter((frame) => frame.direction === direction);
  const blocks = blocksIn(frames);
  const first = frames.find(({ type }) => type === types.HEADERS);
  return frames.flatMap((frame, place) => {
    // A part of the block before it.
    if (frame.type === types.CONTINUATION) return [];
    if (frame.type !== types.HEADERS) return [plainPiece(frame, shown)];
    const block = blocks.get(frame);
    const fields =
      block === undefined && frame === first ? knownFields(record, frame) : block && asFields(block.fields);
    return [blockPiece(frame, blockLength(frames, place), fields, shown)];
  });
}

/** What is known of the head of a message whose block can't be decoded. */
function knownFields(record: ExchangeRecord, { direction }: Frame): Fields | undefined {
  if (direction === 'received') return record.head && decodedRequest(record);
  return record.row.status === 0 ? undefined : [[':status', String(record.row.status)]];
}

/** HEADERS and what continues them, on the wire. */
function blockLength(frames: readonly Frame[], place: number): number {
  let length = lengthOf(frames[place]!);
  for (let i = place + 1; frames[i]?.type === types.CONTINUATION; i++) length += lengthOf(frames[i]!);
  return length;
}

const lengthOf = ({ octets, omitted }: Frame): number => octets.length + omitted;

function plainPiece(frame: Frame, shown: Shown): Piece {
  return {
    ...placeOf(frame),
    length: lengthOf(frame),
    octets: () => frameOctets(frame, shown),
    missing: frame.omitted,
  };
}

function blockPiece(frame: Frame, length: number, fields: Fields | undefined, shown: Shown): Piece {
  const piece = {
    ...placeOf(frame),
    length,
    octets: () => headersFrame(frame, fields ?? [], shown),
    missing: 0,
  };
  return fields === undefined
    ? { ...piece, comment: 'The fields of this header block are not known.' }
    : piece;
}

function placeOf({ direction, at, offset }: Frame): Pick<Piece, 'side' | 'at' | 'offset'> {
  return { side: direction === 'received' ? 'client' : 'server', at, offset };
}
