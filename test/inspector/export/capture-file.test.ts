/** The capture file, octet by octet: what tshark says of it is in another test. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { captureFile } from '../../../src/inspector/export/pcapng/capture-file.ts';
import { selectionOf } from '../../../src/inspector/export/selection.ts';
import { Recorder } from '../../../src/inspector/recorder/recorder.ts';
import type { Shown } from '../../../src/inspector/wording/redaction.ts';
import type { ConnectionEnds, ObservedExchange } from '../../../src/server/observer.ts';
import { type CapturedPacket, readBlocks, readPackets, readStreams } from './capture-reader.ts';
import { SECRET, type Traffic, trafficOf } from './traffic.ts';

const ENDS = {
  remoteAddress: { address: '127.0.0.1', port: 50_000, family: 'IPv4' },
  localAddress: { address: '127.0.0.1', port: 4_221, family: 'IPv4' },
} as const;
const HIDDEN: Shown = { secrets: false, bodies: false };
const CLIENT = '7f000001:50000';

const octetsOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** A recorder whose clock stands still until it is set. */
function recorderOf(maxExchangeBytes = 1_000) {
  const clock = { now: 0 };
  const limits = {
    maxExchanges: 10,
    maxConnections: 3,
    maxBytes: 1_000_000,
    maxExchangeBytes,
    maxRate: 1_000,
  };
  const recorder = new Recorder(limits, () => clock.now);
  const file = (query = '', shown = HIDDEN): Buffer =>
    Buffer.concat([...captureFile(selectionOf(recorder, new URLSearchParams(query)), shown, 'test')]);
  return { recorder, clock, file, packets: (query = ''): CapturedPacket[] => readPackets(file(query)) };
}

const exchangeOf = (path: string, hasContent = false): ObservedExchange =>
  ({
    head: {
      method: 'GET',
      scheme: undefined,
      authority: 'a',
      path,
      version: '1.1',
      hasContent,
      fields: new Map(),
    },
    state: 'open',
    status: 200,
  }) as unknown as ObservedExchange;

function exchange(recorder: Recorder, request: string, response: string, ends: ConnectionEnds = ENDS) {
  const connection = recorder.onConnection(ends)!;
  connection.onReceived(octetsOf(request), 0);
  const observer = connection.onExchange(exchangeOf('/'), 0, 0);
  connection.onSent(response);
  observer?.onEnd(undefined);
  return connection;
}

const REQUEST = 'GET / HTTP/1.1\r\n\r\n';
const RESPONSE = 'HTTP/1.1 204 No Content\r\n\r\n';

