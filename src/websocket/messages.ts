/** What `send` takes, as it is sent: text, octets, or a Blob. */
import { Buffer } from 'node:buffer';

export type Message = string | Uint8Array | Blob;

export function asMessage(data: unknown): Message {
  if (typeof data === 'string') return data;
  if (data instanceof Blob) return data;
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return Buffer.from(data);
  // Anything else is converted to a string, as Web IDL does.
  return String(data);
}

export function sizeOf(message: Message): number {
  if (typeof message === 'string') return Buffer.byteLength(message);
  return message instanceof Uint8Array ? message.byteLength : message.size;
}
