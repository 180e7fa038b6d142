/** Attacks on the border between HTTP and what comes behind CONNECT or Upgrade: each octet belongs to one side of it. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { withConnection } from '../../support/raw-client.ts';
import { startServer } from '../../support/server-process.ts';
import { SMUGGLED } from './attack.ts';

const server = await startServer('../../conformance/attacks/servers/tunnels');
after(() => server.stop());

const connectTo = (host: string) => `CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`;
const upgrade = (path: string, rest: string) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n${rest}`;
const CONTENT = 'Content-Length: 7\r\n\r\nCONTENT';
const CHUNKED_CONTENT = 'Transfer-Encoding: chunked\r\n\r\n7\r\nCONTENT\r\n0\r\n\r\n';

describe('tunnels', () => {
  // Request tunnelling (RFC 9931): a proxy's client sends what a stranger gave it before it knows whether a tunnel stands.
  test('RFC 9112 §11.2: what a client sent for a tunnel that is refused is not read as a request', async () => {
    for (const pieces of ['whole', 'octets'] as const) {
      const { text, end, handled } = await ask(connectTo('refused') + SMUGGLED, pieces);
      assert.deepEqual(handled, ['CONNECT refused:443'], text);
      assert.match(text, /^HTTP\/1\.1 403 [\s\S]*\r\nConnection: close\r\n/, text);
      assert.equal(end, 'fin');
    }
  });

  test('RFC 9110 §9.3.6: behind a CONNECT that was accepted every octet is the tunnel’s', async () => {
    for (const pieces of ['whole', 'octets'] as const) {
      const { text, handled } = await ask(connectTo('accepted') + SMUGGLED + SMUGGLED, pieces);
      assert.deepEqual(handled, ['CONNECT accepted:443'], text);
      assert.equal(behindHead(text), SMUGGLED + SMUGGLED);
    }
  });

  test('RFC 9110 §7.8: behind an upgrade that was accepted every octet is the other protocol’s', async () => {
    const { text, handled } = await ask(upgrade('/accepted', `\r\n${SMUGGLED}`));
    assert.deepEqual(handled, ['POST /accepted'], text);
    assert.equal(behindHead(text), SMUGGLED);
  });

  // Otherwise whoever writes the content of a request, a form for example, writes frames of the other protocol.
  test('RFC 9110 §7.8: the content of a request that is upgraded never passes for the other protocol', async () => {
    for (const content of [CONTENT, CHUNKED_CONTENT]) {
      for (const pieces of ['whole', 'octets'] as const) {
        const { text } = await ask(upgrade('/accepted', `${content}OTHER`), pieces);
        assert.doesNotMatch(behindHead(text), /CONTENT/, text);
      }
    }
  });

  test('RFC 9110 §7.8: an upgrade whose content was read begins behind that content', async () => {
    for (const content of [CONTENT, CHUNKED_CONTENT]) {
      const { text } = await ask(upgrade('/read-first', `${content}OTHER`));
      assert.equal(behindHead(text), 'OTHER', text);
    }
  });

  test('RFC 9110 §7.8: behind an upgrade that was refused HTTP goes on, and its content is content', async () => {
    for (const content of [CONTENT, CHUNKED_CONTENT]) {
      const { text, handled } = await ask(
        upgrade('/refused', `${content}GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
      );
      assert.deepEqual(handled, ['POST /refused', 'GET /next'], text);
    }
  });
});

async function ask(raw: string, pieces: 'whole' | 'octets' = 'whole') {
  return withConnection(server, async (connection) => {
    await connection.send(raw, { pieces });
    connection.finish();
    const { text, end } = await connection.receiveAll();
    const handled = await server.command<string[]>('handled', connection.localPort);
    return { text, end, handled };
  });
}

/** What the tunnel gave back; nothing if no tunnel came about. */
function behindHead(text: string): string {
  const isTunnel = /^HTTP\/1\.1 (101|200) /.test(text);
  return isTunnel ? text.slice(text.indexOf('\r\n\r\n') + 4) : '';
}
