/** Frames as the server sends them, whole and unmasked (RFC 6455 §5.2). */
import { Buffer } from 'node:buffer';
import { loadCodec } from './codec.ts';

const TEXT = 1;
const BINARY = 2;

/** @returns the octets of the frame. */
export function frameOf(message: string | Uint8Array): Uint8Array {
  const isText = typeof message === 'string';
  const shape = { fin: true, rsv1: false, mask: false, readOnly: true } as const;
  const pieces = loadCodec().Sender.frame(Buffer.from(message as string), {
    ...shape,
    opcode: isText ? TEXT : BINARY,
  });
  return Buffer.concat(pieces);
}

/** @returns the message of a frame that `frameOf` has made. */
export function messageIn(frame: Uint8Array): string | Uint8Array {
  const length = frame[1]!;
  const payload = frame.subarray(length === 127 ? 10 : length === 126 ? 4 : 2);
  return (frame[0]! & 0xf) === TEXT ? Buffer.from(payload).toString() : payload;
}
