/** What `String`, `console.log` and `JSON.stringify` show of a server, its parts, and a client. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { Client } from '../../src/client/index.ts';
import { Response, type ServerContext, serve } from '../../src/index.ts';
import { certificatePair } from '../support/certificates.ts';

const LOOPBACK = { hostname: '127.0.0.1', port: 0 } as const;
const hello = () => new Response('hello');

describe('a server is printed', () => {
  test('with where it listens, at each stage of its life', async () => {
    const server = serve(hello, LOOPBACK);
    assert.equal(String(server), 'Server (not listening)');
    await server.ready;
    assert.equal(String(server), `Server (${server.url})`);
    const [listener] = [...server];
    assert.equal(String(listener), `Listener (${server.url})`);
    await server.listen(LOOPBACK);
    assert.equal(String(server), `Server (${server.url}, ${[...server][1]!.url})`);
    await server.close();
    assert.equal(String(server), 'Server (closed, or about to be)');
    assert.equal(String(listener), 'Listener (not listening)');
  });

  test('without internals, and without its private key', async () => {
    const server = serve(hello, { ...LOOPBACK, tls: certificatePair('a.test') });
    await server.ready;
    const shown = `${inspect(server, { depth: 20 })} ${JSON.stringify(server)} ${inspect([...server], { depth: 20 })}`;
    assert.match(shown, /^Server \{\n {2}listening: true,\n {2}url: 'https:\/\/127.0.0.1:\d+\/',/);
    assert.match(shown, /connectionsAccepted: 0/);
    assert.doesNotMatch(shown, /PRIVATE KEY|sweep|handlers|settings|scanners/);
    await server.close();
  });

  test('a context with what it knows of the request, a client with its connections', async () => {
    const seen: string[] = [];
    const show = (ctx: ServerContext) => seen.push(String(ctx), inspect(ctx), inspect(Object.create(ctx)));
    const server = serve((_request, ctx) => {
      show(ctx);
      return new Response('hello');
    }, LOOPBACK);
    await server.ready;
    const client = new Client({ tls: { passphrase: 'geheim' } });
    await (await client.fetch(`${server.url}a?token=s3cret`)).text();
    assert.equal(seen[0], 'ServerContext (/a)');
    for (const text of seen.slice(1)) {
      assert.match(
        text,
        /ServerContext \{\n {2}path: '\/a\?token=s3cret',\n {2}remoteAddress: \{ address: '127/,
      );
      assert.match(text, /server: 'Server \(http:/);
    }
    assert.equal(String(client), 'Client (1 connections)');
    assert.match(inspect(client), /^Client \{\n {2}connections: 1,\n {2}timeouts: \{/);
    assert.doesNotMatch(inspect(client, { depth: 20 }), /geheim|sweep/);
    await client.close();
    await server.close();
  });
});
