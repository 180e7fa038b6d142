/**
 * Files that change while they are sent. Their length has been promised by then: either all of it arrives, or the connection
 * ends, so that the client can tell. Nobody's answer is ever mistaken for the end of another's.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { appendFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { RawConnection } from '../support/raw-client.ts';
import { IncompleteResponse, parseResponses } from '../support/response-parser.ts';
import { startServer } from '../support/server-process.ts';
import { PATIENCE } from '../support/until.ts';

/** More than the socket buffers of both sides hold. */
const LENGTH = 24 * 1024 * 1024;
const CONTENT = Buffer.alloc(LENGTH, '0123456789abcdef');

const root = realpathSync(mkdtempSync(join(tmpdir(), 'serval-changing-')));
const server = await startServer('../../conformance/attacks/servers/site', { root });
after(async () => {
  await server.stop();
  rmSync(root, { recursive: true });
});

const FILE = join(root, 'large.bin');

/** Begins a download, has something done to the file in the middle of it, and reads on. */
async function whileSending(change: () => Promise<unknown>, ...fields: string[]) {
  await writeFile(FILE, CONTENT);
  await utimes(FILE, 1, 784_111_777.5);
  await new Promise((resolve) => setTimeout(resolve, 110));
  const connection = await RawConnection.connect(server);
  try {
    await connection.send(['GET /large.bin HTTP/1.1', 'Host: a', ...fields, '\r\n'].join('\r\n'));
    await connection.receiveText('\r\n\r\n');
    connection.pause();
    assert.ok(connection.receivedOctets < LENGTH / 2, 'the server waits for the client');
    await change();
    connection.resume();
    // What follows on the same connection shows whether the lengths were right.
    await connection.send('GET /after HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const { octets, end } = await connection.receiveAll();
    assert.notEqual(end, 'timeout');
    return { octets: Buffer.from(octets), end };
  } finally {
    connection.close();
  }
}

function answers(octets: Uint8Array) {
  const [first, second, ...more] = parseResponses(octets, ['GET', 'GET'], true);
  assert.deepEqual([second?.status, more.length], [404, 0], 'the next answer stands where it should');
  return first!;
}

describe('files that change while they are sent', () => {
  test('one that grows is sent as long as it was', async () => {
    const { octets } = await whileSending(() => appendFile(FILE, 'MORE'.repeat(1_000_000)));
    assert.ok(Buffer.from(answers(octets).content).equals(CONTENT));
  });

  test('RFC 9112 §8: one that shrinks ends the connection, short of what was promised', async () => {
    for (const fields of [[], ['Range: bytes=1000-']]) {
      const { octets } = await whileSending(() => truncate(FILE, LENGTH / 2), ...fields);
      assert.throws(() => answers(octets), IncompleteResponse);
      assert.ok(octets.length < LENGTH);
      assert.ok(!octets.includes('HTTP/1.1 404'), 'nothing comes behind it');
    }
  });

  test('one that becomes empty, too', async () => {
    const { octets } = await whileSending(() => truncate(FILE, 0), 'Range: bytes=5-9,1000000-');
    assert.throws(() => answers(octets), IncompleteResponse);
  });

  test('one that is deleted is sent to its end', async () => {
    const { octets } = await whileSending(() => rm(FILE));
    assert.ok(Buffer.from(answers(octets).content).equals(CONTENT));
  });

  test('one that is replaced is sent to its end, and the next who asks gets the other', async () => {
    const { octets } = await whileSending(async () => {
      await writeFile(join(root, 'new'), 'new');
      await rename(join(root, 'new'), FILE);
    });
    assert.ok(Buffer.from(answers(octets).content).equals(CONTENT));
    const connection = await RawConnection.connect(server);
    await connection.send('GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\n');
    const [answer] = await connection.receiveResponses(['GET']);
    assert.equal(answer?.text, 'new');
    connection.close();
  });

  test('one that is replaced again and again: no answer mixes two of them', async () => {
    for (const size of [4000, 1_300_000]) {
      const file = join(root, 'replaced.txt');
      const put = async (round: number) => {
        await writeFile(`${file}.new`, 'abcdef'[round % 6]!.repeat(size + round));
        await rename(`${file}.new`, file);
      };
      await put(0);
      let reading = true;
      const writer = (async () => {
        for (let round = 1; reading; round++) await put(round);
      })();
      const seen = new Set<string>();
      const deadline = performance.now() + PATIENCE;
      try {
        for (let answers = 0; answers < 100 || seen.size <= 5; answers++) {
          assert.ok(performance.now() < deadline, `${seen.size} different answers`);
          const connection = await RawConnection.connect(server);
          await connection.send('GET /replaced.txt HTTP/1.1\r\nHost: a\r\n\r\n');
          const [answer] = await connection.receiveResponses(['GET']);
          connection.close();
          assert.ok(answer?.status === 200 || answer?.status === 503, `${answer?.status}`);
          if (answer.status !== 200) continue;
          const letter = answer.text[0]!;
          assert.equal(answer.text, letter.repeat(answer.text.length));
          seen.add(answer.text.length + letter);
        }
      } finally {
        reading = false;
        await writer;
      }
    }
  });

  for (const [kind, sizes] of [
    ['small', [10, 3000, 20_000]],
    ['large', [1_100_000, 1_500_000, 3_000_000]],
  ] as const) {
    test(`a ${kind} file that is written over again and again: every answer is whole, or cut off and the last`, async () => {
      const file = join(root, `${kind}.txt`);
      await writeFile(file, 'x'.repeat(sizes[0]));
      let writing = true;
      const writer = (async () => {
        for (let round = 0; writing; round++) {
          const size = sizes[round % sizes.length]!;
          const letter = 'abcdef'[round % 6]!;
          if (round % 2 === 0) await writeFile(file, letter.repeat(size));
          else {
            await writeFile(`${file}.new`, letter.repeat(size));
            await rename(`${file}.new`, file);
          }
        }
      })();
      let whole = 0;
      let cut = 0;
      const deadline = performance.now() + PATIENCE;
      const reader = async (fields: string) => {
        while (whole + cut < 90 || whole <= 10) {
          assert.ok(performance.now() < deadline, `${whole} whole, ${cut} cut off`);
          const connection = await RawConnection.connect(server);
          const request = `GET /${kind}.txt HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
          await connection.send(
            `${request}${request}GET /after HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
          );
          const { octets, end } = await connection.receiveAll();
          connection.close();
          assert.notEqual(end, 'timeout');
          try {
            const parsed = parseResponses(octets, ['GET', 'GET', 'GET'], true);
            // Cut off before anything of the next answer had left.
            if (parsed.length < 3) throw new IncompleteResponse(`${parsed.length} answers`);
            for (const { status } of parsed.slice(0, 2))
              assert.ok([200, 206, 503].includes(status), String(status));
            assert.equal(parsed[2]?.status, 404);
            whole++;
          } catch (error) {
            if (!(error instanceof IncompleteResponse)) throw error;
            cut++;
          }
        }
      };
      const readers = ['', 'Accept-Encoding: br\r\n', 'Range: bytes=5-\r\n'].map(reader);
      await Promise.all(readers).finally(() => {
        writing = false;
      });
      await writer;
    });
  }
});
