/** Gigabytes, clients that vanish and clients that do not read, against a server in a process of its own. */
import assert from 'node:assert/strict';
import net from 'node:net';
import process from 'node:process';
import { after, before, beforeEach, describe, test } from 'node:test';
import { RawConnection, sleep } from '../support/raw-client.ts';
import { parseResponses } from '../support/response-parser.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { inOneOf, until } from '../support/until.ts';
import type { Counts } from './servers/streams.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/**
 * What the memory of the server may rise by while a gigabyte passes through. From Node 24 on, the runtime collects the buffers
 * of its own sockets later: a bare `net` server that throws away what it reads rises by 42-48 MiB on Node 20 and 22, and by
 * 86-103 on 24 and 26.
 */
const MOST_MEMORY = (Number(process.versions.node.split('.')[0]) < 24 ? 64 : 160) * MIB;
/** When a collector runs is its own business, and a busy machine puts it off; what is kept is kept each time. */
const TRIES = 3;

let server: ServerProcess;

const counts = () => server.command<Counts>('counts');

/** The most that the server's memory rose by while something went on. */
async function memoryDuring(action: () => Promise<unknown>): Promise<number> {
  const before = await server.rss();
  let most = before;
  let done = false;
  const watching = (async () => {
    while (!done) {
      most = Math.max(most, await server.rss());
      await sleep(50);
    }
  })();
  await action().finally(() => {
    done = true;
  });
  await watching;
  return most - before;
}

/** Sends so many octets and gives what was answered. */
function upload(octets: number, framing: 'length' | 'chunked'): Promise<string> {
  const data = Buffer.alloc(256 * 1024, '.');
  const piece =
    framing === 'length'
      ? data
      : Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]);
  const field = framing === 'length' ? `Content-Length: ${octets}` : 'Transfer-Encoding: chunked';
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1');
    let answer = '';
    let left = octets;
    const send = () => {
      while (left > 0) {
        left -= data.length;
        if (!socket.write(piece)) return;
      }
      if (left === 0 && framing === 'chunked') socket.write('0\r\n\r\n');
      left = -1;
    };
    socket.on('drain', send);
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer.split('\r\n\r\n')[1] ?? ''));
    socket.write(`POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${field}\r\n\r\n`);
    send();
  });
}

/** Receives and forgets; gives how many octets there were, head and framing included. */
function download(octets: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1');
    let received = 0;
    socket.on('data', (piece) => {
      received += piece.length;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(`GET /download?octets=${octets} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  });
}

describe('a gigabyte', () => {
  before(async () => {
    server = await startServer('../../integration/servers/streams');
    // Whatever is made once is made now.
    await upload(64 * MIB, 'length');
    await download(64 * MIB);
  });
  after(() => server.stop());

  for (const framing of ['length', 'chunked'] as const) {
    test(`is uploaded (${framing}) and read as a stream, in flat memory`, () =>
      inOneOf(TRIES, async () => {
        let answer = '';
        const rise = await memoryDuring(async () => {
          answer = await upload(GIB, framing);
        });
        assert.equal(answer, String(GIB));
        assert.ok(rise < MOST_MEMORY, `memory rose by ${Math.round(rise / MIB)} MiB`);
      }));
  }

  test('is downloaded from a stream, in flat memory', () =>
    inOneOf(TRIES, async () => {
      let received = 0;
      const rise = await memoryDuring(async () => {
        received = await download(GIB);
      });
      assert.ok(received > GIB, `${received} octets`);
      assert.ok(rise < MOST_MEMORY, `memory rose by ${Math.round(rise / MIB)} MiB`);
    }));
});

describe('clients that do not behave', () => {
  before(async () => {
    server = await startServer('../../integration/servers/streams');
  });
  beforeEach(() => server.command('reset'));
  after(() => server.stop());

  test('one that vanishes in a download aborts the signal and cancels the stream without a reason', async () => {
    const connection = await RawConnection.connect(server);
    await connection.send('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
    await until('it flows', async () => connection.receivedOctets > MIB);
    connection.reset();
    await until('both', async () => (await counts()).outcomes.length >= 2);
    const { outcomes } = await counts();
    assert.deepEqual([...outcomes].sort(), ['aborted ERR_HTTP_CONNECTION_RESET', 'cancelled undefined']);
  });

  test('one that vanishes in an upload rejects the read of the content with ERR_HTTP_CONNECTION_RESET', async () => {
    const connection = await RawConnection.connect(server);
    await connection.send(
      `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: ${GIB}\r\n\r\n${'.'.repeat(MIB)}`,
    );
    // Octets and a reset that arrive together look like octets and a FIN to some event loops.
    await until('all that was sent has been read', async () => (await counts()).uploaded === MIB);
    connection.reset();
    await until('an outcome', async () => (await counts()).outcomes.length > 0);
    assert.deepEqual((await counts()).outcomes, ['failed ERR_HTTP_CONNECTION_RESET']);
  });

  test('one that reads nothing of an endless stream has its source pulled a bounded number of times', async () => {
    const connection = await RawConnection.connect(server);
    connection.pause();
    await connection.send('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
    let last = -1;
    await until('it has stopped', async () => {
      const { pulls } = await counts();
      await sleep(150);
      const stopped = pulls > 0 && pulls === last;
      last = pulls;
      return stopped;
    });
    assert.ok(last < 400, `${last} pulls of 64 KiB`);
    connection.resume();
    await until('it goes on', async () => (await counts()).pulls > last + 10);
    connection.reset();
    await until('it is cancelled', async () => (await counts()).outcomes.includes('cancelled undefined'));
  });

  const pipelined = async () => {
    await server.command('reset');
    const connection = await RawConnection.connect(server);
    connection.pause();
    // With a target of a kilobyte that comes back in the answer: ten megabytes each way, more than kernels hold.
    const filler = 'x'.repeat(1_000);
    const numbers = Array.from({ length: 10_000 }, (_, i) => `${100_000 + i}${filler}`);
    const requests = numbers.map((number, i) => {
      const last = i === numbers.length - 1 ? 'Connection: close\r\n' : '';
      return `GET /number?${number} HTTP/1.1\r\nHost: a\r\n${last}\r\n`;
    });
    const rise = await memoryDuring(async () => {
      await connection.send(requests.join(''));
      let last = -1;
      await until('the server has stopped', async () => {
        const handled = (await counts()).requests;
        await sleep(150);
        const stopped = handled > 0 && handled === last;
        last = handled;
        return stopped;
      });
      assert.ok(last < 10_000, 'it does not make all the answers');
    });
    assert.ok(rise < 32 * MIB, `memory rose by ${Math.round(rise / MIB)} MiB`);
    connection.resume();
    const { octets, end } = await connection.receiveAll();
    assert.equal(end, 'fin');
    const answers = parseResponses(octets, Array(numbers.length).fill('GET'), true);
    assert.equal(answers.length, numbers.length);
    assert.ok(answers.every(({ text }, i) => text === numbers[i]));
    connection.close();
  };
  test('one that pipelines 10,000 GETs and reads nothing costs no memory, and gets all its answers in order', () =>
    inOneOf(TRIES, pipelined));
});
