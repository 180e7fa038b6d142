/** Conditional requests and ranges, as a client sees them. The rules themselves are tested in `test/semantics/`. */
import assert from 'node:assert/strict';
import { appendFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_HELD_OCTETS } from '../../src/files/lookup/file-store.ts';
import type { ParsedResponse } from '../support/response-parser.ts';
import { inOneOf } from '../support/until.ts';
import { LAST_MODIFIED, MODIFIED, type RunningSite, withSite } from './with-site.ts';

/** Longer than files are served without asking the file system, and than their last tick. */
const WINDOW = 120;

const SMALL = 'abcdefghijklmnopqrstuvwxyz';
const LARGE = Buffer.alloc(MAX_HELD_OCTETS + 300_000, SMALL);
const TREE = { 'small.bin': SMALL, 'large.bin': LARGE, 'empty.bin': '' };
const PATHS = [
  ['/small.bin', Buffer.from(SMALL)],
  ['/large.bin', LARGE],
] as const;

const AFTER = 'Mon, 07 Nov 1994 00:00:00 GMT';
const BEFORE = 'Sat, 05 Nov 1994 00:00:00 GMT';

const octetsOf = ({ content }: ParsedResponse) => Buffer.from(content);
const tagOf = async (site: RunningSite, path: string) => (await site.head(path)).field('etag')!;

