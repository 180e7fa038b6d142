import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { uploadSettings } from '../../../src/files/uploads/options.ts';
import { uploads } from '../../../src/files/uploads/uploads.ts';

test('uploadSettings fills in what is missing', () => {
  const { isReserved, ...defaults } = uploadSettings({});
  assert.deepEqual(defaults, { maxFileSize: 2 ** 30, overwrite: false, dotfiles: false });
  assert.equal(isReserved('/a'), false);
  assert.deepEqual(uploadSettings({ overwrite: true, maxFileSize: 0 }), {
    ...defaults,
    isReserved,
    overwrite: true,
    maxFileSize: 0,
  });
});

const wrong: [options: unknown, error: RegExp][] = [
  [null, /^TypeError: uploads: not an object: null/],
  [{ overwite: true }, /^TypeError: uploads\.overwite: there is no such option/],
  [{ overwrite: 'yes' }, /^TypeError: uploads\.overwrite: not a boolean: yes/],
  [{ maxFileSize: '1k' }, /^TypeError: uploads\.maxFileSize: not a number: 1k/],
  [{ maxFileSize: -1 }, /^RangeError: uploads\.maxFileSize: not a number of octets: -1/],
  [{ maxFileSize: 1.5 }, /^RangeError: uploads\.maxFileSize: not a number of octets: 1\.5/],
  [{ maxFileSize: Infinity }, /^RangeError/],
];
for (const [options, error] of wrong) {
  test(`uploadSettings refuses ${JSON.stringify(options)}`, () => {
    assert.throws(() => uploadSettings(options as object), error);
  });
}

test('uploads refuses what is no root and no handler', () => {
  const next = () => new Response();
  assert.throws(() => uploads('', {}, next), /^TypeError: uploads: root/);
  assert.throws(() => uploads(tmpdir(), {}, undefined as never), /^TypeError: uploads: next/);
  assert.throws(() => uploads(tmpdir(), { x: 1 } as never, next), /^TypeError: uploads\.x/);
});
