/**
 * A client that goes, by FIN or by RST, after every octet of what it sends and after every octet of what it is sent. It
 * costs the server that connection and nothing else: the handler hears why, nothing is left open, nothing is kept.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RawConnection, sleep } from '../support/raw-client.ts';
import { RUNTIME_NAME, type ServerProcess, startServer } from '../support/server-process.ts';
import type { ConnectionRecord } from '../support/servers/routes.ts';
import { until } from '../support/until.ts';
import type { Memory } from './servers/watched.ts';

const AT_ONCE = 24;
const KIB = 1024;

let server: ServerProcess;

interface Message {
  readonly raw: string;
  /** Octets of the head; from there on the handler has the request. */
  readonly head: number;
}

const of = (raw: string): Message => ({ raw, head: raw.indexOf('\r\n\r\n') + 4 });

const MESSAGES: Record<string, Message> = {
  GET: of('GET /?query HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n'),
  'a chunked POST': of(
    'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' +
      '5;name="value"\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n',
  ),
  'a POST of a length': of('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world'),
};

const RESPONSES: Record<string, string> = {
  'of a length': 'GET /fixed?size=40 HTTP/1.1\r\nHost: a\r\n\r\n',
  'of chunks': 'GET /stream?n=4&size=10 HTTP/1.1\r\nHost: a\r\n\r\n',
  'that never ends': 'GET /stream?n=100000&size=65536 HTTP/1.1\r\nHost: a\r\n\r\n',
  'that refuses': 'GET / HTTP/1.1\r\n\r\n',
};

type Way = 'FIN' | 'RST';

