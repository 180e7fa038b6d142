/** The headers of a request: a field section until they are changed, and always as `Headers` would have them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { get, inHandler } from '../server/with-server.ts';

const FIELDS = [
  'X-B: 2',
  'x-a: 1',
  'X-A:  3 ',
  'Cookie: a=1',
  'X-Empty:',
  'X-Latin: caf\xe9',
  '__proto__: x',
  '7: seven',
];

/** What `new Headers()` makes of the same fields. */
function expected(): Headers {
  const headers = new Headers({ host: 'a' });
  for (const field of FIELDS) {
    const colon = field.indexOf(':');
    headers.append(field.slice(0, colon), field.slice(colon + 1));
  }
  return headers;
}

const withHeaders = (title: string, check: (headers: Headers) => void) =>
  test(title, () => inHandler(get('/', ...FIELDS), (request) => check(request.headers)));

describe('request.headers', () => {
  withHeaders('they are an instance of Headers and say so', (headers) => {
    assert.ok(headers instanceof Headers);
    assert.equal(Object.prototype.toString.call(headers), '[object Headers]');
  });

  withHeaders('get: joins repeated fields, in any case, and gives null for what is not there', (headers) => {
    for (const name of [
      'x-a',
      'X-A',
      'x-b',
      'cookie',
      'X-Empty',
      'x-latin',
      'host',
      '__proto__',
      '7',
      'absent',
    ]) {
      assert.equal(headers.get(name), expected().get(name), name);
    }
  });

  withHeaders('has: finds names in any case and nothing that an object inherits', (headers) => {
    for (const name of ['X-a', 'X-EMPTY', '__proto__']) assert.equal(headers.has(name), true, name);
    for (const name of ['constructor', 'toString', 'x']) assert.equal(headers.has(name), false, name);
  });

  withHeaders('get and has: throw a TypeError for what is no field name', (headers) => {
    for (const name of ['', 'a b', 'a:', 'é', 'a\r\n']) {
      assert.throws(() => headers.get(name), TypeError, JSON.stringify(name));
      assert.throws(() => headers.has(name), TypeError, JSON.stringify(name));
    }
  });

  withHeaders('iteration: sorted, lower-cased and combined, in all its forms', (headers) => {
    const pairs = [...expected()];
    assert.deepEqual([...headers], pairs);
    assert.deepEqual([...headers.entries()], pairs);
    assert.deepEqual(
      [...headers.keys()],
      pairs.map(([name]) => name),
    );
    assert.deepEqual(
      [...headers.values()],
      pairs.map(([, value]) => value),
    );
  });

  withHeaders('forEach: calls back with value, name and the headers, with the given this', (headers) => {
    const seen: [string, string][] = [];
    const self = {};
    headers.forEach(function (this: unknown, value, name, parent) {
      assert.equal(this, self);
      assert.equal(parent, headers);
      seen.push([name, value]);
    }, self);
    assert.deepEqual(seen, [...expected()]);
  });

  withHeaders('new Headers(headers) and Object.fromEntries(headers) copy them', (headers) => {
    assert.deepEqual([...new Headers(headers)], [...expected()]);
    assert.deepEqual(Object.fromEntries(headers), Object.fromEntries(expected()));
  });

  withHeaders('changes are seen by every way of looking at them', (headers) => {
    headers.set('X-B', 'changed');
    headers.append('x-a', '4');
    headers.delete('Cookie');
    headers.append('X-New', 'n');
    assert.equal(headers.get('x-b'), 'changed');
    assert.equal(headers.get('x-a'), '1, 3, 4');
    assert.equal(headers.has('cookie'), false);
    assert.equal(headers.get('x-new'), 'n');
    assert.equal(Object.fromEntries(headers)['x-b'], 'changed');
    assert.equal([...headers.keys()].includes('cookie'), false);
  });

  withHeaders('a change that is not valid throws and changes nothing', (headers) => {
    assert.throws(() => headers.set('x-b', 'a\r\nb'), TypeError);
    assert.throws(() => headers.append('a b', 'c'), TypeError);
    assert.deepEqual([...headers], [...expected()]);
  });

  for (const name of ['cookie', 'accept', 'accept-encoding', 'x-forwarded-for', 'content-type', 'x-a']) {
    const joined = name === 'cookie' ? 'a=1; b=2; c=3' : 'a=1, b=2, c=3';
    const lines = ['a=1', 'b=2', 'c=3'].map((value) => `${name}: ${value}`);

    test(`RFC 9110 §5.3, RFC 6265 §4.2.1: several lines of ${name} are the same by every way to read them`, () =>
      inHandler(get('/', ...lines), (request, ctx) => {
        const { headers } = request;
        assert.equal(headers.get(name), joined, 'get');
        assert.equal(Object.fromEntries(headers)[name], joined, 'iteration');
        assert.equal(headers.get(name), joined, 'get after iteration');
        assert.equal(new Headers(headers).get(name), joined, 'a copy');
        assert.equal(ctx.request.headers.get(name), joined, 'ctx.request');
        assert.equal(request.clone().headers.get(name), joined, 'clone');
        headers.forEach((value, key) => {
          if (key === name) assert.equal(value, joined, 'forEach');
        });
      }));
  }

  test('a cookie that is appended is joined to those that were received', () =>
    inHandler(get('/', 'Cookie: a=1'), ({ headers }) => {
      headers.append('Cookie', 'b=2');
      assert.equal(headers.get('cookie'), 'a=1; b=2');
    }));

  test('getSetCookie: gives each value by itself', () =>
    inHandler(get('/', 'Set-Cookie: a=1', 'Set-Cookie: b=2'), ({ headers }) => {
      assert.deepEqual(headers.getSetCookie(), ['a=1', 'b=2']);
      const cookies = [...headers].filter(([name]) => name === 'set-cookie');
      assert.deepEqual(cookies, [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ]);
    }));

  test('a change in one request is not seen in the next', async () => {
    const seen: (string | null)[] = [];
    for (let i = 0; i < 2; i++) {
      await inHandler(get('/', 'X-A: 1'), ({ headers }) => {
        seen.push(headers.get('x-a'));
        headers.set('x-a', 'changed');
      });
    }
    assert.deepEqual(seen, ['1', '1']);
  });
});
