/** Which coding of a file is sent, what is said of it, and how often it is made. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { CODECS } from '../../src/compression/encoders.ts';
import { codingsFor, MAX_CODED_OCTETS, MIN_CODED_OCTETS } from '../../src/files/resource/coded-content.ts';
import type { ParsedResponse } from '../support/response-parser.ts';
import { inOneOf } from '../support/until.ts';
import { counted } from './counted-work.ts';
import { atRest, MODIFIED, put, type RunningSite, withSite } from './with-site.ts';

const TEXT = 'All work and no play makes Jack a dull boy.\n'.repeat(100);
const HAS_ZSTD = CODECS.has('zstd');

const DECODE: Record<string, (octets: Uint8Array) => Uint8Array> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
};

const ask = (site: RunningSite, path: string, accepted: string, ...fields: string[]) =>
  site.at(path, `Accept-Encoding: ${accepted}`, ...fields);

describe('files: content coding on the way', () => {
  test('RFC 9110 §12.5.3: the coding that is wanted most, by weight and then by what is liked best', () =>
    withSite({ 'a.txt': TEXT }, {}, async (site) => {
      for (const [accepted, coding] of [
        ['gzip, deflate, br', 'br'],
        ['gzip', 'gzip'],
        ['x-gzip', 'gzip'],
        ['br;q=0.5, gzip', 'gzip'],
        ['br;q=0.5, gzip;q=0.4', 'br'],
        ['deflate', undefined],
        ['identity', undefined],
        ['identity, br;q=0.5', undefined],
        ['br;q=0, gzip;q=0', undefined],
        ['*', 'br'],
        ['*;q=0.1, identity;q=0.2', undefined],
        ['', undefined],
      ] as const) {
        const answer = await ask(site, '/a.txt', accepted);
        assert.equal(answer.status, 200, accepted);
        assert.equal(answer.field('content-encoding'), coding, accepted);
        assert.equal(answer.field('vary'), 'Accept-Encoding', accepted);
        const content = coding === undefined ? answer.content : DECODE[coding]!(answer.content);
        assert.equal(Buffer.from(content).toString(), TEXT, accepted);
        assert.equal(answer.framing, 'content-length');
      }
      const zstd = await ask(site, '/a.txt', 'zstd');
      assert.equal(zstd.field('content-encoding'), HAS_ZSTD ? 'zstd' : undefined);
      assert.ok(!HAS_ZSTD || zstd.content.length < TEXT.length);
    }));

  test('RFC 9110 §8.8.3.3: each coding has a tag of its own, by which it is asked for again', () =>
    withSite({ 'a.txt': TEXT }, {}, async (site) => {
      const tags = new Set<string>();
      for (const accepted of ['', 'br', 'gzip']) {
        const tag = (await ask(site, '/a.txt', accepted)).field('etag')!;
        tags.add(tag);
        const again = await ask(site, '/a.txt', accepted, `If-None-Match: ${tag}`);
        assert.equal(again.status, 304);
        assert.equal(again.field('etag'), tag);
        assert.equal(again.field('vary'), 'Accept-Encoding');
        const other = await ask(site, '/a.txt', accepted === 'br' ? '' : 'br', `If-None-Match: ${tag}`);
        assert.equal(other.status, 200, 'the one that is selected now is another');
      }
      assert.equal(tags.size, 3);
    }));

  test('RFC 9110 §9.3.2: HEAD says what GET would', () =>
    withSite({ 'a.txt': TEXT, 'a.bin': TEXT }, {}, async (site) => {
      for (const path of ['/a.txt', '/a.bin']) {
        for (const accepted of ['br', 'gzip', '', 'identity;q=0']) {
          const field = `Accept-Encoding: ${accepted}`;
          // In this order: HEAD comes first, when nothing has been coded yet.
          const head = await site.head(path, field);
          const get = await site.at(path, field);
          const undated = (fields: readonly (readonly [string, string])[]) =>
            fields.filter(([name]) => name.toLowerCase() !== 'date');
          assert.equal(head.status, get.status);
          assert.deepEqual(undated(head.fields), undated(get.fields), `${path} ${accepted}`);
        }
      }
    }));

  test('RFC 9110 §14.1.1: a range is of the file as it is, never of what would have to be coded', () =>
    withSite({ 'a.txt': TEXT }, {}, async (site) => {
      const coded = await ask(site, '/a.txt', 'br');
      assert.equal(coded.field('accept-ranges'), undefined);
      const part = await ask(site, '/a.txt', 'br, gzip', 'Range: bytes=4-7');
      assert.equal(part.status, 206);
      assert.equal(part.field('content-encoding'), undefined);
      assert.equal(part.text, 'work');
      assert.equal(part.field('vary'), 'Accept-Encoding');
      assert.notEqual(part.field('etag'), coded.field('etag'));
      const held = await ask(site, '/a.txt', 'br', 'Range: bytes=4-7', `If-Range: ${coded.field('etag')}`);
      assert.equal(held.status, 200, 'it has another representation than the one there are ranges of');
      // Where nothing else is acceptable, it is the range that is given up (RFC 9110 §14.2: MAY).
      const forced = await ask(site, '/a.txt', 'br, identity;q=0', 'Range: bytes=4-7');
      assert.equal(forced.status, 200);
      assert.equal(forced.field('content-encoding'), 'br');
    }));

  test('RFC 9110 §13.1.1: who names a strong tag gets what has one: the file as it is, or a precompressed one', () =>
    withSite({ 'a.txt': TEXT, 'b.js': TEXT, 'b.js.gz': 'GZIPPED' }, {}, async (site) => {
      const tag = (await ask(site, '/a.txt', '')).field('etag')!;
      const coded = await ask(site, '/a.txt', 'br');
      const gzipped = (await ask(site, '/b.js', 'gzip')).field('etag')!;
      for (const [path, field, status, coding] of [
        ['/a.txt', `If-Match: ${tag}`, 200, undefined],
        ['/a.txt', `If-Match: "other", ${tag}`, 200, undefined],
        ['/a.txt', 'If-Match: *', 200, 'gzip'],
        ['/a.txt', 'If-Match: "other"', 412, undefined],
        // A weak one matches nothing, whatever it is the tag of.
        ['/a.txt', `If-Match: ${coded.field('etag')}`, 412, undefined],
        ['/b.js', `If-Match: ${gzipped}`, 200, 'gzip'],
      ] as const) {
        for (const method of ['at', 'head'] as const) {
          const answer = await site[method](path, 'Accept-Encoding: gzip', field);
          assert.equal(answer.status, status, `${path} ${field}`);
          assert.equal(answer.field('content-encoding'), coding, `${path} ${field}`);
        }
      }
    }));

  test('RFC 9110 §8.8.2.2, §13.1.5: a date that codings share does not say of which of them somebody has a part', () =>
    withSite({ 'a.txt': TEXT, 'b.bin': TEXT, 'b.bin.gz': 'GZIPPED' }, {}, async (site) => {
      for (const path of ['/a.txt', '/b.bin']) {
        // What was broken off is the beginning of coded octets, and of no others may the rest be sent.
        const date = (await ask(site, path, 'gzip')).field('last-modified');
        for (const accepted of ['gzip', '']) {
          const answer = await ask(site, path, accepted, 'Range: bytes=4-6', `If-Range: ${date}`);
          assert.equal(answer.status, 200, `${path} ${accepted}`);
          assert.equal(answer.field('content-range'), undefined);
        }
      }
    }));

  test('RFC 9110 §12.5.3, §15.5.7: 406 when going without a coding is refused, and no coding will do', () =>
    withSite({ 'a.txt': TEXT, 'a.png': TEXT }, {}, async (site) => {
      for (const accepted of ['identity;q=0', '*;q=0', 'deflate, *;q=0']) {
        const codable = await ask(site, '/a.txt', accepted);
        assert.equal(codable.status, 406, accepted);
        assert.equal(codable.field('vary'), 'Accept-Encoding');
        assert.equal((await ask(site, '/a.png', accepted)).status, 406);
      }
      assert.equal((await ask(site, '/a.txt', 'gzip, *;q=0')).field('content-encoding'), 'gzip');
    }));

  test('what can not get smaller is not coded, and does not vary; what did not get smaller is sent as it is', () =>
    withSite({ 'a.png': TEXT, 'short.txt': 'hello', 'noise.txt': randomBytes(5000) }, {}, async (site) => {
      for (const path of ['/a.png', '/short.txt']) {
        const answer = await ask(site, path, 'br, gzip');
        assert.equal(answer.field('content-encoding'), undefined);
        assert.equal(answer.field('vary'), undefined);
      }
      const noise = await ask(site, '/noise.txt', 'br, gzip');
      assert.equal(noise.field('content-encoding'), undefined);
      assert.equal(noise.field('vary'), 'Accept-Encoding');
      assert.equal(noise.content.length, 5000);
      const tag = noise.field('etag')!;
      assert.match(tag, /^"/);
      assert.equal((await ask(site, '/noise.txt', 'br, gzip', `If-None-Match: ${tag}`)).status, 304);
      // But if it is that or nothing, it is that.
      const forced = await ask(site, '/noise.txt', 'gzip, identity;q=0');
      assert.equal(gunzipSync(forced.content).length, 5000);
    }));

  test('is left out where it is not wanted', () =>
    withSite({ 'a.txt': TEXT }, { compress: false }, async (site) => {
      const answer = await ask(site, '/a.txt', 'br');
      assert.equal(answer.field('content-encoding'), undefined);
      assert.equal(answer.field('vary'), undefined);
    }));

  test(`files from ${MIN_CODED_OCTETS} octets to 8 MiB are coded`, () => {
    const all = HAS_ZSTD ? ['br', 'zstd', 'gzip'] : ['br', 'gzip'];
    const type = 'text/javascript; charset=utf-8';
    assert.deepEqual(codingsFor(type, MIN_CODED_OCTETS - 1), []);
    assert.deepEqual(codingsFor(type, MIN_CODED_OCTETS), all);
    assert.deepEqual(codingsFor(type, MAX_CODED_OCTETS), all);
    assert.deepEqual(codingsFor(type, MAX_CODED_OCTETS + 1), []);
    assert.deepEqual(codingsFor('image/png', 5000), []);
    assert.equal(MAX_CODED_OCTETS, 8 * 1024 * 1024);
  });

  test('200 requests that come first and at once have it coded once', () =>
    withSite({ 'a.txt': TEXT }, {}, async (site) => {
      await atRest();
      let answers: ParsedResponse[] = [];
      const work = await counted(async () => {
        answers = await Promise.all(Array.from({ length: 200 }, () => ask(site, '/a.txt', 'br')));
      });
      assert.equal(work.codings, 1);
      for (const answer of answers) {
        assert.equal(Buffer.from(brotliDecompressSync(answer.content)).toString(), TEXT);
      }
      const later = await counted(async () => {
        await ask(site, '/a.txt', 'br');
        await ask(site, '/a.txt', 'gzip');
      });
      assert.equal(later.codings, 1, 'that is gzip');
    }));

  test('however its path is spelled, it is coded once', () =>
    withSite({ 'a.txt': TEXT }, {}, async (site) => {
      await atRest();
      await ask(site, '/a.txt', 'br');
      const spelled = await counted(async () => {
        for (const path of ['/%61.txt', '/a%2Etxt', '/a%2etxt', '/%61%2e%74%78%74']) {
          assert.equal((await ask(site, path, 'br')).field('content-encoding'), 'br', path);
        }
      });
      assert.equal(spelled.codings, 0);
    }));

  test('without memory it is coded again for those who come later, and once for those who come together', () =>
    withSite({ 'a.txt': TEXT }, { memory: 0 }, async (site) => {
      await inOneOf(5, async () => {
        const together = await counted(() =>
          Promise.all(Array.from({ length: 20 }, () => ask(site, '/a.txt', 'br'))),
        );
        assert.ok(together.codings >= 1 && together.codings < 20, `${together.codings}`);
      });
      const later = await counted(() => ask(site, '/a.txt', 'br'));
      assert.equal(later.codings, 1);
    }));
});

describe('files: precompressed files', () => {
  const tree = {
    'a.js': TEXT,
    'a.js.br': 'BR',
    'a.js.gz': 'GZIP!',
    'a.js.zst': 'ZSTD',
    'b.bin': 'b',
    'b.bin.gz': 'GZ',
  };

  test('RFC 9110 §12.5.3: are chosen by weight, the smallest of those that are wanted equally', () =>
    withSite(tree, {}, async (site) => {
      for (const [accepted, coding, content] of [
        ['gzip, deflate, br, zstd', 'br', 'BR'],
        ['gzip, zstd', 'zstd', 'ZSTD'],
        ['gzip', 'gzip', 'GZIP!'],
        ['br;q=0.9, gzip', 'gzip', 'GZIP!'],
        ['br;q=0.9, gzip;q=0.8, identity;q=0', 'br', 'BR'],
        ['identity, *;q=0.5', undefined, TEXT],
        ['', undefined, TEXT],
      ] as const) {
        const answer = await ask(site, '/a.js', accepted);
        assert.equal(answer.field('content-encoding'), coding, accepted);
        assert.equal(answer.text, content, accepted);
        assert.equal(answer.field('content-type'), 'text/javascript; charset=utf-8');
        assert.equal(answer.field('vary'), 'Accept-Encoding');
      }
      // Of types that are not coded on the way as well.
      assert.equal((await ask(site, '/b.bin', 'gzip')).text, 'GZ');
      assert.equal((await ask(site, '/b.bin', 'br')).field('vary'), 'Accept-Encoding');
      // And under their own names they are what they are.
      const itself = await ask(site, '/b.bin.gz', 'gzip');
      assert.equal(itself.field('content-encoding'), undefined);
      assert.equal(itself.field('content-type'), 'application/gzip');
    }));

  test('RFC 9110 §14.1.1: have ranges and strong tags of their own', () =>
    withSite(tree, {}, async (site) => {
      const whole = await ask(site, '/a.js', 'gzip');
      const tag = whole.field('etag')!;
      assert.match(tag, /^"/);
      assert.equal(whole.field('accept-ranges'), 'bytes');
      assert.notEqual(tag, (await ask(site, '/a.js', '')).field('etag'));
      assert.notEqual(tag, (await ask(site, '/a.js', 'br')).field('etag'));
      const part = await ask(site, '/a.js', 'gzip', 'Range: bytes=1-2', `If-Range: ${tag}`);
      assert.equal(part.status, 206);
      assert.equal(part.text, 'ZI');
      assert.equal(part.field('content-range'), 'bytes 1-2/5');
      assert.equal(part.field('content-encoding'), 'gzip');
      assert.equal((await ask(site, '/a.js', 'gzip', `If-None-Match: ${tag}`)).status, 304);
    }));

  // They are looked for once a second, for which these wait.
  describe('a second later', { concurrency: true }, () => {
    test('that are older than the file, empty, no files, or lead outside are left alone', () =>
      withSite({ 'a.js': TEXT, 'a.js.br': 'BR', 'a.js.gz': '', 'a.js.zst/x': 'folder' }, {}, async (site) => {
        await utimes(join(site.root, 'a.js.br'), MODIFIED, MODIFIED - 1);
        const answer = await ask(site, '/a.js', 'br');
        assert.notEqual(answer.text, 'BR');
        assert.equal(Buffer.from(brotliDecompressSync(answer.content)).toString(), TEXT);
        assert.equal(Buffer.from(gunzipSync((await ask(site, '/a.js', 'gzip')).content)).toString(), TEXT);
        // Tools that copy the time drop its fraction.
        await utimes(join(site.root, 'a.js.br'), MODIFIED, Math.floor(MODIFIED));
        await new Promise((resolve) => setTimeout(resolve, 1010));
        assert.equal((await ask(site, '/a.js', 'br')).text, 'BR');
      }));

    test('are left out where they are not wanted', () =>
      withSite(tree, { precompressed: false, compress: false }, async (site) => {
        const answer = await ask(site, '/a.js', 'br');
        assert.equal(answer.text, TEXT);
        assert.equal(answer.field('vary'), undefined);
      }));

    test('that come, change and go are noticed', () =>
      withSite({ 'a.bin': 'plain' }, {}, async (site) => {
        const pause = () => new Promise((resolve) => setTimeout(resolve, 110));
        assert.equal((await ask(site, '/a.bin', 'br')).text, 'plain');
        await put(site.root, 'a.bin.br', 'BR1');
        // Until it is looked for again, the file itself is sent, which is right as well.
        await new Promise((resolve) => setTimeout(resolve, 1010));
        assert.equal((await ask(site, '/a.bin', 'br')).text, 'BR1');
        await put(site.root, 'a.bin.br', 'BR2');
        await pause();
        assert.equal((await ask(site, '/a.bin', 'br')).text, 'BR2');
        await rm(join(site.root, 'a.bin.br'));
        await pause();
        assert.equal((await ask(site, '/a.bin', 'br')).text, 'plain');
      }));
  });

  test('that come along with a new file are there at once, and are not looked for each time that file is', () =>
    withSite({ 'a.bin': 'plain' }, {}, async (site) => {
      const pause = () => new Promise((resolve) => setTimeout(resolve, 110));
      await atRest();
      const requests = async () => (await counted(() => ask(site, '/a.bin', 'br'))).fileRequests;
      // They are looked for once a second: a machine that stands still for so long has another try.
      await inOneOf(5, async () => {
        await requests();
        await pause();
        const alone = await requests();
        assert.ok(alone <= 3, `${alone}: the root, the path and the file`);
      });
      await put(site.root, 'a.bin.br', 'BR');
      await put(site.root, 'a.bin', 'other');
      await pause();
      assert.equal((await ask(site, '/a.bin', 'br')).text, 'BR');
    }));
});
