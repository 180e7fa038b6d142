import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cacheControlOf } from '../../../src/files/resource/cache-control.ts';

const ORDINARY = { isImmutable: false, isPrivate: false };
const IMMUTABLE = { isImmutable: true, isPrivate: false };

describe('cacheControlOf', () => {
  it('is no-cache, and immutable for a year where a build tool has named the file after its content', () => {
    assert.equal(cacheControlOf('/app.js', undefined, ORDINARY), 'no-cache');
    assert.equal(cacheControlOf('/app.js', undefined, IMMUTABLE), 'public, max-age=31536000, immutable');
    const locked = { ...IMMUTABLE, isPrivate: true };
    assert.equal(cacheControlOf('/app.js', undefined, locked), 'private, max-age=31536000, immutable');
  });

  it('is what the owner says, for all or for each', () => {
    assert.equal(cacheControlOf('/app.js', 'no-store', IMMUTABLE), 'no-store');
    assert.equal(cacheControlOf('/app.js', false, ORDINARY), undefined);
    const policy = (path: string) => (path === '/a b.txt' ? 'max-age=60' : undefined);
    assert.equal(cacheControlOf('/a b.txt', policy, ORDINARY), 'max-age=60');
    assert.equal(cacheControlOf('/app.js', policy, ORDINARY), 'no-cache');
  });

  it('refuses what can not be sent', () => {
    const sent = (value: unknown) => () => cacheControlOf('/', () => value as never, ORDINARY);
    assert.throws(sent('a\r\nb: c'), /^TypeError: cacheControl of \/: expected a field value/);
    assert.throws(sent(7), TypeError);
  });
});
