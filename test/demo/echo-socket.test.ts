/** The WebSocket of the demo, and its page. The page in a browser: `test/browser/socket-page.ts`. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from '../../src/client/index.ts';
import { demo } from '../../src/demo/demo.ts';
import { SHOWS_HANDSHAKE } from '../../src/demo/echo-socket.ts';
import { type Server, serve } from '../../src/index.ts';
import { closeOf, messageOf, opened } from '../client/websocket/events.ts';

describe('the WebSocket of the demo', () => {
  let server: Server;
  let origin: string;
  before(async () => {
    server = serve(demo(tmpdir()), { port: 0, hostname: '127.0.0.1' });
    await server.ready;
    origin = `http://127.0.0.1:${[...server][0]!.address.port}`;
  });
  after(() => server.destroy());

  it('returns text and binary messages, and nothing else', async () => {
    const socket = await opened(new WebSocket(`${origin}/echo`));
    socket.binaryType = 'arraybuffer';
    for (const sent of ['hello', '', new Uint8Array([1, 2]).buffer]) {
      const message = messageOf(socket);
      socket.send(sent);
      assert.deepEqual(await message, sent);
    }
    const closed = closeOf(socket);
    socket.close(1000);
    assert.equal((await closed).wasClean, true);
  });

  it('sends the handshake first to a client that asks for it, without secrets', async () => {
    const headers = { Cookie: 'id=opensesame', Authorization: 'Basic opensesame', 'X-Own': 'a: b' };
    const socket = new WebSocket(`${origin}/echo`, { protocols: SHOWS_HANDSHAKE, headers });
    const message = messageOf(socket);
    await opened(socket);
    const head = (await message) as string;
    assert.match(head, /^GET \/echo HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/);
    assert.match(head, /\r\nX-Own: a: b\r\n/);
    assert.match(head, /\r\nCookie: \(hidden\)\r\nAuthorization: \(hidden\)\r\n/);
    assert.ok(head.endsWith('\r\n\r\n') && !head.includes('opensesame'));
    socket.close();
  });

  it('is for pages of its own origin only (RFC 6455 §10.2)', async () => {
    const foreign = new WebSocket(`${origin}/echo`, { headers: { Origin: 'https://other.example' } });
    await assert.rejects(opened(foreign), /it answered 403/);
    (await opened(new WebSocket(`${origin}/echo`, { headers: { Origin: origin } }))).close();
  });

  it('leaves /echo without a WebSocket as it was, and other paths have none', async () => {
    const response = await fetch(`${origin}/echo?text=a`, { redirect: 'manual' });
    assert.deepEqual([response.status, response.headers.get('location')], [303, '/echo/a']);
    await assert.rejects(opened(new WebSocket(`${origin}/user-agent`)), /it answered 200/);
  });

  it('has a page that allows exactly its own stylesheet and script, and connections to its own origin', async () => {
    const response = await fetch(`${origin}/websocket`);
    const page = await response.text();
    const policy = response.headers.get('content-security-policy')!;
    for (const [name, directive] of [
      ['style', 'style-src'],
      ['script', 'script-src'],
    ]) {
      const text = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(page)![1]!;
      const hash = createHash('sha256').update(text).digest('base64');
      assert.ok(policy.includes(`${directive} 'sha256-${hash}'`), name);
    }
    assert.match(policy, /^default-src 'none';.* connect-src 'self';/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(page.match(/<script/g)!.length, 1);
    assert.ok(page.includes(`serval get -v ${origin.replace('http', 'ws')}/echo`));
  });
});
