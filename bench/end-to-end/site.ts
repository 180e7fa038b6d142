/** The served files, written for each run: fixed sizes, fixed content. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export interface Site {
  /** The folder that the file servers serve. */
  readonly folder: string;
  /** A folder for configuration, requests and the servers' own files. */
  readonly scratch: string;
  /** The compiled C server. */
  readonly floor: string;
  /** Files that `makeCertificate` writes, for cases over TLS. */
  readonly certificate: { readonly cert: string; readonly key: string };
  readonly small: Buffer;
  readonly large: Buffer;
  /** Words that repeat about as often as in a page. */
  readonly text: string;
}

const SMALL_OCTETS = 2_700;
const LARGE_OCTETS = 10 * 1024 * 1024;
const TEXT_OCTETS = 50_000;

/** The files are an image and a film, which no server compresses, so all servers do the same work. */
export function makeSite(): Site {
  const scratch = mkdtempSync(join(tmpdir(), 'serval-bench-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  // When the bench runs as root, nginx's worker runs as another user.
  chmodSync(scratch, 0o755);
  const folder = join(scratch, 'site');
  mkdirSync(folder);
  const small = noise(SMALL_OCTETS);
  const large = noise(LARGE_OCTETS);
  const text = prose(TEXT_OCTETS);
  writeFileSync(join(folder, 'small.png'), small);
  writeFileSync(join(folder, 'large.mp4'), large);
  writeFileSync(join(folder, 'text.txt'), text);
  // h2o has no directive that answers with a fixed text.
  writeFileSync(join(folder, 'index.txt'), 'Hello, world!');
  const certificate = { cert: join(scratch, 'cert.pem'), key: join(scratch, 'key.pem') };
  return { folder, scratch, floor: join(scratch, 'floor'), certificate, small, large, text };
}

/** Pseudo-random bytes, the same each time. */
function noise(length: number): Buffer {
  const octets = Buffer.alloc(length);
  const next = generator();
  for (let i = 0; i < length; i++) octets[i] = next() & 0xff;
  return octets;
}

function prose(length: number): string {
  const next = generator();
  const words = Array.from({ length: 600 }, () => (next() & 0xfffff).toString(36));
  let text = '';
  while (text.length < length) text += `${words[next() % words.length]}${next() % 9 === 0 ? '.\n' : ' '}`;
  return text.slice(0, length);
}

/** A linear congruential generator of 24 bits (the constants of Numerical Recipes). */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
