/** Ten thousand files, and a folder of a hundred thousand entries: nobody waits for them but those who ask. */
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ServerProcess, startServer } from '../support/server-process.ts';

const FILES = 10_000;
const ENTRIES = 100_000;
/** The machine may be busy with other tests; a stall would be of the order of what there is to do, which is seconds. */
const STALL_MS = 250;

const SITE = '../../conformance/attacks/servers/site';
const contentOf = (at: number) => `${at} `.repeat(500 + (at % 50)).slice(0, 2700);

describe('files: many', () => {
  let root: string;
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'serval-many-')));
    for (let folder = 0; folder < FILES / 100; folder++) {
      mkdirSync(join(root, `${folder}`));
      for (let file = 0; file < 100; file++) {
        const at = folder * 100 + file;
        writeFileSync(join(root, `${folder}`, `${at}.bin`), contentOf(at));
      }
    }
    mkdirSync(join(root, 'crowded'));
    for (let entry = 0; entry < ENTRIES; entry++)
      closeSync(openSync(join(root, 'crowded', `${entry}.bin`), 'w'));
  });
  after(() => rmSync(root, { recursive: true }));

  for (const memory of [64 * 1024 * 1024, 4 * 1024 * 1024]) {
    test(`${FILES} files are each what they are, with ${memory / 1024 / 1024} MiB of memory`, async () => {
      await withSite({ root, options: { memory } }, async (server, get) => {
        await server.command('longestStall');
        for (let round = 0; round < 2; round++) {
          await inParallel(FILES, async (at) => {
            const { status, text } = await get(`/${Math.floor(at / 100)}/${at}.bin`);
            assert.equal(status, 200);
            assert.equal(text, contentOf(at));
          });
        }
        const stall = await server.command<number>('longestStall');
        assert.ok(stall < STALL_MS, `${stall} ms`);
      });
    });
  }

  test(`a folder of ${ENTRIES} entries holds nobody up, neither its files nor its listing`, async () => {
    await withSite({ root, options: { listing: true } }, async (server, get) => {
      assert.equal((await get('/crowded/99999.bin')).status, 200);
      assert.equal((await get('/crowded/100000.bin')).status, 404);
      await server.command('longestStall');
      let listed = false;
      let answered = 0;
      const listing = get('/crowded/').then(({ status, text }) => {
        listed = true;
        assert.equal(status, 200);
        assert.match(text, /100,?000|99,?999/);
      });
      while (!listed) {
        assert.equal((await get('/0/1.bin')).text, contentOf(1));
        answered++;
      }
      await listing;
      assert.ok(answered > 20, `${answered} others were answered meanwhile`);
      const stall = await server.command<number>('longestStall');
      assert.ok(stall < STALL_MS, `${stall} ms`);
    });
  });
});

type Get = (path: string) => Promise<{ status: number; text: string }>;

async function withSite(
  options: object,
  use: (server: ServerProcess, get: Get) => Promise<void>,
): Promise<void> {
  const server = await startServer(SITE, options);
  const agent = new Agent({ keepAlive: true });
  const get: Get = (path) =>
    new Promise((resolve, reject) => {
      const outgoing = request({ agent, host: '127.0.0.1', port: server.port, path }, (response) => {
        let text = '';
        response.setEncoding('latin1').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      });
      outgoing.on('error', reject).end();
    });
  try {
    await use(server, get);
  } finally {
    agent.destroy();
    await server.stop();
  }
}

async function inParallel(count: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
