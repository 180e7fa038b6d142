import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodedSegments, parsePattern } from '../../../src/site/rules/path-pattern.ts';
import { RUNS } from '../../property/arbitraries.ts';

function matches(source: string, pathname: string): Record<string, readonly string[]> | undefined {
  const captures = parsePattern(source).match(decodedSegments(pathname) ?? []);
  return captures && Object.fromEntries(captures);
}

describe('a path pattern', () => {
  const hits: [string, string, Record<string, string[]>?][] = [
    ['/', '/'],
    ['/about', '/about'],
    ['/about/', '/about/'],
    ['/*', '/'],
    ['/*', '/a'],
    ['/*.js', '/.js'],
    ['/*.js', '/a.b.js'],
    ['/a*b*c', '/abc'],
    ['/a*b*c', '/a-b-b-c'],
    ['/aa*aa', '/aaaa'],
    ['/**', '/'],
    ['/**', '/a/b/'],
    ['/docs/**', '/docs'],
    ['/docs/**', '/docs/'],
    ['/docs/**', '/docs/a/b'],
    ['/**/*.html', '/index.html'],
    ['/**/*.html', '/a/b/index.html'],
    ['/**/a/**/b', '/a/b'],
    ['/**/a/**/b', '/x/a/a/b/b'],
    ['/**/', '/a/'],
    ['/*.{js,css}', '/a.css'],
    ['/{a,b}/{c,d}', '/b/d'],
    ['/{,old/}a', '/old/a'],
    ['/:a', '/x', { a: ['x'] }],
    ['/:a/:b', '/x/y', { a: ['x'], b: ['y'] }],
    ['/:path*', '/', { path: [''] }],
    ['/old/:path*', '/old', { path: [] }],
    ['/old/:path*', '/old/', { path: [''] }],
    ['/old/:path*', '/old//x', { path: ['', 'x'] }],
    ['/:path*/edit/:id', '/a/edit/b/edit/c', { path: ['a', 'edit', 'b'], id: ['c'] }],
    ['/{en,de}/:page', '/de/x', { page: ['x'] }],
    ['/é t é', '/%C3%A9%20t%20%C3%A9'],
    ['/100%', '/100%25'],
    ['/a:b', '/a:b'],
  ];
  for (const [source, path, captures = {}] of hits) {
    it(`${source} takes ${path}`, () => assert.deepEqual(matches(source, path), captures));
  }

  const misses: [string, string][] = [
    ['/', '/a'],
    ['/about', '/about/'],
    ['/about', '/About'],
    ['/about/', '/about'],
    ['/*', '/a/'],
    ['/*.js', '/a.jsx'],
    ['/*.js', '/a/b.js'],
    ['/aa*aa', '/aaa'],
    ['/a*b*c', '/a-c-b'],
    ['/docs/**', '/docs.html'],
    ['/docs/**', '/'],
    ['/**/a', '/b'],
    ['/:a', '/'],
    ['/:a', '/x/'],
    ['/:a/b', '//b'],
    // An encoded slash is part of a name, and ends no segment.
    ['/a/b', '/a%2Fb'],
    ['/a/:x', '/a%2Fb'],
    // What is not well encoded matches nothing; the files answer 400.
    ['/**', '/%'],
    ['/**', '/%ff'],
  ];
  for (const [source, path] of misses) {
    it(`${source} does not take ${path}`, () => {
      const segments = decodedSegments(path);
      assert.equal(segments && parsePattern(source).match(segments), undefined);
    });
  }

  it('decodes once', () => {
    assert.deepEqual(decodedSegments('/%252F/a%2Fb/%2e'), ['%2F', 'a/b', '.']);
    assert.deepEqual(matches('/:a', '/%2541'), { a: ['%41'] });
  });

  const refused: Record<string, RegExp> = {
    '': /begins with "\/"/,
    about: /begins with "\/", got "about"; "\/\*\*\/about"/,
    '/a?b': /without "\?"/,
    '/a#b': /without "\?"/,
    '/caf%C3%A9': /the character itself/,
    '/(.*)': /"\(" is not supported/,
    '/[ab]': /"\[" is not supported/,
    '/a\\b': /"\\" is not supported/,
    '/:': /a parameter must be a whole segment/,
    '/:1': /a parameter must be a whole segment/,
    '/:a.html': /":a\.html": a parameter must be a whole segment/,
    '/a**': /must be a whole segment/,
    '/**b': /must be a whole segment/,
    '/:a/:a': /duplicate parameter ":a"/,
    '/{a': /"{" without "}"/,
    '/a}': /"}" without "{"/,
    '/{a,{b}}': /"{" within "{"/,
    '/{a,:x}': /the same parameters/,
    [`/${'{a,b}'.repeat(7)}`]: /more than 64/,
  };
  for (const [source, message] of Object.entries(refused)) {
    it(`refuses "${source}", and says why`, () => {
      assert.throws(() => parsePattern(source), { name: 'TypeError', message });
    });
  }

  it('may be 64 patterns, and not 65', () => {
    assert.ok(parsePattern(`/${'{a,b}'.repeat(6)}`).match(['ababab']));
    const many = (n: number) => `/{${Array.from({ length: n }, (_, i) => i).join()}}`;
    assert.ok(parsePattern(many(64)));
    assert.throws(() => parsePattern(many(65)), /more than 64/);
  });

  it('agrees with a regular expression that says the same', () => {
    const piece = fc.constantFrom('a', 'b', '*', '**', 'a*', '*b', 'a*b', 'a*a*b');
    const segment = fc.constantFrom('', 'a', 'b', 'ab', 'aab', 'abab');
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.array(segment, { minLength: 1, maxLength: 6 }),
        (pieces, path) => {
          const body = pieces
            .map((text) => (text === '**' ? '(?:/[^/]*)*' : `/${text.replaceAll('*', '[^/]*')}`))
            .join('');
          const expected = new RegExp(`^${body}$`).test(`/${path.join('/')}`);
          assert.equal(parsePattern(`/${pieces.join('/')}`).match(path) !== undefined, expected);
        },
      ),
      { ...RUNS, numRuns: 2000 },
    );
  });

  it('takes no time that grows with more than both lengths', () => {
    const globs = parsePattern(`/${'*a'.repeat(50)}*b`);
    const rests = parsePattern(`${'/**/a'.repeat(50)}/b`);
    const start = performance.now();
    assert.equal(globs.match(['a'.repeat(8000)]), undefined);
    assert.equal(rests.match(new Array(4000).fill('a')), undefined);
    // It takes a few; whoever goes back for each star would not come to an end.
    assert.ok(performance.now() - start < 10_000);
  });
});
