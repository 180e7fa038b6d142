import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latin1 } from './each-split.ts';
import { MemorySocket } from './memory-socket.ts';

/** The pieces that the server's side hears of. */
function heard(socket: MemorySocket): string[] {
  const pieces: string[] = [];
  socket.on('data', (octets: Buffer) => pieces.push(octets.toString('latin1')));
  socket.on('end', () => pieces.push('FIN'));
  return pieces;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('MemorySocket', () => {
  test('each piece arrives as a piece of its own, and counts', async () => {
    const socket = new MemorySocket();
    const pieces = heard(socket);
    for (const piece of ['ab', '', 'c', '\xff']) socket.feed(latin1(piece));
    await turn();
    assert.deepEqual(pieces, ['ab', 'c', '\xff']);
    assert.equal(socket.bytesRead, 4);
  });

  test('nothing arrives while the server has paused', async () => {
    const socket = new MemorySocket();
    const pieces = heard(socket);
    await turn();
    socket.pause();
    socket.feed(latin1('late'));
    await turn();
    assert.deepEqual(pieces, []);
    socket.resume();
    await turn();
    assert.deepEqual(pieces, ['late']);
  });

  test('what the server writes is kept, corked or not', async () => {
    const socket = new MemorySocket();
    socket.write('head', 'latin1');
    socket.cork();
    socket.write('\xe9', 'latin1');
    socket.write(latin1('!'));
    socket.uncork();
    await socket.until(() => socket.bytesWritten === 6);
    assert.equal(socket.written.toString('latin1'), 'head\xe9!');
    assert.equal(socket.ended, null);
  });

  test('the end of either side leaves the other open', async () => {
    const first = new MemorySocket();
    const pieces = heard(first);
    first.finish();
    await turn();
    assert.deepEqual(pieces, ['FIN']);
    first.write('still there');
    assert.equal(first.written.toString(), 'still there');
    assert.equal(first.ended, null);

    const second = new MemorySocket();
    const later = heard(second);
    second.end('last');
    await second.until(() => second.ended !== null);
    assert.equal(second.ended, 'fin');
    second.feed(latin1('x'));
    await turn();
    assert.deepEqual(later, ['x']);
    assert.equal(second.destroyed, false);
  });

  test('the end of both sides closes it', async () => {
    const socket = new MemorySocket();
    heard(socket);
    socket.end();
    socket.finish();
    await socket.until(() => socket.destroyed);
    assert.equal(socket.ended, 'fin');
  });

  test('a socket that is destroyed without an end was cut, and takes no more', async () => {
    const socket = new MemorySocket();
    const pieces = heard(socket);
    socket.destroy();
    await socket.until(() => socket.ended !== null);
    assert.equal(socket.ended, 'cut');
    socket.feed(latin1('x'));
    await turn();
    assert.deepEqual(pieces, []);
  });

  test('a reset is an error with its code', async () => {
    const socket = new MemorySocket();
    const failed = new Promise<Error>((resolve) => socket.once('error', resolve));
    socket.reset();
    assert.equal(((await failed) as NodeJS.ErrnoException).code, 'ECONNRESET');
  });
});
