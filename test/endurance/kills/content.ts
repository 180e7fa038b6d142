/** Files in which every piece names the upload that it belongs to. */

export const FILE_OCTETS = 8 * 2 ** 20;
const STAMP_EVERY = 4096;

/** The content of upload `id`: 8 MiB in which every 4 KiB begin with the id and their offset. */
export function contentOf(id: number): Buffer {
  const content = Buffer.alloc(FILE_OCTETS, 'serval ');
  for (let at = 0; at < FILE_OCTETS; at += STAMP_EVERY) {
    content.writeUInt32LE(id, at);
    content.writeUInt32LE(at, at + 4);
  }
  return content;
}

/** The upload whose content this is; `undefined` unless it is exactly the content of one upload. */
export function uploadOf(content: Buffer): number | undefined {
  if (content.length !== FILE_OCTETS) return undefined;
  const id = content.readUInt32LE(0);
  return content.equals(contentOf(id)) ? id : undefined;
}
