/** How the fuzzed applications report a request: one field, the same from every server. */

/** The name of the field. A response without it does not come from the application. */
export const UNDERSTOOD = 'x-understood';

export interface Understood {
  readonly method: string;
  readonly target: string;
  readonly fields: Iterable<readonly [name: string, value: string]>;
  readonly content: Uint8Array;
}

/** Method, target, length and digest of the content, digest of the fields; separated by spaces. */
export function describe({ method, target, fields, content }: Understood): string {
  return `${method} ${encodeURI(target)} ${content.length}:${digest(content)} ${digestOfFields(fields)}`;
}

/** Repeated fields are joined, as in the Fetch API. Cookies are omitted, because they are joined differently. */
function digestOfFields(fields: Iterable<readonly [string, string]>): string {
  const joined = new Map<string, string>();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    if (key === 'cookie' || key === 'set-cookie') continue;
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  const lines = [...joined].map(([name, value]) => `${name}:${value}`).sort();
  return digest(Buffer.from(lines.join('\n'), 'latin1'));
}

function digest(octets: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x01000193);
  return (hash >>> 0).toString(16);
}
