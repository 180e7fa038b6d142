import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { files } from '../../src/files/files.ts';
import { settingsFor } from '../../src/files/options.ts';

describe('files options', () => {
  it('have defaults', () => {
    const { isReserved, ...settings } = settingsFor({});
    assert.equal(isReserved('/a'), false);
    assert.deepEqual(settings, {
      index: 'index.html',
      cleanUrls: false,
      spa: undefined,
      notFound: ['404.html'],
      listing: false,
      dotfiles: false,
      symlinks: 'within',
      cacheControl: undefined,
      disposition: undefined,
      mediaTypes: new Map(),
      precompressed: true,
      compress: true,
      memory: 64 * 1024 * 1024,
      uploads: false,
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

  const wrong: [object, ErrorConstructor, RegExp][] = [
    [{ indexes: 'a' }, TypeError, /no option 'indexes'/],
    [{ index: true }, TypeError, /^index: not a string: true/],
    [{ index: '' }, RangeError, /^index: .*: ''/],
    [{ index: 'a/b.html' }, RangeError, /^index: not the name of a file: 'a\/b.html'/],
    [{ index: '..' }, RangeError, /^index: /],
    [{ cleanUrls: 'yes' }, TypeError, /^cleanUrls: neither true nor false: 'yes'/],
    [{ spa: 1 }, TypeError, /^spa: not a string: 1/],
    [{ spa: '../index.html' }, RangeError, /^spa: not the path of a file below the root/],
    [{ spa: 'a//b' }, RangeError, /^spa: /],
    [{ spa: 'a\\b' }, RangeError, /^spa: /],
    [{ notFound: 'a/../../b' }, RangeError, /^notFound: /],
    [{ notFound: false }, TypeError, /^notFound: not a string: false/],
    [{ listing: 1 }, TypeError, /^listing: /],
    [{ dotfiles: 'true' }, TypeError, /^dotfiles: /],
    [{ symlinks: true }, TypeError, /^symlinks: not a string: true/],
    [{ symlinks: 'none' }, RangeError, /^symlinks: neither 'within' nor 'anywhere': 'none'/],
    [{ cacheControl: true }, TypeError, /^cacheControl: neither a string, false nor a function: true/],
    [{ cacheControl: 'a\r\nb: c' }, RangeError, /^cacheControl: not the value of a field/],
    [{ cacheControl: '' }, RangeError, /^cacheControl: /],
    [{ disposition: 'attachment' }, TypeError, /^disposition: not a function: 'attachment'/],
    [{ mediaTypes: 'text/plain' }, TypeError, /^mediaTypes: not an object/],
    [{ mediaTypes: { a: 1 } }, TypeError, /^mediaTypes: a: not a string: 1/],
    [{ mediaTypes: { a: 'text' } }, RangeError, /^mediaTypes: a: not a media type .*: 'text'/],
    [{ mediaTypes: { a: 'text/plain;\n' } }, RangeError, /^mediaTypes: a: /],
    [
      { mediaTypes: { 'tar.gz': 'application/gzip' } },
      RangeError,
      /^mediaTypes: not an extension.*: 'tar.gz'/,
    ],
    [{ mediaTypes: { '': 'text/plain' } }, RangeError, /^mediaTypes: not an extension.*: ''/],
    [{ mediaTypes: { '*.txt': 'text/plain' } }, RangeError, /^mediaTypes: not an extension/],
    [{ precompressed: 0 }, TypeError, /^precompressed: /],
    [{ compress: 'br' }, TypeError, /^compress: /],
    [{ memory: '1' }, TypeError, /^memory: not a number: '1'/],
    [{ memory: -1 }, RangeError, /^memory: not a number of octets: -1/],
    [{ memory: 1.5 }, RangeError, /^memory: /],
    [{ memory: Number.NaN }, RangeError, /^memory: /],
    [{ uploads: 1 }, TypeError, /^uploads: /],
  ];
  for (const [options, kind, message] of wrong) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      assert.throws(
        () => files('.', options as never),
        (error: Error) => error instanceof kind && message.test(error.message),
      );
    });
  }

  it('refuse what is no path and no options', () => {
    assert.throws(() => files(undefined as never), /the root is not a path: undefined/);
    // As from a variable that is not set: it would be the folder that the program was started in.
    for (const root of ['', 'a\0b']) assert.throws(() => files(root), RangeError);
    assert.throws(() => files('.', null as never), /the options are not an object: null/);
  });

  it('look at nothing before the first request', () => {
    assert.equal(typeof files('/nowhere/at/all'), 'function');
  });
});
