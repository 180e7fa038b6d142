import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CorsOptions, cors } from '../../../src/site/access/cors.ts';
import { ask } from '../ask.ts';

const APP = 'https://app.example';

function asked(options: CorsOptions, headers: Record<string, string>, method = 'GET'): Promise<Response> {
  const next = () => new Response('x', { headers: { Vary: 'Accept-Encoding' } });
  return ask(cors(options, next), '/a', { method, headers });
}

function preflight(options: CorsOptions, headers: Record<string, string> = {}): Promise<Response> {
  return asked(options, { Origin: APP, 'Access-Control-Request-Method': 'PUT', ...headers }, 'OPTIONS');
}

describe('cors', () => {
  it('lets everybody read, and says so to all alike', async () => {
    for (const headers of [{}, { Origin: APP }] as Record<string, string>[]) {
      const response = await asked({}, headers);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.equal(response.headers.get('access-control-allow-credentials'), null);
      assert.equal(response.headers.get('vary'), 'Accept-Encoding');
      for (const name of ['Content-Range', 'ETag', 'Accept-Ranges', 'Content-Encoding']) {
        assert.ok(response.headers.get('access-control-expose-headers')!.split(', ').includes(name));
      }
    }
  });

  it('lets those who are listed read, and has caches tell them apart', async () => {
    const options = { origins: [APP, 'http://localhost:3000'] };
    const listed = await asked(options, { Origin: 'http://localhost:3000' });
    assert.equal(listed.headers.get('access-control-allow-origin'), 'http://localhost:3000');
    for (const origin of ['http://localhost', 'https://app.example.evil', 'null', 'HTTPS://APP.EXAMPLE']) {
      const other = await asked(options, { Origin: origin });
      assert.equal(other.headers.get('access-control-allow-origin'), null);
      assert.equal(other.headers.get('access-control-expose-headers'), null);
      assert.equal(other.headers.get('vary'), 'Accept-Encoding, Origin');
    }
    assert.equal((await asked(options, {})).headers.get('vary'), 'Accept-Encoding, Origin');
  });

  it('answers preflights by itself', async () => {
    const response = await preflight(
      { origins: [APP] },
      { 'Access-Control-Request-Headers': 'authorization,x-a' },
    );
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('access-control-allow-origin'), APP);
    assert.equal(response.headers.get('access-control-allow-methods'), 'GET, HEAD');
    assert.equal(response.headers.get('access-control-allow-headers'), 'authorization, x-a');
    assert.equal(response.headers.get('access-control-max-age'), '86400');
    assert.match(response.headers.get('vary')!, /Origin/);
    assert.match(response.headers.get('vary')!, /Access-Control-Request-Headers/);
  });

  it('answers a preflight of a stranger without any leave', async () => {
    const { status, headers } = await preflight({ origins: ['https://other.example'] });
    assert.equal(status, 204);
    assert.deepEqual([...headers.keys()], ['vary']);
  });

  it('hands OPTIONS that is no preflight on', async () => {
    assert.equal(await (await asked({}, { Origin: APP }, 'OPTIONS')).text(), 'x');
    assert.equal(await (await asked({}, { 'Access-Control-Request-Method': 'PUT' }, 'OPTIONS')).text(), 'x');
  });

  it('repeats no field name that is none', async () => {
    const { headers } = await preflight({}, { 'Access-Control-Request-Headers': 'a b, x-c, ,é' });
    assert.equal(headers.get('access-control-allow-headers'), 'x-c');
  });

  it('allows credentials to those who are listed, never to everybody', async () => {
    const options = { origins: [APP], credentials: true, maxAge: 5 };
    assert.equal(
      (await asked(options, { Origin: APP })).headers.get('access-control-allow-credentials'),
      'true',
    );
    assert.equal((await preflight(options)).headers.get('access-control-max-age'), '5');
    assert.equal(
      (await asked(options, { Origin: 'https://b.example' })).headers.get('access-control-allow-credentials'),
      null,
    );
    for (const wrong of [{ credentials: true }, { origins: '*', credentials: true }] as CorsOptions[]) {
      assert.throws(() => cors(wrong, () => new Response()), {
        name: 'TypeError',
        message: /^credentials: /,
      });
    }
  });

  it('accepts applications, extensions and sub-domains, if they are listed', async () => {
    const origins = ['capacitor://localhost', 'chrome-extension://abcdefghijklmnop', 'https://*.app.example'];
    for (const [origin, allowed] of [
      ['capacitor://localhost', 'capacitor://localhost'],
      ['chrome-extension://abcdefghijklmnop', 'chrome-extension://abcdefghijklmnop'],
      ['https://a.app.example', 'https://a.app.example'],
      ['https://app.example', null],
      ['chrome-extension://ponmlkjihgfedcba', null],
    ] as const) {
      const { headers } = await asked({ origins }, { Origin: origin });
      assert.equal(headers.get('access-control-allow-origin'), allowed, origin);
    }
  });

  it('refuses a list with a text that no origin could match', () => {
    assert.throws(() => cors({ origins: [APP, 'https://*'] }, () => new Response()), {
      name: 'TypeError',
      message: /^origins\[1\]: expected an origin such as .*, got "https:\/\/\*"$/,
    });
  });
});
