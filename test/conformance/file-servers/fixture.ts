/** The folder that every server is given a copy of, and what lies beside it. */
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import zlib from 'node:zlib';

/** Came to `node:zlib` in Node 22.15; Node 20's types don't know it. */
export const zstd = zlib as unknown as {
  zstdCompressSync?: (octets: Uint8Array) => Buffer;
  zstdDecompressSync?: (octets: Uint8Array) => Buffer;
};

/** Old enough for every date to be a strong validator (RFC 9110 §8.8.2.2). */
export const MODIFIED = new Date('2024-06-01T12:34:56Z');
/** For a file that a badly set clock dated. */
const FUTURE = new Date('2099-01-01T00:00:00Z');

/** What no server may give away: it lies beside the folder, and in files that begin with a dot. */
export const SECRET = 'this-must-not-leave-the-house';

export const SMALL = '/small.txt';
export const LARGE = '/large.bin';
export const EMPTY = '/empty.txt';
/** With precompressed siblings. */
export const SCRIPT = '/app.js';
/** Without them: to be coded on the fly, or not at all. */
export const SHEET = '/page.css';
/** Rewritten while it is served. */
export const CHANGING = '/changing.txt';
export const FROM_THE_FUTURE = '/future.txt';

const lines = (line: (n: number) => string, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, n) => line(n)).join('\n'));

/** Octets that can't be compressed, and no two ranges of which are alike. */
function noise(length: number): Buffer {
  const octets = Buffer.alloc(length);
  let state = 9110;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    octets[at] = state >>> 16;
  }
  return octets;
}

const script = lines((n) => `export const number${n} = ${n * n};`, 600);
const page = Buffer.from('<!doctype html><html lang="en"><title>A page</title><p>Hello, wörld');

/** Targets as they stand in a request-line, their names decoded once, and their octets. */
const CONTENT: ReadonlyMap<string, Uint8Array> = new Map<string, Uint8Array>([
  [SMALL, Buffer.from('The quick brown fox jumps over the lazy dog.\n')],
  [LARGE, noise(100_000)],
  [EMPTY, Buffer.alloc(0)],
  [SCRIPT, script],
  [SHEET, lines((n) => `.column-${n} { width: ${n}px; margin: 0 auto }`, 600)],
  [CHANGING, Buffer.from('first\n')],
  [FROM_THE_FUTURE, Buffer.from('Back to it.\n')],
  ['/index.html', page],
  ['/folder/index.html', page],
  ['/%C3%A9t%C3%A9%20(2024)/index.html', page],
  ['/bare/inside.txt', Buffer.from('Nothing but a file.\n')],
  ['/name%20with%20spaces.txt', Buffer.from('Spaces.\n')],
  ['/caf%C3%A9.txt', Buffer.from('Café.\n')],
  ['/100%25.txt', Buffer.from('All of it.\n')],
  ['/%2541.txt', Buffer.from('Decoded once.\n')],
  ['/a+b.txt', Buffer.from('Plus.\n')],
  ["/it's;v=1,2&x=y@z.txt", Buffer.from('Delimiters.\n')],
  ['/no-extension', Buffer.from([0, 1, 2, 3, 254, 255])],
  ['/data.json', Buffer.from('{"a":1}')],
  ['/module.mjs', Buffer.from('export {};\n')],
  ['/image.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['/code.wasm', Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
  ['/font.woff2', Buffer.from('wOF2 not really')],
  ['/image.avif', Buffer.from('not really')],
  ['/unknown.xyzzy', Buffer.from('<html>not really</html>')],
  ['/.well-known/security.txt', Buffer.from('Contact: mailto:security@example.com\n')],
  ['/.env', Buffer.from(`PASSWORD=${SECRET}\n`)],
  ['/.git/config', Buffer.from(`[url "https://${SECRET}@example.com/"]\n`)],
]);

/** @throws for what is not in the folder. */
export function octetsOf(target: string): Uint8Array {
  const octets = CONTENT.get(target);
  if (octets === undefined) throw new Error(`${target} is not in the folder`);
  return octets;
}

/**
 * Makes the folder anew.
 *
 * @param root below which there is nothing yet; its parent gets a `secret.txt`.
 */
export async function writeFixture(root: string): Promise<void> {
  for (const [target, octets] of CONTENT) {
    await place(
      join(root, decodeURIComponent(target)),
      octets,
      target === FROM_THE_FUTURE ? FUTURE : MODIFIED,
    );
  }
  const siblings: [extension: string, octets: Buffer | undefined][] = [
    ['.gz', zlib.gzipSync(script)],
    ['.br', zlib.brotliCompressSync(script)],
    ['.zst', zstd.zstdCompressSync?.(script)],
  ];
  for (const [extension, octets] of siblings) {
    if (octets !== undefined) await place(join(root, `${SCRIPT}${extension}`), octets, MODIFIED);
  }
  await place(join(root, '..', 'secret.txt'), Buffer.from(SECRET), MODIFIED);
}

async function place(path: string, octets: Uint8Array, modified: Date): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, octets);
  await utimes(path, modified, modified);
}
