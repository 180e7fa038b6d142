/** What Wireshark makes of the capture file. It is asked through tshark, the same program for terminals. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { Response, serve } from '../../../src/index.ts';
import {
  enhancedPacket,
  interfaceDescription,
  type Packet,
  sectionHeader,
} from '../../../src/inspector/export/pcapng/blocks.ts';
import { Conversation } from '../../../src/inspector/export/pcapng/conversation.ts';
import { inspector } from '../../../src/inspector/index.ts';
import { certificateAuthority } from '../../support/certificates.ts';
import { findProgram } from '../../support/find-program.ts';
import { until } from '../../support/until.ts';
import { readBlocks } from './capture-reader.ts';
import { SECRET, trafficOf } from './traffic.ts';

const TSHARK = findProgram('tshark');
const skip = TSHARK === undefined && 'tshark is not installed';
const SUMS = ['-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE'];
/** As tshark writes them. */
const GOOD = '1';
const ERROR = '8388608';
const STARS = '*'.repeat(SECRET.length);
const run = promisify(execFile);

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'serval-capture-'));
});
after(() => rmSync(folder, { recursive: true }));

const NAMES = {
  ...{ method: 'http.request.method', uri: 'http.request.uri', status: 'http.response.code' },
  ...{ stream: 'http2.streamid', method2: 'http2.headers.method', path2: 'http2.headers.path' },
  ...{ status2: 'http2.headers.status', malformed: '_ws.malformed', ipSum: 'ip.checksum.status' },
  ...{ sum: 'tcp.checksum.status', again: 'tcp.analysis.retransmission', severity: '_ws.expert.severity' },
  ...{ length: 'frame.len', captured: 'frame.cap_len', comment: 'frame.comment' },
};
type Row = Readonly<Record<keyof typeof NAMES, string>>;

/** A row for each packet. All is asked at once, because tshark takes a second to start. */
async function rowsOf(file: Buffer): Promise<Row[]> {
  const path = join(folder, 'capture.pcapng');
  writeFileSync(path, file);
  const names = Object.values(NAMES).flatMap((name) => ['-e', name]);
  const words = ['-r', path, ...SUMS, '-T', 'fields', '-E', 'separator=/t', ...names];
  const { stdout } = await run(TSHARK!, words, { maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const values = line.split('\t');
      return Object.fromEntries(
        Object.keys(NAMES).map((name, i) => [name, values[i] ?? '']),
      ) as unknown as Row;
    });
}

/** The values of some columns, in the rows that have the first of them. */
const columns = (rows: readonly Row[], ...names: (keyof Row)[]): string[] =>
  rows.filter((row) => row[names[0]!] !== '').map((row) => names.map((name) => row[name]).join(' '));

