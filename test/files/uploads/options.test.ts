import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { uploadSettings } from '../../../src/files/uploads/options.ts';
import { uploads } from '../../../src/files/uploads/uploads.ts';

test('uploadSettings fills in what is missing', () => {
  const { isReserved, files, ...defaults } = uploadSettings({});
  assert.deepEqual(defaults, { maxFileSize: 2 ** 30, overwrite: false, delete: false, dotfiles: false });
  assert.equal(isReserved('/a'), false);
  assert.equal(files.notFound.join(), '404.html');
  const { isReserved: _, files: __, ...others } = uploadSettings({ overwrite: true, maxFileSize: 0 });
  assert.deepEqual(others, {
    ...defaults,
    overwrite: true,
    maxFileSize: 0,
  });
});

const wrong: [options: unknown, error: RegExp][] = [
  [null, /^TypeError: options: expected an object, got null/],
  [{ overwite: true }, /^TypeError: options\.overwite: there is no such option/],
  [{ overwrite: 'yes' }, /^TypeError: options\.overwrite: expected a boolean, got "yes"/],
  [{ maxFileSize: '1k' }, /^TypeError: options\.maxFileSize: expected an integer from 0 to .*, got "1k"/],
  [{ maxFileSize: -1 }, /^RangeError: options\.maxFileSize: expected an integer .*, got -1/],
  [{ maxFileSize: 1.5 }, /^RangeError: options\.maxFileSize: .*1\.5/],
  [{ maxFileSize: Infinity }, /^RangeError/],
];
for (const [options, error] of wrong) {
  test(`uploadSettings refuses ${JSON.stringify(options)}`, () => {
    assert.throws(() => uploadSettings(options as object), error);
  });
}

test('uploads refuses what is no root and no handler', () => {
  const next = () => new Response();
  assert.throws(() => uploads('', next), /^RangeError: root: expected a path, got ""/);
  assert.throws(() => uploads(tmpdir(), {}, undefined as never), /^TypeError: next: expected a function/);
  assert.throws(() => uploads(tmpdir(), next, { x: 1 } as never), /^TypeError: options\.x/);
  // The order before 0.2.
  assert.throws(() => uploads(tmpdir(), { x: 1 } as never, next), /^TypeError: options\.x/);
});
