/**
 * What a connection costs at most in each of its phases, which is what `docs/LIMITS.md` promises: many clients do their
 * worst at once, and the server's process tells what is in use when the garbage is gone.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Memory } from '../faults/servers/watched.ts';
import { latin1 } from '../support/each-split.ts';
import { RawConnection, sleep } from '../support/raw-client.ts';
import { RUNTIME_NAME, type ServerProcess, startServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const KIB = 1024;
const CLIENTS = 32;
const FIRST_CLIENTS = 4;

/** Octets of objects, strings and buffers that a connection and its exchange have beside what is buffered. */
const OBJECTS = 24 * KIB;
/** What a read of the socket brings. */
const READ = 64 * KIB;
/** Where small pieces of content are put together. */
const GATHERED = 64 * KIB;
/** A paused socket reads on until its own buffer is full, and a read beyond: 16 KiB on Node 20, 64 on later ones. */
const SOCKET = 64 * KIB + READ;

interface Phase {
  readonly title: string;
  /** What each client sends; it does not read. */
  readonly raw: string;
  /** Octets that a connection may hold. */
  readonly most: number;
  readonly reads?: boolean;
  /** Each octet of the content arrives by itself. */
  readonly trickles?: boolean;
  readonly options?: object;
}

const field = `X: ${'x'.repeat(1_000)}\r\n`;
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (path: string, fields: string, content: string) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n${content}`;

const PHASES: readonly Phase[] = [
  { title: 'idle: it has nothing', raw: get('/'), reads: true, most: OBJECTS },
  {
    title: 'in a head: its 8 KiB of request-line, its 16 KiB of fields',
    raw: `GET /${'x'.repeat(8_000)} HTTP/1.1\r\nHost: a\r\n${field.repeat(16)}`,
    most: OBJECTS + 8 * KIB + 16 * KIB,
  },
  {
    title: 'a handler works: 64 KiB behind the request, a read, and the socket’s own',
    raw: `${get('/never')}${get('/').repeat(20_000)}`,
    most: OBJECTS + 64 * KIB + READ + SOCKET,
  },
  {
    title: 'content that the handler does not read: the same',
    raw: post('/never', 'Transfer-Encoding: chunked', `10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(16)),
    most: OBJECTS + 64 * KIB + READ + SOCKET,
  },
  {
    title: 'trailers: their 4 KiB',
    raw: post('/echo', 'Transfer-Encoding: chunked', `0\r\n${field.repeat(4)}`),
    most: OBJECTS + 4 * KIB + READ,
  },
  {
    title: 'content that is collected: maxRequestBodySize, whatever its chunks',
    raw: post(
      '/length',
      'Transfer-Encoding: chunked',
      '4000\r\n'.concat('x'.repeat(16_384), '\r\n').repeat(15),
    ),
    most: OBJECTS + 256 * KIB + READ + GATHERED,
    options: { limits: { maxRequestBodySize: 256 * KIB } },
  },
  {
    title: 'content that is collected from chunks of two octets: the same',
    raw: post('/length', 'Transfer-Encoding: chunked', '2\r\nxx\r\n'.repeat(16_000)),
    most: OBJECTS + 256 * KIB + READ + GATHERED,
    options: { limits: { maxRequestBodySize: 256 * KIB } },
  },
  {
    title:
      'pipelined answers that are not taken: 64 KiB of them and one, 64 KiB of requests and a read, the socket’s own',
    raw: get('/fixed?size=65536').repeat(2_000),
    most: OBJECTS + 2 * 64 * KIB + 64 * KIB + READ + SOCKET,
  },
  {
    title: 'content that is collected from chunks large and small: the same',
    raw: post(
      '/length',
      'Transfer-Encoding: chunked',
      `1000\r\n${'x'.repeat(4_096)}\r\n1\r\ny\r\n`.repeat(62),
    ),
    most: OBJECTS + 256 * KIB + READ + GATHERED,
    options: { limits: { maxRequestBodySize: 256 * KIB } },
  },
  {
    title: 'content that is collected octet by octet as it arrives: the same',
    raw: post('/length', 'Content-Length: 16384', 'x'.repeat(2_000)),
    trickles: true,
    most: OBJECTS + 16 * KIB + READ + GATHERED,
    options: { limits: { maxRequestBodySize: 16 * KIB } },
  },
  {
    title: 'a stream that is not taken: three pieces of it, and the socket’s own',
    raw: get('/stream?n=10000&size=65536'),
    most: OBJECTS + 3 * 64 * KIB + 64 * KIB,
  },
  {
    title: 'refused: nothing, however much follows',
    raw: `BAD\r\n\r\n${'x'.repeat(2 ** 20)}`,
    most: OBJECTS,
  },
];

/** Phases of the same options share a server, which one of them has at a time. */
const optionsOf = ({ options }: Phase) => JSON.stringify(options ?? {});

describe('the memory of a connection', { skip: RUNTIME_NAME !== 'node', concurrency: true }, () => {
  for (const options of new Set(PHASES.map(optionsOf))) {
    describe(`with ${options}`, { concurrency: 1 }, () => {
      let server: ServerProcess;
      before(async () => {
        server = await startServer('../../faults/servers/watched', { serve: JSON.parse(options) });
      });
      after(() => server?.stop());
      for (const phase of PHASES.filter((one) => optionsOf(one) === options)) {
        const { title, most } = phase;
        test(`${title}: ${Math.round(most / KIB)} KiB`, async () => {
          const each = await memoryOfEach(server, phase);
          assert.ok(each <= most, `${Math.round(each / KIB)} KiB each`);
        });
      }
    });
  }
});

/** @returns what is in use for each of so many clients. */
async function memoryOfEach(server: ServerProcess, { raw, reads, trickles }: Phase): Promise<number> {
  const octets = latin1(raw);
  const clients: RawConnection[] = [];
  const occupy = async (): Promise<void> => {
    const client = await RawConnection.connect(server);
    clients.push(client);
    if (reads !== true) client.pause();
    await client.send(octets, { pieces: trickles === true ? 'octets' : 'whole' });
    if (reads === true) await client.receiveResponses(['GET']);
  };
  // Whatever is made once is made for the first of them.
  await Promise.all(Array.from({ length: FIRST_CLIENTS }, occupy));
  const before = await settled(server);
  await Promise.all(Array.from({ length: CLIENTS }, occupy));
  const during = await settled(server);
  for (const client of clients) client.reset();
  await until('they are gone', async () => (await server.command<number>('connections')) === 0);
  return (during - before) / CLIENTS;
}

/** What is in use when it has stopped to grow, or after some seconds: kernels go on to move octets between each other. */
async function settled(server: ServerProcess): Promise<number> {
  let now = await inUse(server);
  for (let looks = 0; looks < 20; looks++) {
    const before = now;
    await sleep(100);
    now = await inUse(server);
    if (Math.abs(now - before) < 64 * KIB) break;
  }
  return now;
}

async function inUse(server: ServerProcess): Promise<number> {
  const { buffers, heap } = await server.command<Memory>('memory');
  return buffers + heap;
}
