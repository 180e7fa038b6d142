/**
 * An attacker who may write below the root swaps a folder for a link that leads outside, while files are read from it,
 * listed and uploaded. Whatever comes from outside, or gets there, is a leak.
 */
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { files, uploads } from '../../../src/files/index.ts';
import { serve } from '../../../src/index.ts';
import { startSwapping } from './swapper.ts';

export interface Counted {
  answers: number;
  /** Those that had what is inside: without any, the attack has shown nothing. */
  inside: number;
  leaks: number;
}

export interface Attack {
  readonly isAtomic: boolean;
  readonly reads: Counted;
  readonly listings: Counted;
  readonly uploads: Counted;
}

/** More than is held in memory. */
const LARGE = 1024 * 1024 + 1;
const CLIENTS = 8;

/** @param count how many answers to ask for, of each kind. */
export async function attack(count: number): Promise<Attack> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'serval-swaps-')));
  const [root, outside] = [join(base, 'root'), join(base, 'outside')];
  const folder = join(root, 'folder');
  for (const [path, text] of [
    [folder, 'inside '],
    [outside, 'outside'],
  ] as const) {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'small.txt'), text);
    await writeFile(join(path, 'large.txt'), Buffer.alloc(LARGE, text));
    await writeFile(join(path, `${text.trim()}.txt`), text);
  }
  await symlink(outside, join(root, 'link'));
  const handler = uploads(root, files(root, { listing: true, memory: 0 }));
  const server = serve(handler, { port: 0, hostname: '127.0.0.1' });
  const swapper = await startSwapping(base, folder, join(root, 'link'));
  try {
    await server.ready;
    const url = `http://127.0.0.1:${[...server][0]!.address.port}/folder/`;
    const reads = await each(count, async (at) => {
      const name = at % 4 === 0 ? 'large.txt' : 'small.txt';
      const response = await fetch(url + name, { headers: at % 2 === 0 ? {} : { Range: 'bytes=0-6' } });
      return { isInside: response.ok, text: await response.text() };
    });
    const listings = await each(count, async () => {
      const response = await fetch(url, { headers: { Accept: 'application/json' } });
      return { isInside: response.ok, text: await response.text() };
    });
    const stored = await each(count, async (at) => {
      const response = await fetch(`${url}up-${at}`, { method: 'PUT', body: 'x' });
      await response.text();
      return { isInside: response.status === 201, text: '' };
    });
    const landed = (await readdir(outside)).filter((name) => name.startsWith('up-'));
    stored.leaks = landed.length;
    stored.inside -= landed.length;
    return { isAtomic: swapper.isAtomic, reads, listings, uploads: stored };
  } finally {
    await swapper.stop();
    server.destroy();
    await rm(base, { recursive: true });
  }
}

async function each(
  count: number,
  ask: (at: number) => Promise<{ isInside: boolean; text: string }>,
): Promise<Counted> {
  const counted: Counted = { answers: 0, inside: 0, leaks: 0 };
  let next = 0;
  const client = async () => {
    while (next < count) {
      const { isInside, text } = await ask(next++);
      counted.answers++;
      if (text.includes('outside')) counted.leaks++;
      else if (isInside) counted.inside++;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return counted;
}
