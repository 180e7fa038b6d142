import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { after, before, describe, mock, test } from 'node:test';
import { MOST_TOGETHER, writeTogether } from '../../src/io/output-page.ts';
import { IS_NODE } from '../../src/io/shared-reading.ts';

interface FakeSocket extends Socket {
  written: Uint8Array[];
  writableLength: number;
}

/** A socket of the system that takes everything at once, or keeps it. */
function fakeSocket(keeps = false): FakeSocket {
  const socket = Object.create(Socket.prototype, {
    written: { value: [] },
    keeps: { value: keeps },
    writableLength: { value: 0, writable: true },
  });
  return socket as FakeSocket;
}

function takeOctets(this: FakeSocket & { keeps: boolean }, octets: Uint8Array): boolean {
  this.written.push(octets);
  if (this.keeps) this.writableLength += octets.length;
  return !this.keeps;
}

/** Any other stream, which may keep what it is given after it has called back. */
const otherStream = (): FakeSocket =>
  ({ written: [], writableLength: 0, keeps: false, write: takeOctets }) as unknown as FakeSocket;

type Part = string | Uint8Array;

const write = (socket: FakeSocket, parts: Part[]): boolean => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return writeTogether(socket, parts, length);
};
const textOf = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

describe('output that leaves in one write', () => {
  before(() => void mock.method(Socket.prototype, 'write', takeOctets as never));
  after(() => mock.restoreAll());

  test('each octet is where it belongs, in short and in long text', () => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const parts = [...all, all.join(''), Buffer.from(all.join(''), 'latin1'), ''];
    const socket = fakeSocket();
    assert.equal(write(socket, parts), true);
    assert.equal(socket.written.length, 1);
    assert.equal(textOf(socket.written[0]!), all.join('').repeat(3));
  });

  test('what a socket has taken makes room for the next output', { skip: !IS_NODE }, () => {
    for (const length of [100, 20_000]) {
      const socket = fakeSocket();
      write(socket, ['a'.repeat(length)]);
      write(socket, ['b'.repeat(length)]);
      assert.equal(socket.written[0]!.buffer, socket.written[1]!.buffer);
    }
  });

  for (const length of [100, 20_000, MOST_TOGETHER]) {
    for (const [what, make] of Object.entries({
      'a socket': () => fakeSocket(true),
      'a stream': otherStream,
    })) {
      test(`what ${what} may still use is not overwritten: ${length} octets`, () => {
        const socket = make();
        write(socket, ['a'.repeat(length)]);
        write(fakeSocket(), ['b'.repeat(length)]);
        write(fakeSocket(), ['c'.repeat(length)]);
        assert.equal(textOf(socket.written[0]!), 'a'.repeat(length));
      });
    }
  }

  test(`${MOST_TOGETHER + 1} octets leave in one write as well`, () => {
    const socket = fakeSocket();
    write(socket, ['a', new Uint8Array(MOST_TOGETHER).fill(0x62)]);
    assert.equal(textOf(socket.written[0]!), `a${'b'.repeat(MOST_TOGETHER)}`);
  });
});
