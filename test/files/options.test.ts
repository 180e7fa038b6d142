import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { files } from '../../src/files/files.ts';
import { settingsFor } from '../../src/files/options.ts';

describe('files options', () => {
  it('have defaults', () => {
    const { isReserved, ...settings } = settingsFor({});
    assert.equal(isReserved('/a'), false);
    assert.deepEqual(settings, {
      prefix: '',
      index: 'index.html',
      cleanUrls: false,
      spa: undefined,
      notFound: ['404.html'],
      listing: false,
      dotfiles: false,
      symlinks: 'within',
      cacheControl: undefined,
      disposition: undefined,
      isPrivate: false,
      etag: 'time',
      mediaTypes: new Map(),
      precompressed: true,
      compress: true,
      memory: 64 * 1024 * 1024,
      uploads: undefined,
    });
  });

  it('are made complete', () => {
    const settings = settingsFor({
      index: false,
      spa: './app/shell.html',
      notFound: '/errors/404.html',
      mediaTypes: { '.GLSL': 'text/plain', obj: 'model/obj' },
      memory: 0,
    });
    assert.equal(settings.index, undefined);
    assert.deepEqual(settings.spa, ['app', 'shell.html']);
    assert.deepEqual(settings.notFound, ['errors', '404.html']);
    assert.deepEqual(
      [...settings.mediaTypes],
      [
        ['.glsl', 'text/plain'],
        ['.obj', 'model/obj'],
      ],
    );
    assert.equal(settings.memory, 0);
    assert.deepEqual(settingsFor({ spa: true }).spa, ['index.html']);
    assert.equal(settingsFor({ spa: false }).spa, undefined);
  });

  const wrong: [object, ErrorConstructor, string][] = [
    [{ indexes: 'a' }, TypeError, 'options.indexes: there is no such option'],
    [{ index: true }, TypeError, 'options.index: expected a string, got true'],
    [{ index: '' }, RangeError, 'options.index: expected the path of a file below the root, got ""'],
    [{ index: 'a/b.html' }, RangeError, 'options.index: expected the name of a file, got "a/b.html"'],
    [{ index: '..' }, RangeError, 'options.index: '],
    [{ cleanUrls: 'yes' }, TypeError, 'options.cleanUrls: expected a boolean, got "yes"'],
    [{ spa: 1 }, TypeError, 'options.spa: expected a string, got 1'],
    [{ spa: '../index.html' }, RangeError, 'options.spa: expected the path of a file below the root, got '],
    [{ spa: 'a//b' }, RangeError, 'options.spa: '],
    [{ spa: 'a\\b' }, RangeError, 'options.spa: '],
    [{ notFound: 'a/../../b' }, RangeError, 'options.notFound: '],
    [{ notFound: false }, TypeError, 'options.notFound: expected a string, got false'],
    [{ listing: 1 }, TypeError, 'options.listing: expected a boolean, got 1'],
    [{ dotfiles: 'true' }, TypeError, 'options.dotfiles: '],
    [{ symlinks: true }, RangeError, 'options.symlinks: expected one of "within", "anywhere", got true'],
    [{ symlinks: 'none' }, RangeError, 'options.symlinks: '],
    [{ cacheControl: true }, TypeError, 'options.cacheControl: expected a string, false or a function, got '],
    [{ cacheControl: 'a\r\nb: c' }, RangeError, 'options.cacheControl: expected a field value '],
    [{ cacheControl: '' }, RangeError, 'options.cacheControl: '],
    [{ etag: 'inode' }, RangeError, 'options.etag: expected one of "time", "content", got "inode"'],
    [{ disposition: 'attachment' }, TypeError, 'options.disposition: expected a function, got "attachment"'],
    [{ mediaTypes: 'text/plain' }, TypeError, 'options.mediaTypes: expected an object, got "text/plain"'],
    [{ mediaTypes: { a: 1 } }, TypeError, 'options.mediaTypes.a: expected a string, got 1'],
    [{ mediaTypes: { a: 'text' } }, RangeError, 'options.mediaTypes.a: expected a media type '],
    [{ mediaTypes: { a: 'text/plain;\n' } }, RangeError, 'options.mediaTypes.a: '],
    [
      { mediaTypes: { 'tar.gz': 'application/gzip' } },
      RangeError,
      'options.mediaTypes: expected an extension ',
    ],
    [{ mediaTypes: { '': 'text/plain' } }, RangeError, 'options.mediaTypes: expected an extension '],
    [{ mediaTypes: { '*.txt': 'text/plain' } }, RangeError, 'options.mediaTypes: expected an extension '],
    [{ precompressed: 0 }, TypeError, 'options.precompressed: '],
    [{ compress: 'br' }, TypeError, 'options.compress: '],
    [{ memory: '1' }, TypeError, 'options.memory: expected an integer from 0 to 9007199254740991, got "1"'],
    [{ memory: -1 }, RangeError, 'options.memory: expected an integer from 0 to 9007199254740991, got -1'],
    [{ memory: 1.5 }, RangeError, 'options.memory: '],
    [{ memory: Number.NaN }, RangeError, 'options.memory: '],
    [{ uploads: 1 }, TypeError, 'options.uploads: '],
  ];
  for (const [options, kind, message] of wrong) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      assert.throws(
        () => files('.', options as never),
        (error: Error) => error instanceof kind && error.message.startsWith(message),
      );
    });
  }

  it('refuse what is no path and no options', () => {
    assert.throws(() => files(undefined as never), /^TypeError: root: expected a path, got undefined/);
    // As from a variable that is not set: it would be the folder that the program was started in.
    for (const root of ['', 'a\0b']) assert.throws(() => files(root), RangeError);
    assert.throws(() => files('.', null as never), /^TypeError: options: expected an object, got null/);
  });

  it('look at nothing before the first request', () => {
    assert.equal(typeof files('/nowhere/at/all'), 'function');
  });
});
