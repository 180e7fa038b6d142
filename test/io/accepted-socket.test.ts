import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { describe, test } from 'node:test';
import { acceptDirectly } from '../../src/io/accepting/accept-directly.ts';
import { AcceptedSocket } from '../../src/io/accepting/accepted-socket.ts';
import { constructsSockets } from '../../src/io/accepting/node-internals.ts';
import { attach, detach, type SocketEvents } from '../../src/io/driven-socket.ts';
import { writeTogether } from '../../src/io/output-page.ts';
import { IS_NODE } from '../../src/io/shared-reading.ts';

const BIG = 8 * 1024 * 1024;
const LENGTH = 20_000;

class Driver implements SocketEvents {
  isPaused = false;
  readonly heard: string[] = [];
  readonly closed: Promise<void>;
  #onClose!: () => void;
  #waiting: { what: string; resolve: () => void } | undefined;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#onClose = resolve;
    });
  }

  hears(what: string): Promise<void> {
    if (this.heard.includes(what)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { what, resolve };
    });
  }

  #note(what: string): void {
    this.heard.push(what);
    if (this.#waiting?.what === what) this.#waiting.resolve();
  }

  onOctets(octets: Uint8Array): void {
    this.#note(Buffer.from(octets).toString());
  }
  onPeerEnd(): void {
    this.#note('end');
  }
  onDrain(): void {
    this.#note('drain');
  }
  onError({ code }: NodeJS.ErrnoException): void {
    this.#note(code ?? 'error');
  }
  onClose(): void {
    this.#note('close');
    this.#onClose();
  }
}

interface Pair extends AsyncDisposable {
  readonly client: Socket;
  readonly socket: Socket;
  readonly driver: Driver;
  readonly usual: Socket[];
}

