import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { isShared, kept, readerOf, readShared, sharedReader } from '../../src/io/shared-reading.ts';

interface Read {
  readonly text: string;
  readonly octets: Uint8Array;
  readonly copy: Uint8Array;
}

/** Both ends of a connection. */
async function connected() {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  return { socket, client };
}

/** Accepts one connection, and reads it into the shared buffer. @returns what was read, and both ends. */
async function accepted(readsOn: () => boolean = () => true) {
  const reads: Read[] = [];
  const reader = sharedReader((_socket, octets) => {
    assert.equal(isShared(octets), true);
    reads.push({ text: Buffer.from(octets).toString('latin1'), octets, copy: kept(octets) });
    return readsOn();
  });
  const { socket, client } = await connected();
  readShared(socket, reader);
  return { reads, socket, client };
}

const text = (reads: readonly Read[]) => reads.map((read) => read.text).join('');

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('an accepted socket reads into the shared buffer, and its end is an end as before', async () => {
  const { reads, socket, client } = await accepted();
  const end = once(socket, 'end');
  client.write('one');
  await until(() => text(reads) === 'one');
  client.end('two');
  await end;
  assert.equal(text(reads), 'onetwo');
  assert.equal(socket.bytesRead, 6);
  socket.end();
  await once(client.resume(), 'close');
});

test('what a reader keeps of a read is not what the next one finds', async () => {
  const { reads, socket, client } = await accepted();
  client.write('one');
  await until(() => reads.length === 1);
  client.write('two');
  await until(() => text(reads) === 'onetwo');
  const [first] = reads;
  assert.notEqual(Buffer.from(first!.octets).toString('latin1'), 'one');
  assert.equal(Buffer.from(first!.copy).toString('latin1'), 'one');
  assert.equal(first!.copy.buffer.byteLength, 3);
  assert.equal(kept(first!.copy), first!.copy);
  socket.destroy();
  client.destroy();
});

test('the memory of the shared buffer is never a whole view, whatever is read', async () => {
  const { reads, socket, client } = await accepted();
  client.write(Buffer.alloc(1024 * 1024, 'a'));
  await until(() => text(reads).length === 1024 * 1024);
  for (const { octets } of reads) assert.ok(octets.length < octets.buffer.byteLength);
  assert.equal(Math.max(...reads.map(({ octets }) => octets.length)), 64 * 1024);
  socket.destroy();
  client.destroy();
});

test('a reader that returns false is not called until reading goes on', async () => {
  let readsOn = false;
  const { reads, socket, client } = await accepted(() => readsOn);
  client.write('one');
  await until(() => reads.length === 1);
  client.write('two');
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(text(reads), 'one');
  readsOn = true;
  socket._read(0);
  await until(() => text(reads) === 'onetwo');
  socket.destroy();
  client.destroy();
});

test('something that is not a socket reads as it did', () => {
  const [side] = duplexPair();
  const reader = sharedReader(() => true);
  readShared(side as unknown as Socket, reader);
  assert.notEqual(readerOf(side as unknown as Socket), reader);
  side.destroy();
});

test('after a read that filled its buffer, the next one goes where the reader wants it', async () => {
  const content = Buffer.from(Array.from({ length: 400_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff));
  const received: Uint8Array[] = [];
  const targets: Uint8Array[] = [];
  const reader = sharedReader(
    (_socket, octets) => {
      const target = targets.find(({ buffer }) => buffer === octets.buffer);
      assert.equal(target === undefined, isShared(octets));
      if (target !== undefined) assert.equal(octets.byteOffset, target.byteOffset);
      received.push(new Uint8Array(octets));
      return true;
    },
    () => {
      targets.push(new Uint8Array(new ArrayBuffer(65_556), 10, 65_536));
      return targets.at(-1);
    },
  );
  const { socket, client } = await connected();
  readShared(socket, reader);
  const end = once(socket, 'end');
  client.end(content);
  await end;
  assert.equal(Buffer.compare(Buffer.concat(received), content), 0);
  assert.ok(targets.length > 0);
  // Nothing was written around a target.
  for (const { buffer, byteLength } of targets) {
    const all = new Uint8Array(buffer);
    assert.deepEqual([...all.slice(0, 10), ...all.slice(10 + byteLength)], new Array(20).fill(0));
  }
  socket.destroy();
  client.destroy();
});
