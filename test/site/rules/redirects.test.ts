import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Redirect, redirects } from '../../../src/site/rules/redirects.ts';
import { RUNS } from '../../property/arbitraries.ts';
import { ask } from '../ask.ts';

const here = () => new Response('here');

async function locationFor(rule: Redirect, path: string): Promise<string | null> {
  return (await ask(redirects([rule], here), path)).headers.get('location');
}

describe('redirects', () => {
  const leads: [source: string, destination: string, path: string, location: string | null][] = [
    ['/a', '/b', '/a', '/b'],
    ['/a', '/b', '/c', null],
    ['/a', '/b', '/a?x=1', '/b?x=1'],
    ['/a', '/b?y', '/a?x=1', '/b?y'],
    ['/a', '/b?', '/a?x=1', '/b?'],
    ['/a', '/b#c', '/a?x=1', '/b?x=1#c'],
    ['/a', 'https://b.example', '/a', 'https://b.example/'],
    ['/a', 'https://b.example?x', '/a', 'https://b.example/?x'],
    ['/a', 'http://b.example:8080/c', '/a', 'http://b.example:8080/c'],
    ['/a', 'http://[::1]:8080/c', '/a', 'http://[::1]:8080/c'],
    ['/a', '/é "b"', '/a', '/%C3%A9%20%22b%22'],
    ['/a', '/%C3%A9', '/a', '/%C3%A9'],
    ['/a', '/Talk:A', '/a', '/Talk:A'],
    ['/a/:x', '/b/:x', '/a/%C3%A9%2F%20', '/b/%C3%A9%2F%20'],
    ['/a/:x', '/b?x=:x&y=:x', '/a/1&2', '/b?x=1%262&y=1%262'],
    ['/old/:p*', '/new/:p*', '/old/b/c/', '/new/b/c/'],
    ['/old/:p*', '/new/:p*', '/old', '/new'],
    ['/old/:p*', '/new/:p*', '/old/', '/new/'],
    ['/old/:p*', '/:p*', '/old', '/'],
    ['/old/:p*', '/:p*/x', '/old/a/', '/a/x'],
    ['/old/:p*', '/x?p=:p*', '/old/a/b', '/x?p=a%2Fb'],
    ['/:p*', 'https://b.example/:p*', '/a/b?c', 'https://b.example/a/b?c'],
    // Its own destination matches as well; that is where it ends.
    ['/**', '/index.html', '/a', '/index.html'],
    ['/**', '/index.html', '/index.html', null],
    ['/**', '/', '/?x', null],
  ];
  for (const [source, destination, path, location] of leads) {
    it(`${source} → ${destination} leads ${path} to ${location}`, async () => {
      assert.equal(await locationFor({ source, destination }, path), location);
    });
  }

  it('RFC 9110 §15.4: are 302 unless another status is given', async () => {
    assert.equal((await ask(redirects([{ source: '/a', destination: '/b' }], here), '/a')).status, 302);
    for (const status of [301, 302, 303, 307, 308] as const) {
      const handler = redirects([{ source: '/a', destination: '/b', status }], here);
      const response = await ask(handler, '/a', { method: 'POST' });
      assert.equal(response.status, status);
      assert.equal(response.headers.get('location'), '/b');
    }
  });

  it('count from the first one that matches', async () => {
    const handler = redirects(
      [
        { source: '/a', destination: '/1' },
        { source: '/**', destination: '/2' },
      ],
      here,
    );
    assert.equal((await ask(handler, '/a')).headers.get('location'), '/1');
    assert.equal((await ask(handler, '/b')).headers.get('location'), '/2');
  });

  it('leave OPTIONS and what is not well encoded alone', async () => {
    const handler = redirects([{ source: '/**', destination: '/b' }], here);
    assert.equal((await ask(handler, '/a', { method: 'OPTIONS' })).status, 200);
    assert.equal((await ask(handler, '/%ff')).status, 200);
  });

  it('never lead to another host, whatever the path is', async () => {
    const piece = fc.constantFrom(
      '',
      '/',
      '\\',
      '%2f',
      '%5c',
      '%2F%2F',
      'evil.example',
      '@',
      '..',
      '%2e%2e',
      '.',
      '%09',
      '%',
      'a',
      ':',
      'http:',
    );
    const rules: Redirect[] = [
      { source: '/old/:p*', destination: '/:p*' },
      { source: '/old/:p*', destination: '/:p*/x' },
      { source: '/old/:x/**', destination: '/:x' },
      { source: '/:p*', destination: '/:p*?moved' },
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.constantFrom(...rules), async (pieces, rule) => {
        const location = await locationFor(rule, `/old/${pieces.join('')}`);
        if (location === null) return;
        assert.match(location, /^\/(?![/\\])/);
        assert.equal(new URL(location, 'http://127.0.0.1:4221/a/b').origin, 'http://127.0.0.1:4221');
      }),
      RUNS,
    );
  });

  const refused: [Redirect, RegExp][] = [
    [{ source: 'a', destination: '/b' }, /^source: /],
    [{ source: '/a', destination: 'b' }, /^destination: expected a path/],
    [{ source: '/a', destination: '' }, /^destination: expected a path/],
    [{ source: '/a', destination: '//b.example' }, /^destination: expected a path/],
    [{ source: '/a', destination: '/\\b.example' }, /^destination: expected a path/],
    [{ source: '/a', destination: '/b//c' }, /^destination: expected a path/],
    [{ source: '/a', destination: 'ftp://b.example/' }, /^destination: expected a path/],
    [{ source: '/a', destination: 'javascript:alert(1)' }, /^destination: expected a path/],
    [{ source: '/a', destination: 'https://' }, /has no valid host/],
    [{ source: '/a', destination: 'https://b.example\\c' }, /^destination: expected a path/],
    [{ source: '/:a', destination: 'https://:a.example/' }, /the host cannot contain a parameter/],
    [{ source: '/a', destination: 'https://u:p@b.example/' }, /the host cannot contain a parameter/],
    [{ source: '/:a', destination: '/:b' }, /no parameter ":b"/],
    [{ source: '/:a', destination: '/:a.html' }, /no parameter ":a\.html"/],
    [{ source: '/:a', destination: '/x?y=:b' }, /no parameter ":b"/],
    [{ source: '/a', destination: '/\ud800' }, /^destination: /],
  ];
  for (const [rule, message] of refused) {
    it(`refuse ${rule.source} → ${JSON.stringify(rule.destination)}`, () => {
      assert.throws(() => redirects([rule], here), { name: 'TypeError', message });
    });
  }

  it('cost nothing where there are none', () => assert.equal(redirects([], here), here));
});