/** Runs `use` for 0 to `most`, a bounded number at once. */
async function forEach(most: number, use: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next <= most) await use(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function leave(connection: RawConnection, way: Way): void {
  if (way === 'FIN') connection.finish();
  else connection.reset();
}

/** What the handler's side of a connection saw, as soon as it is enough. */
async function recordOf(
  connection: RawConnection,
  isEnough: (record: ConnectionRecord) => boolean,
  of = server,
): Promise<ConnectionRecord> {
  let record: ConnectionRecord | undefined;
  await until('the handler has seen enough', async () => {
    record = await of.command<ConnectionRecord>('peek', connection.localPort);
    return isEnough(record);
  });
  return record!;
}

const outcomes = (count: number) => (record: ConnectionRecord) => record.outcomes.length >= count;

/** The server is alive, serves, has no connection left but this one, and has written nothing to stderr. */
async function assertHealthy(): Promise<void> {
  await until('no connection is left', async () => (await server.command<number>('connections')) === 0);
  const connection = await RawConnection.connect(server);
  await connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.equal((await connection.receiveResponses(['GET']))[0]?.text, 'hello');
  connection.close();
  assert.equal(server.stderr(), '');
}

describe('a client that goes', { skip: RUNTIME_NAME !== 'node' }, () => {
  before(async () => {
    server = await startServer('../../faults/servers/watched');
  });
  after(() => server.stop());

  for (const [name, { raw, head }] of Object.entries(MESSAGES)) {
    test(`RFC 9112 §8: by FIN after any octet of ${name}: nothing short of all of it is a success`, async () => {
      await forEach(raw.length, async (length) => {
        const connection = await RawConnection.connect(server);
        await connection.send(raw.slice(0, length));
        connection.finish();
        const { end, text } = await connection.receiveAll();
        assert.equal(end, 'fin', connection.transcript());
        const isComplete = length === raw.length;
        // Nobody is owed an answer to less than a head.
        const expected = isComplete ? /^HTTP\/1\.1 200 / : length < head ? /^$/ : /^HTTP\/1\.1 400 /;
        assert.match(text, expected, `after ${length} octets\n${connection.transcript()}`);
        const hasContent = head < raw.length;
        const enough = outcomes(length >= head && hasContent ? 1 : 0);
        const { handled, outcomes: seen } = await recordOf(connection, enough);
        assert.equal(handled.length, length < head ? 0 : 1);
        if (length < head || !hasContent) assert.deepEqual(seen, []);
        else if (isComplete) assert.deepEqual(seen, ['read 11']);
        else assert.deepEqual(seen, ['failed ERR_HTTP_CONNECTION_RESET'], `after ${length} octets`);
      });
      await assertHealthy();
    });

    for (const heard of [true, false]) {
      const when = heard ? 'when the server has heard them' : 'at once';
      test(`RFC 9112 §8: by RST after any octet of ${name}, ${when}: the handler hears of the reset, or of all`, async () => {
        await forEach(raw.length, async (length) => {
          const connection = await RawConnection.connect(server);
          await connection.send(raw.slice(0, length));
          const isRead = head < raw.length && length >= head;
          if (heard) await recordOf(connection, ({ handled }) => handled.length === Number(length >= head));
          connection.reset();
          const enough = outcomes(heard && isRead ? 1 : 0);
          const { handled, outcomes: seen } = await recordOf(connection, enough);
          if (length < head) assert.deepEqual([handled, seen], [[], []]);
          for (const outcome of seen) {
            const expected = length === raw.length ? 'read 11' : 'failed ERR_HTTP_CONNECTION_RESET';
            assert.equal(outcome, expected, `after ${length} octets`);
          }
          if (heard && isRead) assert.equal(seen.length, 1, `after ${length} octets`);
        });
        await assertHealthy();
      });
    }
  }

  for (const [name, raw] of Object.entries(RESPONSES)) {
    for (const way of ['RST', 'FIN'] as const) {
      // Who has sent FIN still gets the whole answer: of one without end there is nothing to wait for.
      if (way === 'FIN' && name === 'that never ends') continue;
      test(`RFC 9112 §9.6: by ${way} after any octet read of a response ${name}`, async () => {
        const whole = await answerTo(raw);
        await forEach(whole, async (length) => {
          const connection = await RawConnection.connect(server);
          await connection.send(raw);
          while (connection.receivedOctets < length && connection.ended === null) await sleep(0);
          leave(connection, way);
          if (way === 'FIN') {
            const { end, octets } = await connection.receiveAll();
            assert.equal(end, 'fin', connection.transcript());
            assert.equal(octets.length, whole, connection.transcript());
          } else if (name === 'that never ends' && length > 0) {
            const { outcomes: seen } = await recordOf(connection, outcomes(1));
            assert.deepEqual(seen, ['cancelled ERR_HTTP_CONNECTION_RESET']);
          }
        });
        await assertHealthy();
      });
    }
  }

  test('nothing is kept of two thousand clients that went', async () => {
    const inUse = async () => {
      const { buffers, heap } = await server.command<Memory>('memory');
      return buffers + heap;
    };
    const { raw } = MESSAGES['a chunked POST']!;
    const round = () =>
      forEach(999, async (index) => {
        const connection = await RawConnection.connect(server);
        await connection.send(raw.slice(0, index % raw.length));
        leave(connection, index % 2 === 0 ? 'RST' : 'FIN');
        if (index % 2 === 1) await connection.receiveAll();
        // The fixture's own record of the connection.
        await server.command('connection', connection.localPort);
      });
    await round();
    await assertHealthy();
    const first = await inUse();
    await round();
    await assertHealthy();
    const grown = (await inUse()) - first;
    assert.ok(grown < 512 * KIB, `${Math.round(grown / KIB)} KiB more are in use`);
  });

  test('RFC 9112 §9.6: by RST while it has sent more than anybody waits for: the handler hears of it all the same', async () => {
    const other = await startServer('../../faults/servers/watched');
    try {
      const connection = await RawConnection.connect(other);
      await connection.send('GET /never HTTP/1.1\r\nHost: a\r\n\r\n');
      await connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20_000));
      await recordOf(connection, ({ handled }) => handled.length === 1, other);
      await sleep(100);
      connection.reset();
      const { outcomes: seen } = await recordOf(connection, outcomes(1), other);
      assert.deepEqual(seen, ['aborted ERR_HTTP_CONNECTION_RESET']);
      await until('it is gone', async () => (await other.command('connections')) === 0);
    } finally {
      await other.stop();
    }
  });
});

/** Octets of the whole response; where it never ends, enough of it to be sure. */
async function answerTo(raw: string): Promise<number> {
  const connection = await RawConnection.connect(server);
  await connection.send(raw);
  const end = raw.includes('n=100000') ? 300 : 0;
  if (end > 0) {
    connection.reset();
    return end;
  }
  connection.finish();
  return (await connection.receiveAll()).octets.length;
}
