/** Ten thousand files, and a folder of a hundred thousand entries: nobody waits for them but those who ask. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Stall } from '../conformance/attacks/servers/site.ts';
import { asked, CheckingClient } from '../support/checking-client.ts';
import { RawConnection } from '../support/raw-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { crowdedFolder, madeOnce } from './made-once.ts';

const FILES = 10_000;
const ENTRIES = 100_000;
const MIB = 2 ** 20;

const SITE = '../../conformance/attacks/servers/site';
const pathOf = (at: number) => `${Math.floor(at / 100)}/${at}.bin`;
const contentOf = (at: number) => Buffer.from(`${at} `.repeat(500 + (at % 50)).slice(0, 2700));

describe('files: many', () => {
  const crowded = crowdedFolder(ENTRIES);
  const root = madeOnce(`files-${FILES}`, (folder) => {
    for (let at = 0; at < FILES / 100; at++) mkdirSync(join(folder, `${at}`));
    for (let at = 0; at < FILES; at++) writeFileSync(join(folder, pathOf(at)), contentOf(at));
  });

  for (const [count, memory, what] of [
    [FILES, 64 * MIB, 'which is enough for all'],
    [2_000, 1 * MIB, 'which is not enough for half of them'],
  ] as const) {
    test(`${count} files are each what they are, with ${memory / MIB} MiB of memory, ${what}`, () =>
      withSite({ root, options: { memory } }, async (server) => {
        await server.command('longestStall');
        // Some for a second time.
        const requests = count + 2_000;
        const client = new CheckingClient({
          ...{ port: server.port, keptLanes: 16, singleLanes: 0, patience: 60_000 },
          request: (number) => asked('GET', `/${pathOf(number % count)}`, contentOf(number % count)),
        });
        await until('all were asked for', () => client.begun >= requests, 300_000);
        const report = await client.stop();
        assert.deepEqual([...report.failures], []);
        assert.ok(report.requests >= requests, `${report.requests} answers`);
        await assertNoStall(server);
      }));
  }

  test(`a folder of ${ENTRIES} entries holds nobody up, neither its files nor its listing`, () =>
    withSite({ root: crowded, options: { listing: true } }, async (server) => {
      assert.match(await get(server, '/f99999'), /^HTTP\/1\.1 200 /);
      assert.match(await get(server, '/f100001'), /^HTTP\/1\.1 404 /);
      await server.command('longestStall');
      let listed = false;
      let answered = 0;
      const listing = get(server, '/').then((text) => {
        listed = true;
        assert.match(text, /^HTTP\/1\.1 200 [\s\S]*100,000 files/);
      });
      while (!listed) {
        assert.match(await get(server, '/f1'), /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/);
        answered++;
      }
      await listing;
      assert.ok(answered > 20, `${answered} others were answered meanwhile`);
      await assertNoStall(server);
    }));
});

/** Of the work that there was, no more than a quarter was done in one go. */
async function assertNoStall(server: ServerProcess): Promise<void> {
  const { longest, work } = await server.command<Stall>('longestStall');
  assert.ok(longest < work / 4, `${longest} ms in one go, of ${work} ms`);
}

async function withSite(options: object, use: (server: ServerProcess) => Promise<void>): Promise<void> {
  const server = await startServer(SITE, options);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

async function get(server: ServerProcess, path: string): Promise<string> {
  const connection = await RawConnection.connect(server);
  await connection.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  const { text } = await connection.receiveAll(120_000);
  connection.close();
  return text;
}
