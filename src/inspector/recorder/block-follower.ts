/**
 * Follows the header blocks of one direction of an HTTP/2 connection. Each block is written in terms of the table that those before it
 * have left, so all of them are looked at. Only what changes the table is decoded: most blocks of a busy connection change nothing.
 */
import { representationsIn } from '../../hpack/representations.ts';
import * as types from '../../http2/frame/frame-types.ts';
import { FollowedTable, type HeaderTable } from './followed-table.ts';
import type { Frame } from './frame-reader.ts';

/** Octets of a block that is followed. */
const MOST_BLOCK = 65_536;

export class BlockFollower {
  /** `undefined` when it can be followed no longer: after a block that is malformed, or was not kept. */
  #table: FollowedTable | undefined = new FollowedTable();
  /** The pieces of a block that is not complete. */
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** @returns the table before the block that begins with the frame. */
  onFrame(frame: Frame): HeaderTable | undefined {
    const { type, octets } = frame;
    const table = this.#table;
    if ((type !== types.HEADERS && type !== types.CONTINUATION) || table === undefined) return undefined;
    const before = type === types.HEADERS ? table.current : undefined;
    const piece = blockPiece(frame);
    if (piece === undefined || this.#length + piece.length > MOST_BLOCK) {
      this.#table = undefined;
      this.#pieces = [];
      return undefined;
    }
    this.#pieces.push(piece);
    this.#length += piece.length;
    if ((octets[4]! & types.END_HEADERS) !== 0) this.#onBlock(table);
    return before;
  }

  #onBlock(table: FollowedTable): void {
    const changes = representationsIn(joined(this.#pieces), true);
    this.#pieces = [];
    this.#length = 0;
    const isFollowed = changes?.every((change) => table.apply(change) !== undefined);
    if (isFollowed !== true) this.#table = undefined;
  }
}

/** The fragment of a block in a frame, without padding and priority (RFC 9113 §6.2). @returns `undefined` if it is not whole. */
export function blockPiece({ type, octets, omitted }: Frame): Uint8Array | undefined {
  if (omitted > 0) return undefined;
  let start = types.FRAME_HEADER_OCTETS;
  let end = octets.length;
  if (type === types.HEADERS) {
    const flags = octets[4]!;
    if ((flags & types.PADDED) !== 0) end -= octets[start++] ?? 0;
    if ((flags & types.HAS_PRIORITY) !== 0) start += 5;
  }
  return start <= end ? octets.subarray(start, end) : undefined;
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
