/** Many clients request large files that must be compressed, and leave; then one client requests a small page. */
import { linkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { files } from '../../../src/files/index.ts';
import { serve } from '../../../src/index.ts';

export interface Rush {
  /** How long the small page took, in milliseconds, and its content coding. */
  readonly waited: number;
  readonly coding: string | null;
  /** How long a client that stays waited for a large file, and its size. */
  readonly large: { readonly waited: number; readonly octets: number };
}

const LARGE_OCTETS = 6 * 1024 * 1024;

/** @param clients how many clients leave; each requests a different file. */
export async function rush(clients: number): Promise<Rush> {
  const root = await mkdtemp(join(tmpdir(), 'serval-rush-'));
  const server = serve(files(root), { port: 0, hostname: '127.0.0.1' });
  try {
    const first = join(root, '0.txt');
    writeFileSync(
      first,
      Array.from({ length: LARGE_OCTETS / 16 }, (_, at) => `${at}`.padEnd(16, 'a b')).join(''),
    );
    for (let at = 1; at <= clients; at++) linkSync(first, join(root, `${at}.txt`));
    writeFileSync(join(root, 'page.html'), `<p>${'small page '.repeat(300)}`);
    await sleep(100);
    await server.ready;
    const { port } = [...server][0]!.address;
    for (let at = 1; at <= clients; at++) await askAndLeave(port, `/${at}.txt`);
    const url = `http://127.0.0.1:${port}`;
    const [page, large] = await Promise.all([
      timed(`${url}/page.html`, 'gzip'),
      timed(`${url}/0.txt`, 'gzip'),
    ]);
    return { waited: page.waited, coding: page.coding, large };
  } finally {
    server.destroy();
    await rm(root, { recursive: true });
  }
}

async function askAndLeave(port: number, path: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await new Promise<void>((resolve) => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n`, () => resolve());
  });
  setTimeout(() => socket.resetAndDestroy(), 20);
}

async function timed(url: string, coding: string) {
  const began = performance.now();
  const response = await fetch(url, { headers: { 'Accept-Encoding': coding } });
  const { length: octets } = await response.text();
  return { waited: performance.now() - began, coding: response.headers.get('content-encoding'), octets };
}
