import assert from 'node:assert/strict';
import { appendFile, type FileHandle, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileBody, filePartsBody, memoryPartsBody } from '../../../src/files/resource/file-body.ts';

const LENGTH = 700 * 1024;
const CONTENT = Buffer.alloc(LENGTH, 'serval');

describe('fileBody', () => {
  let folder: string;
  let path: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serval-test-'));
    path = join(folder, 'file');
  });
  after(() => rm(folder, { recursive: true }));

  async function openFile(): Promise<FileHandle> {
    await writeFile(path, CONTENT);
    return open(path);
  }

  const isClosed = (handle: FileHandle): boolean => handle.fd === -1;

  it('is the whole file, and closes it', async () => {
    const handle = await openFile();
    const content = await new Response(fileBody(handle, 0, LENGTH)).arrayBuffer();
    assert.ok(CONTENT.equals(Buffer.from(content)));
    assert.ok(isClosed(handle));
  });

  it('of no octets is empty, and closes the file', async () => {
    const handle = await openFile();
    assert.equal((await new Response(fileBody(handle, 0, 0)).arrayBuffer()).byteLength, 0);
    assert.ok(isClosed(handle));
  });

  it('reads nothing before it is asked, and no further than that', async () => {
    const handle = await openFile();
    let reads = 0;
    const counting = new Proxy(handle, {
      get(target, key) {
        if (key === 'read') reads++;
        const member = Reflect.get(target, key, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const reader = fileBody(counting, 0, LENGTH).getReader();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(reads, 0);
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(reads, 1);
    await reader.cancel();
  });

  it('begins where it is to, and reads nothing beyond its end', async () => {
    const handle = await openFile();
    const reads: [number, number][] = [];
    const watched = new Proxy(handle, {
      get(target, key) {
        const member = Reflect.get(target, key, target);
        if (key === 'read') {
          return (octets: Uint8Array, offset: number, length: number, position: number) => {
            reads.push([position, length]);
            return handle.read(octets, offset, length, position);
          };
        }
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const content = await new Response(fileBody(watched, 1000, 300 * 1024)).arrayBuffer();
    assert.ok(CONTENT.subarray(1000, 1000 + 300 * 1024).equals(Buffer.from(content)));
    assert.ok(
      reads.every(([position, length]) => position >= 1000 && position + length <= 1000 + 300 * 1024),
    );
    assert.ok(isClosed(handle));
  });

  it('may have several stretches, with octets between them', async () => {
    const handle = await openFile();
    const parts = [
      Buffer.from('<'),
      { start: 0, end: 6 },
      Buffer.from('|'),
      { start: 6, end: 6 },
      { start: 5, end: 300_000 },
    ];
    const content = Buffer.from(await new Response(filePartsBody(handle, parts)).arrayBuffer());
    assert.ok(content.equals(Buffer.concat([Buffer.from('<serval|'), CONTENT.subarray(5, 300_000)])));
    assert.ok(isClosed(handle));
  });

  it('closes the file when it is cancelled', async () => {
    const handle = await openFile();
    const body = fileBody(handle, 0, LENGTH);
    await body.cancel();
    assert.ok(isClosed(handle));
  });

  it('closes the file when it is cancelled in the middle of a read', async () => {
    const handle = await openFile();
    const reader = fileBody(handle, 0, LENGTH).getReader();
    const reading = reader.read();
    await reader.cancel();
    await reading;
    assert.ok(isClosed(handle));
  });

  it('errors when the file shrinks, and closes it', async () => {
    const handle = await openFile();
    const reader = fileBody(handle, 0, LENGTH).getReader();
    await reader.read();
    await truncate(path, 300 * 1024);
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    }, /shrank/);
    assert.ok(isClosed(handle));
  });

  it('leaves out what a file gains', async () => {
    const handle = await openFile();
    const body = fileBody(handle, 0, LENGTH);
    await appendFile(path, 'more');
    assert.equal((await new Response(body).arrayBuffer()).byteLength, LENGTH);
  });
});

describe('many parts', () => {
  const parts = Array.from({ length: 200 }, (_, at) => [
    Buffer.from(`--${at}--`),
    { start: at * 3000, end: at * 3000 + 1 + (at % 3) },
  ]).flat();
  const expected = Buffer.concat(
    parts.map((part) => (part instanceof Uint8Array ? part : CONTENT.subarray(part.start, part.end))),
  );

  it('of a file are read together, and sent in one piece', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serval-test-'));
    const path = join(folder, 'file');
    await writeFile(path, CONTENT);
    const reader = filePartsBody(await open(path), parts).getReader();
    const { value } = await reader.read();
    assert.ok(expected.equals(value!));
    assert.equal((await reader.read()).done, true);
    await truncate(path, 100_000);
    const short = filePartsBody(await open(path), parts).getReader();
    await assert.rejects(short.read(), /shrank/);
    await rm(folder, { recursive: true });
  });

  it('of content in memory are not copied, unless they are small', async () => {
    const small = memoryPartsBody(CONTENT, parts, expected.length);
    assert.ok(small instanceof Uint8Array && expected.equals(small));
    const large = [Buffer.from('head'), { start: 0, end: 300_000 }, { start: 400_000, end: 700_000 }];
    const body = memoryPartsBody(CONTENT, large, 600_004);
    assert.ok(body instanceof ReadableStream);
    const pieces: Uint8Array[] = [];
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [4, 300_000, 300_000],
    );
    assert.ok(pieces.slice(1).every(({ buffer }) => buffer === CONTENT.buffer));
  });
});
