import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FetchFunction } from '../../../src/server/api.ts';
import { allowedHosts } from '../../../src/site/access/allowed-hosts.ts';
import { fakeContext } from '../../demo/fake-context.ts';

const statusOf = async (handler: FetchFunction, authority: string, method = 'GET') => {
  const ctx = fakeContext();
  return (await handler(new Request(`http://${authority}/a//b:1/?http://localhost/`, { method }), ctx, ctx))
    .status;
};

describe('allowedHosts', () => {
  const handler = allowedHosts(['app.example', '*.tunnel.example'], () => new Response('x'));

  for (const authority of [
    'localhost',
    'LOCALHOST:4221',
    'localhost.',
    'app.localhost:80',
    '127.0.0.1:4221',
    '127.1',
    '0x7f.1',
    '[::1]:4221',
    '[::ffff:127.0.0.1]',
    // Nobody asks the DNS about an address.
    '192.0.2.1',
    'app.example',
    'APP.example:8080',
    'app.example.:8080',
    'a.tunnel.example',
    'b.a.tunnel.example',
  ]) {
    it(`lets ${authority} in`, async () => {
      assert.equal(await statusOf(handler, authority), 200);
    });
  }

  for (const authority of [
    'evil.example',
    'evil.example:4221',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evillocalhost',
    'x.app.example',
    'tunnel.example',
    'eviltunnel.example',
    'app.example.evil',
    'a',
  ]) {
    it(`RFC 9110 §15.5.20: answers ${authority} with 421, whatever the method`, async () => {
      for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS']) {
        assert.equal(await statusOf(handler, authority, method), 421);
      }
    });
  }

  it('looks at each request, whatever came before', async () => {
    for (const [authority, status] of [
      ['localhost', 200],
      ['evil.example', 421],
      ['localhost', 200],
      ['evil.example', 421],
    ] as const) {
      assert.equal(await statusOf(handler, authority), status);
    }
  });

  it('says what to do, but nothing that a shell would obey', async () => {
    const told = async (host: string) => {
      const ctx = fakeContext();
      return (await handler(new Request(`http://${host}/`), ctx, ctx)).text();
    };
    assert.match(await told('My.example:80'), /--allow-host my\.example\n/);
    for (const host of ['a$(id).example', 'a;id', "a'b", '-rf', 'a&b']) {
      const text = await told(host);
      assert.match(text, /--allow-host <name>\n/);
      assert.ok(!text.includes(host));
    }
  });
});

describe('allowedHosts behind a proxy', () => {
  const handler = allowedHosts(['app.example'], () => new Response('x'), true);
  const ask = async (forwarded: string, host: string | undefined) => {
    const ctx = fakeContext();
    const headers = host === undefined ? {} : { Host: host };
    return (await handler(new Request(`http://${forwarded}/`, { headers }), ctx, ctx)).status;
  };

  it('lets in what both the forwarded host and the Host field allow', async () => {
    for (const host of ['127.0.0.1:4221', 'localhost', 'APP.example:80', 'app.example.', '[::1]', undefined])
      assert.equal(await ask('app.example', host), 200, host);
  });

  it('refuses a name that was rebound, whatever a page has its browser say was forwarded', async () => {
    for (const host of ['evil.example', 'evil.example:4221', '1.2.3.4.5', 'localhost.evil.example'])
      for (const forwarded of ['app.example', 'localhost', '127.0.0.1'])
        assert.equal(await ask(forwarded, host), 421, `${forwarded} ${host}`);
    assert.equal(await ask('evil.example', 'localhost'), 421);
  });

  it('does not look at the Host field otherwise', async () => {
    const ctx = fakeContext();
    const plain = allowedHosts([], () => new Response('x'));
    const request = new Request('http://localhost/', { headers: { Host: 'evil.example' } });
    assert.equal((await plain(request, ctx, ctx)).status, 200);
  });
});
