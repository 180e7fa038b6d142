import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileCache, VALID_MS } from '../../../src/files/lookup/file-cache.ts';
import { Representation } from '../../../src/files/resource/representation.ts';
import { FileResource, REPRESENTATION_OCTETS } from '../../../src/files/resource/resource.ts';

const STATE = { file: '1:1', version: '1', size: 5, modified: 1n, changed: 1n, seen: 1_700_000_000_000 };
const DESCRIPTION = {
  servedPath: '/a',
  isImmutable: false,
  contentType: 'text/plain',
  cacheControl: undefined,
  contentDisposition: undefined,
  vary: undefined,
  hasCodings: false,
};

const resource = (key: string) =>
  new FileResource(key, { path: key, kind: 'file', state: STATE }, DESCRIPTION, [], []);
const content = (octets: number) => Buffer.alloc(octets);
const OVERHEAD = resource('/').ownOctets;

describe('FileCache', () => {
  it('gives a file until 100 ms have passed since the file system was asked', () => {
    let now = 1000;
    const cache = new FileCache(10 * OVERHEAD, () => now);
    const a = resource('/a');
    cache.keep(a, now);
    assert.equal(cache.fresh('/a'), a);
    assert.equal(cache.fresh('/b'), undefined);
    now += VALID_MS - 0.01;
    assert.equal(cache.fresh('/a'), a);
    now += 0.01;
    assert.equal(cache.fresh('/a'), undefined);
    assert.equal(cache.known('/a'), a, 'to be compared with what is there now');
    cache.keep(a, now);
    assert.equal(cache.fresh('/a'), a);
    assert.equal(VALID_MS, 100);
  });

  it('keeps as many bytes of content as it may, and not one more', () => {
    const cache = new FileCache(OVERHEAD + 200);
    const a = resource('/a');
    cache.keep(a, 0);
    assert.equal(cache.keepContent(a, a.identity, content(101)), false);
    assert.equal(a.identity.content, undefined);
    assert.equal(cache.octets, OVERHEAD);
    assert.equal(cache.keepContent(a, a.identity, content(100)), true);
    assert.equal(a.representation('identity')?.content?.length, 100);
    assert.equal(cache.octets, OVERHEAD + 200, 'as bytes and as text');
    assert.equal(cache.keepContent(a, a.identity, content(1)), false);
    cache.keep(a, 1);
    assert.equal(cache.octets, OVERHEAD + 200, 'checking it again changes nothing');
  });

  it('adds a coded form, which costs memory beside its content', () => {
    const cache = new FileCache(10 * OVERHEAD);
    const a = resource('/a');
    cache.keep(a, 0);
    const coded = new Representation(DESCRIPTION, 'br', '/a', STATE, content(50));
    assert.equal(cache.keepContent(a, coded, content(50)), true);
    assert.equal(a.representation('br'), coded);
    assert.equal(cache.octets, OVERHEAD + REPRESENTATION_OCTETS + 100);
  });

  it('lets the one go that was looked at longest ago', () => {
    const cache = new FileCache(3 * OVERHEAD);
    const [a, b, c, d] = ['/a', '/b', '/c', '/d'].map(resource) as [
      FileResource,
      FileResource,
      FileResource,
      FileResource,
    ];
    for (const each of [a, b, c]) cache.keep(each, 0);
    assert.equal(cache.octets, 3 * OVERHEAD);
    cache.keep(a, 1);
    cache.keep(d, 1);
    const kept = ['/a', '/b', '/c', '/d'].filter((key) => cache.known(key) !== undefined);
    assert.deepEqual(kept, ['/a', '/c', '/d']);
    assert.equal(cache.octets, 3 * OVERHEAD);
  });

  it('makes room for octets at the cost of others, not of the file they are of', () => {
    const cache = new FileCache(3 * OVERHEAD);
    const [a, b] = [resource('/a'), resource('/b')];
    cache.keep(a, 0);
    cache.keep(b, 0);
    assert.equal(cache.keepContent(a, a.identity, content(OVERHEAD)), true);
    assert.equal(cache.known('/a'), a);
    assert.equal(cache.known('/b'), undefined);
    assert.equal(cache.octets, 3 * OVERHEAD);
    cache.forget('/a');
    assert.equal(cache.octets, 0);
  });

  it('holds nothing for a file that it has let go, or that another has taken the place of', () => {
    const cache = new FileCache(10 * OVERHEAD);
    const [old, now] = [resource('/a'), resource('/a')];
    assert.equal(cache.keepContent(old, old.identity, content(1)), false);
    cache.keep(old, 0);
    cache.keep(now, 1);
    assert.equal(cache.keepContent(old, old.identity, content(1)), false);
    assert.equal(cache.keepContent(now, now.identity, content(1)), true);
    assert.equal(cache.octets, OVERHEAD + 2);
  });

  it('keeps nothing if it has no octets', () => {
    for (const capacity of [0, OVERHEAD - 1]) {
      const cache = new FileCache(capacity);
      cache.keep(resource('/a'), performance.now());
      assert.equal(cache.fresh('/a'), undefined);
      assert.equal(cache.octets, 0);
    }
  });
});
