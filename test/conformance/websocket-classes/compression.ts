/** The client's side of permessage-deflate (RFC 7692 §7.2). */
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

/** The bit of a compressed message (RFC 7692 §6). */
export const RSV1 = 4;
const EMPTY_BLOCK = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export const deflated = (content: string | Uint8Array, windowBits = 15): Buffer =>
  deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH, windowBits }).subarray(0, -4);

/** @throws {Error} if the sender has used a larger window. */
export const inflated = (payload: Uint8Array, windowBits = 15): Buffer =>
  inflateRawSync(Buffer.concat([payload, EMPTY_BLOCK]), { finishFlush: constants.Z_SYNC_FLUSH, windowBits });