describe('files: conditional requests', () => {
  test('RFC 9110 §8.8: each file has a strong tag and a date, which stay as long as the file', () =>
    withSite(TREE, {}, async ({ at, root }) => {
      for (const [path] of PATHS) {
        const first = await at(path);
        assert.match(first.field('etag')!, /^"[^"]+"$/);
        assert.equal(first.field('last-modified'), LAST_MODIFIED);
        assert.equal((await at(path)).field('etag'), first.field('etag'));
        await appendFile(join(root, path), '!');
        await utimes(join(root, path), 784_111_778, 784_111_778.5);
        await new Promise((resolve) => setTimeout(resolve, 110));
        assert.notEqual((await at(path)).field('etag'), first.field('etag'));
      }
    }));

  test('RFC 9110 §15.4.5: a 304 has the fields that its 200 would have for caches, and no content', () =>
    withSite({ ...TREE, 'a.js': SMALL.repeat(100) }, {}, async (site) => {
      for (const path of ['/small.bin', '/large.bin', '/a.js']) {
        const whole = await site.at(path);
        for (const field of [
          `If-None-Match: ${whole.field('etag')}`,
          `If-Modified-Since: ${LAST_MODIFIED}`,
        ]) {
          const answer = await site.at(path, field);
          assert.equal(answer.status, 304, `${path} ${field}`);
          assert.equal(answer.content.length, 0);
          for (const name of ['etag', 'cache-control', 'vary', 'x-content-type-options']) {
            assert.equal(answer.field(name), whole.field(name), name);
          }
          for (const name of ['content-type', 'last-modified', 'accept-ranges']) {
            assert.equal(answer.field(name), undefined, name);
          }
          assert.ok(answer.field('date') !== undefined);
        }
      }
    }));

  test('RFC 9110 §13.2.2: preconditions are evaluated in their order, for GET and HEAD', () =>
    withSite(TREE, {}, async (site) => {
      for (const [path] of PATHS) {
        const tag = await tagOf(site, path);
        const rows: [number, ...string[]][] = [
          [200, `If-Match: ${tag}`],
          [200, 'If-Match: *'],
          [412, 'If-Match: "other"'],
          [412, `If-Match: W/${tag}`],
          [200, `If-Unmodified-Since: ${AFTER}`],
          [412, `If-Unmodified-Since: ${BEFORE}`],
          [200, `If-Match: ${tag}`, `If-Unmodified-Since: ${BEFORE}`],
          [304, `If-None-Match: W/${tag}`],
          [304, `If-None-Match: "other", ${tag}`],
          [304, 'If-None-Match: *'],
          [200, 'If-None-Match: "other"', `If-Modified-Since: ${AFTER}`],
          [304, `If-None-Match: ${tag}`, `If-Modified-Since: ${BEFORE}`],
          [304, `If-Modified-Since: ${AFTER}`],
          [200, `If-Modified-Since: ${BEFORE}`],
          [200, 'If-Modified-Since: yesterday'],
          [412, 'If-Match: "other"', `If-None-Match: ${tag}`],
          [304, `If-Match: ${tag}`, `If-None-Match: ${tag}`],
        ];
        for (const [status, ...fields] of rows) {
          assert.equal((await site.at(path, ...fields)).status, status, `${path} ${fields.join('; ')}`);
          assert.equal((await site.head(path, ...fields)).status, status, `HEAD ${fields.join('; ')}`);
        }
      }
    }));

  test('RFC 9110 §13.2.1: what would not be answered 200 knows no preconditions', () =>
    withSite({ 'sub/a.txt': 'a' }, {}, async ({ at }) => {
      for (const field of [
        'If-Match: *',
        'If-Match: "a"',
        'If-None-Match: *',
        `If-Unmodified-Since: ${BEFORE}`,
      ]) {
        assert.equal((await at('/missing', field)).status, 404, field);
        assert.equal((await at('/sub', field)).status, 302, field);
        assert.equal((await at('/%00', field)).status, 400, field);
      }
    }));

  test('RFC 9110 §8.8.1: a file that has just been written has a weak tag, and no Last-Modified after its Date', () =>
    withSite({}, {}, async ({ at, root }) => {
      for (const [name, size] of [
        ['new.bin', 5],
        ['new-large.bin', MAX_HELD_OCTETS + 1],
      ] as const) {
        await inOneOf(20, async () => {
          await writeFile(join(root, name), Buffer.alloc(size));
          const answer = await at(`/${name}`);
          assert.match(answer.field('etag')!, /^W\/"/);
          const [date, modified] = [answer.field('date')!, answer.field('last-modified')!].map(Date.parse);
          assert.ok(modified! <= date!, `${modified} ${date}`);
          assert.equal((await at(`/${name}`, `If-Match: ${answer.field('etag')}`)).status, 412);
          const again = await at(`/${name}`, 'Range: bytes=0-1', `If-Range: ${answer.field('etag')}`);
          assert.equal(again.status, 200, 'a weak tag is no ground for a part');
        });
      }
    }));

  test('RFC 9110 §8.8.1: contents that share size and time of modification have different tags', () =>
    withSite({}, {}, async (site) => {
      const one = async (what: string, seconds: number, size: number) => {
        const file = join(site.root, `${seconds}-${size}.bin`);
        const path = `/${seconds}-${size}.bin`;
        const write = async (letter: string) => {
          await writeFile(file, letter.repeat(size));
          await utimes(file, seconds, seconds);
          // Dates have whole seconds.
          await sleep(1100);
        };
        await write('a');
        const first = await site.at(path);
        const tag = first.field('etag')!;
        await write('b');
        assert.equal((await site.at(path, `If-None-Match: ${tag}`)).status, 200, what);
        assert.equal((await site.at(path, `If-Match: ${tag}`)).status, 412, what);
        for (const validator of [tag, first.field('last-modified')]) {
          const part = await site.at(path, 'Range: bytes=5-9', `If-Range: ${validator}`);
          assert.equal(part.status, 200, `${what}: a part of another content: ${validator}`);
        }
        const since = await site.at(path, `If-Modified-Since: ${first.field('last-modified')}`);
        assert.equal(since.status, 200, what);
      };
      const kinds = {
        npm: 499_162_500,
        Nix: 1,
        SOURCE_DATE_EPOCH: 1_700_000_000,
        'with a fraction': MODIFIED,
      };
      await Promise.all(
        Object.entries(kinds).flatMap(([what, seconds]) =>
          [26, MAX_HELD_OCTETS + 26].map((size) => one(what, seconds, size)),
        ),
      );
    }));

  test('a file with a time in the future is not sent again, is coded, and can be resumed', () =>
    withSite({ 'a.js': SMALL.repeat(100) }, {}, async (site) => {
      const future = Date.now() / 1000 + 365 * 24 * 3600;
      await utimes(join(site.root, 'a.js'), future, future);
      await sleep(WINDOW);
      const first = await site.at('/a.js');
      const tag = first.field('etag')!;
      assert.match(tag, /^"/);
      assert.ok(Date.parse(first.field('last-modified')!) <= Date.parse(first.field('date')!));
      assert.equal((await site.at('/a.js', `If-None-Match: ${tag}`)).status, 304);
      assert.equal((await site.at('/a.js', 'Range: bytes=5-9', `If-Range: ${tag}`)).status, 206);
      assert.equal((await site.at('/a.js', 'Accept-Encoding: gzip')).field('content-encoding'), 'gzip');
      await sleep(2100);
      const modified = (await site.at('/a.js')).field('last-modified');
      assert.equal((await site.at('/a.js', `If-Modified-Since: ${modified}`)).status, 304);
    }));
});

describe('files: ranges', () => {
  test('RFC 9110 §14.2: one range is answered 206 with the very octets', () =>
    withSite(TREE, {}, async ({ at }) => {
      for (const [path, content] of PATHS) {
        const n = content.length;
        const rows: [string, number, number][] = [
          ['bytes=0-0', 0, 1],
          ['bytes=0-', 0, n],
          ['bytes=5-9', 5, 10],
          [`bytes=${n - 1}-`, n - 1, n],
          [`bytes=${n - 1}-${n + 5}`, n - 1, n],
          ['bytes=-1', n - 1, n],
          ['bytes=-10', n - 10, n],
          [`bytes=-${n + 1}`, 0, n],
          ['bytes=0-9999999999999999999999', 0, n],
          ['BYTES=1-2', 1, 3],
          ['bytes=0-3,2-6', 0, 7],
        ];
        for (const [range, start, end] of rows) {
          const answer = await at(path, `Range: ${range}`);
          assert.equal(answer.status, 206, `${path} ${range}`);
          assert.equal(answer.field('content-range'), `bytes ${start}-${end - 1}/${n}`);
          assert.equal(answer.field('accept-ranges'), 'bytes');
          assert.equal(answer.field('last-modified'), LAST_MODIFIED);
          assert.ok(octetsOf(answer).equals(content.subarray(start, end)), range);
        }
      }
    }));

  test('RFC 9110 §15.3.7.2: several ranges are answered in multipart/byteranges', () =>
    withSite(TREE, {}, async ({ at }) => {
      for (const [path, content] of PATHS) {
        const n = content.length;
        const answer = await at(path, `Range: bytes=0-1, 5-6, -2`);
        assert.equal(answer.status, 206);
        assert.equal(answer.field('content-range'), undefined);
        const boundary = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(answer.field('content-type')!)![1];
        const part = (start: number, end: number) =>
          `--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${start}-${end - 1}/${n}\r\n\r\n` +
          `${content.subarray(start, end)}\r\n`;
        assert.equal(answer.text, `${part(0, 2)}${part(5, 7)}${part(n - 2, n)}--${boundary}--\r\n`);
        assert.equal(answer.framing, 'content-length');
      }
    }));

  test('RFC 9110 §15.5.17: a range beyond the end is answered 416 with the length', () =>
    withSite(TREE, {}, async ({ at }) => {
      for (const [path, { length }] of PATHS) {
        for (const range of [
          `bytes=${length}-`,
          `bytes=${length}-${length + 1}`,
          'bytes=-0',
          'bytes=9999999999999-',
        ]) {
          const answer = await at(path, `Range: ${range}`);
          assert.equal(answer.status, 416, range);
          assert.equal(answer.field('content-range'), `bytes */${length}`);
        }
      }
    }));

  test('RFC 9110 §14.2: a Range that is malformed, of another unit or absurd is ignored, as with HEAD', () =>
    withSite(TREE, {}, async ({ at, head }) => {
      for (const [path, content] of PATHS) {
        const absurd = Array.from({ length: 100 }, () => '0-').join(',');
        for (const range of [
          'bytes=',
          'bytes=a-b',
          'bytes=2-1',
          'octets=0-1',
          'bytes 0-1',
          `bytes=${absurd}`,
        ]) {
          const answer = await at(path, `Range: ${range}`);
          assert.equal(answer.status, 200, range);
          assert.ok(octetsOf(answer).equals(content));
        }
        const answer = await head(path, 'Range: bytes=0-1');
        assert.equal(answer.status, 200);
        assert.equal(answer.field('content-length'), String(content.length));
        assert.equal(answer.field('content-range'), undefined);
      }
    }));

  test('RFC 9110 §13.1.5: If-Range decides between a part and the whole', () =>
    withSite(TREE, {}, async (site) => {
      for (const [path, content] of PATHS) {
        const tag = await tagOf(site, path);
        for (const [status, value] of [
          [206, tag],
          [200, '"other"'],
          [200, `W/${tag}`],
          [206, LAST_MODIFIED],
          [200, AFTER],
          [200, BEFORE],
          [200, 'yesterday'],
        ] as const) {
          const answer = await site.at(path, 'Range: bytes=1-2', `If-Range: ${value}`);
          assert.equal(answer.status, status, value);
          assert.equal(answer.content.length, status === 206 ? 2 : content.length);
          // RFC 9110 §15.3.7: who asks so has them already.
          if (status === 206) assert.equal(answer.field('last-modified'), undefined);
          assert.equal(answer.field('etag'), tag);
        }
        // RFC 9110 §13.2.2: the other preconditions come first.
        const fields = ['Range: bytes=1-2', `If-Range: ${tag}`];
        assert.equal((await site.at(path, ...fields, `If-None-Match: ${tag}`)).status, 304);
        assert.equal((await site.at(path, ...fields, 'If-Match: "other"')).status, 412);
      }
    }));

  test('an empty file is sent whole, and has no ranges', () =>
    withSite(TREE, {}, async ({ at, head }) => {
      for (const fields of [[], ['Range: bytes=0-'], ['Range: bytes=-1']]) {
        const answer = await at('/empty.bin', ...fields);
        assert.equal(answer.status, 200, fields.join());
        assert.equal(answer.field('content-length'), '0');
      }
      assert.equal((await head('/empty.bin')).field('content-length'), '0');
    }));
});