describe('a capture file of the inspector', () => {
  it('begins with its section and its interface: little-endian, IP packets, microseconds', () => {
    const { file } = recorderOf();
    const [section, description, ...packets] = readBlocks(file());
    assert.equal(section!.type, 0x0a0d0d0a);
    assert.equal(section!.body.readUInt32LE(0), 0x1a2b3c4d);
    assert.match(section!.options.get(1)!.toString(), /hidden: asterisks/);
    assert.equal(section!.options.get(4)!.toString(), 'test');
    assert.equal(description!.type, 1);
    assert.equal(description!.body.readUInt16LE(0), 101);
    assert.deepEqual([...description!.options.get(9)!], [6]);
    assert.deepEqual(packets, []);
  });

  it('has the handshake, the octets of both sides, and the end, at their times', () => {
    const { recorder, clock, packets } = recorderOf();
    clock.now = 1;
    const connection = recorder.onConnection(ENDS)!;
    clock.now = 2.5;
    connection.onReceived(octetsOf(REQUEST), 0);
    const observer = connection.onExchange(exchangeOf('/'), 0, 0);
    clock.now = 4;
    connection.onSent(RESPONSE);
    observer?.onEnd(undefined);
    clock.now = 5;
    connection.onPeerEnd();
    clock.now = 6;
    connection.onClose();
    const [q, r] = [REQUEST.length, RESPONSE.length];
    assert.deepEqual(
      packets().map(({ source, flags, sequence, acknowledged, time, isInbound }) => {
        const at = Math.round((time - recorder.epoch) * 1_000) / 1_000;
        assert.equal(isInbound, source === CLIENT);
        return [isInbound ? 'client' : 'server', flags, sequence, acknowledged, at];
      }),
      [
        ['client', 'SYN', 0, 0, 1],
        ['server', 'SYN ACK', 0, 1, 1],
        ['client', 'ACK', 1, 1, 1],
        ['client', 'PSH ACK', 1, 1, 2.5],
        ['server', 'PSH ACK', 1, 1 + q, 4],
        ['client', 'FIN ACK', 1 + q, 1 + r, 5],
        ['server', 'ACK', 1 + r, 2 + q, 5],
        ['server', 'FIN ACK', 1 + r, 2 + q, 6],
        ['client', 'ACK', 2 + q, 2 + r, 6],
      ],
    );
    assert.deepEqual(readStreams(packets()), [REQUEST, RESPONSE]);
  });

  it('ends with a reset where one side broke off', () => {
    for (const [error, source] of [
      [Object.assign(new Error('x'), { code: 'ECONNRESET' }), CLIENT],
      [new Error('x'), '7f000001:4221'],
    ] as const) {
      const { recorder, packets } = recorderOf();
      const connection = exchange(recorder, REQUEST, RESPONSE);
      connection.onEnding('failed', error);
      connection.onClose();
      const last = packets().at(-1)!;
      assert.deepEqual([last.flags, last.source], ['RST ACK', source]);
    }
  });

  it('keeps the reads and writes of a message apart', () => {
    const { recorder, clock, packets } = recorderOf();
    const connection = recorder.onConnection(ENDS)!;
    connection.onReceived(octetsOf('GET / HT'), 0);
    clock.now = 3;
    connection.onReceived(octetsOf('TP/1.1\r\n\r\n'), 8);
    connection.onExchange(exchangeOf('/'), 0, 0);
    const contents = packets().map(({ content }) => content.toString());
    assert.deepEqual(
      contents.filter((content) => content !== ''),
      ['GET / HT', 'TP/1.1\r\n\r\n'],
    );
  });

  it('cuts a packet short where not all octets were kept, and goes on where they end', () => {
    const { recorder, packets } = recorderOf(300);
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n';
    const connection = exchange(recorder, REQUEST, head + 'x'.repeat(500));
    connection.onReceived(octetsOf(REQUEST), 0);
    connection.onExchange(exchangeOf('/'), 0, 0);
    connection.onSent(RESPONSE);
    const cut = packets().find(({ missing }) => missing > 0)!;
    assert.equal(cut.missing, head.length + 500 - 300);
    assert.equal(
      cut.comment,
      `Only the first 300 of the ${head.length + 500} octets of this response were kept.`,
    );
    assert.equal(readStreams(packets())[1], `${head}${'*'.repeat(300 - head.length)}…${RESPONSE}`);
  });

  it('has a gap for octets that are not in the file, and says how many', () => {
    const { recorder, packets } = recorderOf();
    const connection = recorder.onConnection(ENDS)!;
    for (const path of ['/1', '/22', '/3']) {
      connection.onReceived(octetsOf(`GET ${path} HTTP/1.1\r\n\r\n`), 0);
      const observer = connection.onExchange(exchangeOf(path), 0, 0);
      connection.onSent(RESPONSE);
      observer?.onEnd(undefined);
    }
    const shown = packets('path=/3');
    assert.deepEqual(readStreams(shown), [
      '[39]GET /3 HTTP/1.1\r\n\r\n',
      `[${2 * RESPONSE.length}]${RESPONSE}`,
    ]);
    assert.equal(
      shown.find(({ content }) => content.length > 0)!.comment,
      '39 octets before this packet are not in this file.',
    );
  });

  it('has IPv6 where an end has it, and made up addresses for a unix socket', () => {
    const places = (remote: ConnectionEnds['remoteAddress'], local: ConnectionEnds['localAddress']) => {
      const { recorder, packets } = recorderOf();
      exchange(recorder, REQUEST, RESPONSE, { remoteAddress: remote, localAddress: local });
      const { source, destination } = packets()[0]!;
      return `${source} ${destination}`;
    };
    const unix = { address: '', port: 0, family: 'unix' } as const;
    const v4 = ENDS.remoteAddress;
    const v6 = { address: 'fe80::1%eth0', port: 80, family: 'IPv6' } as const;
    const mapped = { address: '::ffff:127.0.0.1', port: 4_221, family: 'IPv6' } as const;
    const [long, both] = [`fe80${'0'.repeat(27)}1:80`, `${'0'.repeat(20)}ffff7f000001:50000`];
    assert.equal(places(v6, v6), `${long} ${long}`);
    assert.equal(places(v4, mapped), `${CLIENT} 7f000001:4221`);
    assert.equal(places(v4, v6), `${both} ${long}`);
    assert.equal(places(unix, { ...unix, address: '/run/a' }), 'c0000201:49153 c0000202:80');
  });

  it('is whole without the record of a connection', () => {
    const { recorder, packets } = recorderOf();
    exchange(recorder, REQUEST, RESPONSE).onClose();
    for (let i = 0; i < 3; i++) recorder.onConnection(ENDS);
    assert.equal(recorder.connections.has(1), false);
    const streams = readStreams(packets('path=/'));
    assert.deepEqual(streams, [REQUEST, RESPONSE]);
  });
});

