/** Who may see the inspector: the browser of this machine, with the token, on the page itself. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { type Server, serve } from '../../src/index.ts';
import { type Inspector, inspector } from '../../src/inspector/index.ts';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode!, headers: response.headers, text: '' });
    });
    asked.on('error', reject).end();
  });
}

const UPGRADE = {
  ...{ Connection: 'Upgrade', Upgrade: 'websocket' },
  ...{ 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' },
};

describe('the page of the inspector', () => {
  let server: Server;
  let inspected: Inspector;
  before(async () => {
    server = serve(() => new Response(''), { port: 0, hostname: '127.0.0.1' });
    await server.ready;
    inspected = await inspector(server);
  });
  after(async () => {
    await inspected.close();
    await server.close();
  });

  it('listens on this machine only, with a token that nobody guesses', () => {
    assert.match(inspected.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}\/$/);
  });

  it('needs the token: nothing else is answered', async () => {
    const { origin, pathname } = new URL(inspected.url);
    const wrong = [
      '/',
      '/feed',
      `${pathname.slice(0, -2)}/`,
      `${pathname.slice(0, -1)}x/`,
      `/${'x'.repeat(24)}/feed`,
      `//${pathname}`,
    ];
    for (const path of wrong) {
      const { status, text } = await ask(origin + path);
      assert.equal(status, 404, path);
      assert.ok(!text.includes(pathname.slice(1, -1)));
    }
    assert.equal((await ask(inspected.url)).status, 200);
  });

  it('answers to the names of this machine only (DNS rebinding)', async () => {
    const { port } = new URL(inspected.url);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
    ])
      assert.equal((await ask(inspected.url, { Host: host })).status, 421, host);
    for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      assert.equal((await ask(inspected.url, { Host: host })).status, 200, host);
  });

  it('opens its WebSocket to its own page only', async () => {
    const feed = `${inspected.url}feed`;
    const { origin } = new URL(inspected.url);
    assert.equal((await ask(feed, { ...UPGRADE, Origin: origin })).status, 101);
    const others = [
      'http://evil.example',
      'null',
      origin.replace(/\d+$/, '1'),
      origin.replace('http', 'https'),
    ];
    for (const other of others)
      assert.equal((await ask(feed, { ...UPGRADE, Origin: other })).status, 403, other);
    assert.equal((await ask(feed, UPGRADE)).status, 403);
    assert.equal((await ask(feed, { Origin: origin })).status, 426);
  });

  it('has a policy without anything inline, and leaves no traces', async () => {
    const { headers, text } = await ask(inspected.url);
    assert.match(
      String(headers['content-security-policy']),
      /^default-src 'none'; script-src 'self'; style-src 'self'; /,
    );
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(text, /<script>|<style|style=|onclick=/);
    for (const file of ['style.css', 'page/main.js', 'page/lanes.js'])
      assert.equal((await ask(inspected.url + file)).status, 200, file);
    for (const file of ['page/../inspector.js', 'page/main.ts', 'page/'])
      assert.equal((await ask(inspected.url + file)).status, 404, file);
    assert.equal((await ask(inspected.url, {}, 'POST')).status, 405);
  });
});