/** Both ends of a connection. */
async function pair(): Promise<Pair> {
  const usual: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => usual.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const driver = new Driver();
  const accepted = new Promise<Socket>((resolve) => {
    acceptDirectly(server, (socket) => {
      attach(socket, driver);
      resolve(socket);
    });
    server.on('connection', resolve);
  });
  const client = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  client.on('error', () => {});
  const [socket] = await Promise.all([accepted, once(client, 'connect')]);
  return {
    ...{ client, socket, driver, usual },
    async [Symbol.asyncDispose]() {
      client.destroy();
      socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test('Node has all that an accepted socket needs', () => {
  assert.equal(constructsSockets, IS_NODE);
});

describe('accepted socket', { skip: !constructsSockets }, () => {
  test('a driver hears of octets, of FIN and of the end, and the socket writes', async () => {
    await using ends = await pair();
    const { client, socket, driver } = ends;
    client.setEncoding('latin1');
    assert.ok(socket instanceof AcceptedSocket);
    assert.ok(socket instanceof Socket);
    client.end('question');
    await driver.hears('end');
    assert.equal(socket.readableEnded, true);
    assert.equal(socket.write('né', 'latin1'), true);
    socket.write(new Uint8Array([0x21]));
    socket.end();
    assert.equal(socket.writable, false);
    const [answer] = await once(client, 'data');
    assert.equal(answer, 'né!');
    await driver.closed;
    assert.deepEqual(driver.heard, ['question', 'end', 'close']);
    assert.ok(socket instanceof AcceptedSocket, 'it never became a stream');
    assert.equal(socket.destroyed, true);
  });

  test('the two addresses are those of the connection', async () => {
    await using ends = await pair();
    const { client, socket } = ends;
    assert.equal(socket.remotePort, client.localPort);
    assert.equal(socket.localPort, client.remotePort);
    assert.equal(socket.remoteAddress, '127.0.0.1');
    assert.ok(socket instanceof AcceptedSocket);
  });

  test('what the kernel does not take at once fills the socket, and is drained in order', async () => {
    await using ends = await pair();
    const { client, socket, driver } = ends;
    const taken: number[] = [];
    client.pause();
    let piece = 0;
    while (socket.write(Buffer.alloc(BIG / 8, piece), () => taken.push(taken.length))) piece++;
    assert.equal(socket.writableNeedDrain, true);
    socket.end('last', 'latin1');
    let octets = 0;
    let last = '';
    client.on('data', (chunk) => {
      octets += chunk.length;
      last = chunk.subarray(-4).toString();
    });
    client.resume();
    await once(client, 'end');
    assert.equal(octets, (piece + 1) * (BIG / 8) + 4);
    assert.equal(last, 'last');
    assert.deepEqual(taken, [...Array(piece + 1).keys()]);
    assert.deepEqual(driver.heard, ['drain']);
    assert.equal(socket.writableNeedDrain, false);
  });

  test('corked pieces leave together, and their callbacks are called in order', async () => {
    await using ends = await pair();
    const { client, socket, driver } = ends;
    const taken: string[] = [];
    socket.cork();
    socket.write('head ', 'latin1', () => taken.push('head'));
    assert.equal(
      socket.write(new Uint8Array(BIG), () => taken.push('content')),
      false,
    );
    socket.uncork();
    let octets = 0;
    client.on('data', (chunk) => {
      octets += chunk.length;
    });
    await driver.hears('drain');
    socket.end();
    await once(client, 'end');
    assert.equal(octets, BIG + 5);
    assert.deepEqual(taken, ['head', 'content']);
  });

  test('a write that waits is given up when the socket is destroyed', async () => {
    await using ends = await pair();
    const { client, socket, driver } = ends;
    client.pause();
    const taken = new Promise((resolve) => socket.write(Buffer.alloc(4 * BIG), () => resolve('given up')));
    socket.destroy();
    assert.equal(await taken, 'given up');
    await driver.closed;
    assert.deepEqual(driver.heard, ['close']);
    const late = await new Promise((resolve) => socket.write('late', 'latin1', resolve));
    assert.ok(late instanceof Error);
  });

  test('a reset is an error, and then the end', async () => {
    await using ends = await pair();
    const { client, driver } = ends;
    client.resetAndDestroy();
    await driver.closed;
    assert.deepEqual(driver.heard, ['ECONNRESET', 'close']);
  });

  test('reading stops for a driver that pauses, and goes on', async () => {
    await using ends = await pair();
    const { client, socket, driver } = ends;
    driver.isPaused = true;
    client.write('one');
    await driver.hears('one');
    client.write('two');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(driver.heard, ['one']);
    driver.isPaused = false;
    socket._read(0);
    await driver.hears('two');
  });

  test('a listener makes it the stream that it looks like, and the driver still hears of everything', async () => {
    await using ends = await pair();
    const { client, socket, driver } = ends;
    client.write('before');
    await driver.hears('before');
    const closed = once(socket, 'close');
    assert.ok(!(socket instanceof AcceptedSocket));
    assert.ok(socket instanceof Socket);
    assert.equal(socket.readable, true);
    client.end('behind');
    await driver.hears('end');
    socket.end('answer');
    await closed;
    assert.deepEqual(driver.heard, ['before', 'behind', 'end', 'close']);
  });

  test('left by its driver, it is read as a stream to its end', async () => {
    await using ends = await pair();
    const { client, socket, driver } = ends;
    client.write('driven');
    await driver.hears('driven');
    detach(socket);
    client.end('streamed');
    let text = '';
    for await (const octets of socket) text += octets;
    assert.equal(text, 'streamed');
    assert.deepEqual(driver.heard, ['driven']);
  });

  test('it becomes a stream that has ended when FIN came before', async () => {
    await using ends = await pair();
    const { client, socket, driver } = ends;
    client.end();
    await driver.hears('end');
    detach(socket);
    socket.on('data', (octets) => assert.fail(`nothing follows FIN: ${octets}`));
    await once(socket, 'end');
    assert.equal(socket.readableEnded, true);
    socket.end('answer');
    const [answer] = await once(client, 'data');
    assert.equal(String(answer), 'answer');
  });

  test('octets that were written before it became a stream precede those of the stream', async () => {
    await using ends = await pair();
    const { client, socket } = ends;
    client.pause();
    socket.write(Buffer.alloc(BIG, 'a'));
    socket.setTimeout(0);
    assert.ok(!(socket instanceof AcceptedSocket));
    socket.end('z');
    let octets = 0;
    for await (const chunk of client) {
      octets += chunk.length;
      if (octets > BIG) assert.equal(chunk.at(-1), 0x7a);
    }
    assert.equal(octets, BIG + 1);
  });

  test('memory of output is used again when the kernel has taken it, and not before', async () => {
    await using slow = await pair();
    await using quick = await pair();
    const written: ArrayBufferLike[] = [];
    const handle = (quick.socket as unknown as { _handle: { writeBuffer(...given: unknown[]): number } })
      ._handle;
    const { writeBuffer } = handle;
    handle.writeBuffer = (request, octets, ...rest) => {
      written.push((octets as Uint8Array).buffer);
      return writeBuffer.call(handle, request, octets, ...rest);
    };
    const send = ({ socket }: Pair, text: string) => writeTogether(socket, [text.repeat(LENGTH)], LENGTH);
    for (const text of ['b', 'c']) send(quick, text);
    assert.equal(written[0], written[1]);
    slow.client.pause();
    let pieces = 1;
    for (; send(slow, 'a'); pieces++);
    for (const text of ['d', 'e']) send(quick, text);
    assert.ok(quick.socket instanceof AcceptedSocket);
    assert.ok(slow.socket instanceof AcceptedSocket);
    slow.socket.end();
    let octets = 0;
    for await (const chunk of slow.client) {
      assert.ok((chunk as Buffer).every((octet) => octet === 0x61));
      octets += chunk.length;
    }
    assert.equal(octets, pieces * LENGTH);
  });

  test('destroyed, it can still be looked at as a stream', async () => {
    await using ends = await pair();
    const { socket, driver } = ends;
    socket.destroy();
    assert.equal(socket.writableLength, 0);
    assert.equal(socket.destroyed, true);
    await driver.closed;
    assert.deepEqual(driver.heard, ['close']);
  });

  test("subscribers of net.server.socket get Node's own socket", async () => {
    const onSocket = () => {};
    subscribe('net.server.socket', onSocket);
    try {
      await using ends = await pair();
      assert.ok(!(ends.socket instanceof AcceptedSocket));
      assert.equal(ends.usual.length, 1);
    } finally {
      unsubscribe('net.server.socket', onSocket);
    }
  });
});