for (const secure of [false, true]) {
  describe(`tshark, shown a capture file of exchanges ${secure ? 'over TLS' : 'without TLS'}`, {
    skip,
  }, () => {
    let rows: Row[];
    before(async () => {
      await using traffic = await trafficOf({}, secure);
      rows = await rowsOf((await traffic.download('export.pcapng')).octets);
    });

    it('names each request and each response of HTTP/1', () => {
      assert.deepEqual(columns(rows, 'method', 'uri').toSorted(), [
        'GET /after',
        'GET /big',
        'GET /binary',
        'GET /endless',
        `GET /first?token=${STARS}&page=2`,
        'GET /gzip',
        'GET /moved',
        'GET /smuggled',
        'POST /second',
        'PUT /chunked',
      ]);
      // The one that its client left was never complete.
      const statuses = ['200', '200', '200', '200', '200', '200', '200', '303', '400'];
      assert.deepEqual(columns(rows, 'status').toSorted(), statuses);
    });

    it('names each stream of HTTP/2, with its fields', () => {
      const requests = columns(rows, 'method2', 'path2', 'stream');
      assert.deepEqual(requests.map((request) => request.replace(/ \d+$/, '')).toSorted(), [
        'GET /big',
        'GET /gzip',
        'GET /h2/1',
        `GET /h2/2?token=${STARS}`,
        'POST /h2/post',
      ]);
      const streams = requests.map((request) => request.split(' ').at(-1));
      assert.deepEqual(streams, ['1', '3', '5', '7', '9']);
      const answers = columns(rows, 'status2', 'stream').toSorted();
      assert.deepEqual(answers, ['200 1', '200 3', '200 5', '200 7', '200 9']);
      assert.ok(columns(rows, 'stream').includes('0'), 'frames of the connection');
    });

    it('finds nothing malformed and no wrong checksum', () => {
      for (const row of rows) {
        assert.deepEqual([row.malformed, row.again], ['', '']);
        assert.ok(!row.severity.split(',').includes(ERROR), JSON.stringify(row));
        assert.equal(row.ipSum, GOOD);
        // What is cut short can't be checked.
        assert.equal(row.sum === GOOD, row.length === row.captured, JSON.stringify(row));
      }
      assert.ok(rows.filter(({ sum }) => sum !== GOOD).length > 10);
    });

    it('shows the comments, and secrets nowhere', () => {
      const comments = columns(rows, 'comment');
      assert.ok(comments.some((comment) => /^Connection #1\./.test(comment)));
      assert.ok(comments.some((comment) => /were kept/.test(comment)));
      assert.ok(!JSON.stringify(rows).includes(SECRET));
    });
  });
}

/** Passes octets on to a server, and keeps them as a program that captures packets would. */
async function capturingProxy(to: number): Promise<{ port: number; packets: Packet[]; close(): void }> {
  const packets: Packet[] = [];
  const sockets: Socket[] = [];
  const address = Uint8Array.of(127, 0, 0, 1);
  const proxy = createServer((client) => {
    const server = connect(to, '127.0.0.1');
    const conversation = new Conversation({ address, port: client.remotePort! }, { address, port: 443 });
    packets.push(...conversation.open(Date.now() * 1_000, undefined));
    const sent = { client: 0, server: 0 };
    for (const [side, from, other] of [
      ['client', client, server],
      ['server', server, client],
    ] as const) {
      sockets.push(from);
      from.on('error', () => {});
      from.on('data', (octets: Buffer) => {
        const place = { time: Date.now() * 1_000, offset: sent[side], length: octets.length };
        packets.push(...conversation.pass(side, { ...place, octets: Buffer.from(octets), missing: 0 }));
        sent[side] += octets.length;
        other.write(octets);
      });
      from.on('end', () => other.end());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as { port: number };
  return {
    port,
    packets,
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}

describe('tshark, shown a capture of TLS together with the keys of the inspector', { skip }, () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`decrypts it: ${version}`, async () => {
      const authority = certificateAuthority();
      const { cert, key } = authority.issue(['localhost']);
      const server = serve(() => new Response('decrypted'), {
        port: 0,
        hostname: '127.0.0.1',
        tls: { cert, key },
      });
      await server.ready;
      await using inspected = await inspector(server, { secrets: true });
      const proxy = await capturingProxy(server.port!);
      const socket = connectTls({
        ...{ port: proxy.port, host: '127.0.0.1', servername: 'localhost', ca: authority.cert },
        ...{ minVersion: version, maxVersion: version },
      });
      let answer = '';
      socket.on('data', (octets: Buffer) => {
        answer += octets;
      });
      socket.write('GET /over-tls HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      await until('it is answered', () => answer.endsWith('decrypted'));
      socket.destroy();
      proxy.close();
      const exported = Buffer.from(await (await fetch(`${inspected.url}export.pcapng`)).arrayBuffer());
      const keys = secretsBlockIn(exported);
      await server.close();
      const start = [sectionHeader('test', ''), interfaceDescription('test', '')];
      const packets = proxy.packets.map(enhancedPacket);
      const decrypted = await rowsOf(Buffer.concat([...start, keys, ...packets]));
      assert.deepEqual(columns(decrypted, 'method', 'uri'), ['GET /over-tls']);
      assert.deepEqual(columns(decrypted, 'status'), ['200']);
      if (version === 'TLSv1.2') return;
      const encrypted = await rowsOf(Buffer.concat([...start, ...packets]));
      assert.deepEqual(columns(encrypted, 'method'), [], 'without the keys');
    });
  }
});

/** The octets of the block, as they stand in the file. */
function secretsBlockIn(file: Buffer): Buffer {
  const block = readBlocks(file).find(({ type }) => type === 10)!;
  const start = block.body.byteOffset - file.byteOffset - 8;
  return file.subarray(start, start + block.body.length + 12);
}
