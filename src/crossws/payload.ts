/** What `peer.send` and `publish` take, as a WebSocket sends it: crossws sends plain objects as JSON. */

export type Payload = string | Uint8Array | ArrayBuffer;

export function asPayload(data: unknown): Payload {
  if (typeof data === 'string') return data;
  if (data === undefined || data === null) return '';
  if (data instanceof Uint8Array || data instanceof ArrayBuffer) return data;
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength) as Uint8Array;
  if (typeof data === 'object') return JSON.stringify(data);
  return String(data);
}