for (const secure of [false, true]) {
  describe(`a capture file of real exchanges, ${secure ? 'over TLS' : 'clear'}`, () => {
    let traffic: Traffic;
    let file: Buffer;
    before(async () => {
      traffic = await trafficOf({}, secure);
      file = (await traffic.download('export.pcapng')).octets;
    });
    after(() => traffic[Symbol.asyncDispose]());

    it('holds no secret and no content, and as many asterisks in their place', () => {
      assert.ok(!file.includes(SECRET));
      const text = readStreams(readPackets(file)).join('\n');
      const stars = '*'.repeat(SECRET.length);
      assert.ok(
        text.includes(
          `GET /first?token=${stars}&page=2 HTTP/1.1\r\nHost: localhost\r\nCookie: ${'*'.repeat(SECRET.length + 7)}\r\n`,
        ),
      );
      assert.ok(text.includes(`\r\n\r\n${stars}`));
      assert.ok(text.includes(`a\r\n${stars}\r\n1\r\n*\r\n0\r\n\r\n`));
      assert.ok(text.includes(`/h2/2?token=${stars}`));
      assert.ok(!text.includes('bbb'));
    });

    it('has the octets of each connection without a step back, in the order of time', () => {
      const packets = readPackets(file);
      for (let i = 1; i < packets.length; i++) assert.ok(packets[i]!.time >= packets[i - 1]!.time);
      assert.equal(readStreams(packets).length, 2 * 9);
      const { port } = traffic.server;
      const comments = packets.flatMap(({ flags, comment }) => (flags === 'SYN' ? [comment] : []));
      assert.equal(comments.length, 9);
      const moved = comments.filter((comment) => comment!.includes(`The port of the server was ${port}.`));
      assert.equal(moved.length, secure ? 9 : 1);
      if (secure) for (const comment of comments) assert.match(comment!, /TLSv1\.3, TLS_AES_/);
    });

    it('has no keys of TLS', () => {
      assert.equal(readBlocks(file).filter(({ type }) => type === 10).length, 0);
    });
  });
}

describe('a capture file with secrets', () => {
  it('has the octets as they were, and the keys of TLS', async () => {
    await using traffic = await trafficOf({ secrets: true, bodies: true }, true);
    const { octets } = await traffic.download('export.pcapng');
    const text = readStreams(readPackets(octets)).join('\n');
    assert.ok(
      text.includes(
        `GET /first?token=${SECRET}&page=2 HTTP/1.1\r\nHost: localhost\r\nCookie: a=${SECRET}; b=2\r\n`,
      ),
    );
    const [keys, ...others] = readBlocks(octets).filter(({ type }) => type === 10);
    assert.deepEqual(others, []);
    assert.equal(keys!.body.readUInt32LE(0), 0x544c534b);
    const lines = keys!.body.subarray(8, 8 + keys!.body.readUInt32LE(4)).toString();
    assert.match(lines, /^(?:[A-Z_\d]+ [\da-f]{64} [\da-f]+\n)+$/);
    for (const label of ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0'])
      assert.equal(lines.split('\n').filter((line) => line.startsWith(`${label} `)).length, 9);
  });
});
