/** A handler that forwards requests with `fetch()`, as the README does, to an upstream that compresses. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compression } from '../../src/compression/index.ts';
import { PROTOCOL_MARKER, Response, type Server, serve } from '../../src/index.ts';
import { get, message, withServer } from '../server/with-server.ts';
import { RawConnection } from '../support/raw-client.ts';

const README = readFileSync(fileURLToPath(new URL('../../../README.md', import.meta.url)), 'utf8');
const TEXT = 'hello '.repeat(1000);
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

/** Answers with what it was asked, compressed wherever the client takes that. */
const upstream = compression(
  async (request) => {
    const { method, url, headers } = request;
    const seen = {
      method,
      path: new URL(url).pathname,
      x: headers.get('x-a'),
      cookie: headers.get('cookie'),
    };
    return Response.json(
      { ...seen, content: await request.text(), text: TEXT },
      { headers: { ETag: '"1"' } },
    );
  },
  { threshold: 0 },
);

/** The README's example with another upstream and port: what `serve` returns there. */
function ofReadme(origin: string): Server {
  const block =
    /```ts\n(import \{ PROTOCOL_MARKER,[\s\S]*?)```/.exec(README)?.[1] ?? assert.fail('no example');
  const code = block
    .replace(/^import .*$/gm, '')
    .replaceAll('http://upstream', origin)
    .replace('port: 4221', "port: 0, hostname: '127.0.0.1'");
  return new Function('PROTOCOL_MARKER', 'Response', 'serve', `return ${code.trim()}`)(
    PROTOCOL_MARKER,
    Response,
    serve,
  );
}

describe('the README’s example', () => {
  let back: Server;
  let front: Server;
  let port = 0;

  before(async () => {
    back = serve(upstream, { port: 0, hostname: '127.0.0.1' });
    await back.ready;
    front = ofReadme(`http://127.0.0.1:${[...back][0]!.address.port}`);
    await front.ready;
    port = [...front][0]!.address.port;
  });
  after(async () => {
    await Promise.all([front.close(), back.close()]);
  });

  const ask = async (text: string) => {
    const connection = await RawConnection.connect({ port });
    await connection.send(text);
    const [answer] = await connection.receiveResponses([text.slice(0, text.indexOf(' '))]);
    connection.close();
    return answer!;
  };

  for (const method of METHODS) {
    for (const coding of ['gzip', 'br', 'deflate, gzip', 'identity']) {
      test(`forwards ${method}, and sends on what comes back in ${coding}`, async () => {
        const content = method === 'GET' ? '' : 'content';
        const fields = [`Accept-Encoding: ${coding}`, 'X-A: 1', 'Cookie: a=1', 'Cookie: b=2'];
        const answer = await ask(message(`${method} /api/x`, fields, content));
        assert.equal(answer.status, 200);
        assert.equal(answer.field('content-encoding'), undefined);
        assert.equal(answer.field('etag'), 'W/"1"' === answer.field('etag') ? 'W/"1"' : '"1"');
        const { text, ...seen } = JSON.parse(answer.text) as { text: string };
        assert.equal(text, TEXT);
        assert.deepEqual(seen, { method, path: '/api/x', x: '1', cookie: 'a=1; b=2', content });
      });
    }
  }

  test('forwards HEAD, whose answer says nothing of a coding that GET would not have', async () => {
    const answer = await ask(message('HEAD /api/x', ['Accept-Encoding: gzip']));
    assert.equal(answer.status, 200);
    assert.equal(answer.field('content-encoding'), undefined);
    assert.equal(answer.field('content-length'), undefined);
  });

  test('answers by itself what it does not forward, with Early Hints', async () => {
    const answer = await ask(get('/x'));
    assert.equal(answer.text, 'You requested /x');
    assert.equal(answer.informational[0]?.status, 103);
  });

  test('answers errors by itself', async () => {
    await back.close();
    const answer = await ask(get('/api/x'));
    assert.equal(answer.status, 500);
    assert.equal(answer.text, 'Sorry');
  });
});

test('compression of what was fetched codes it anew', () =>
  withServer(upstream, ({ origin }) =>
    withServer(
      compression((request) => fetch(new Request(origin, { headers: request.headers }))),
      async ({ origin: front }) => {
        const answer = await fetch(front, { headers: { 'Accept-Encoding': 'gzip' } });
        assert.equal(answer.headers.get('content-encoding'), 'gzip');
        assert.equal(((await answer.json()) as { text: string }).text, TEXT);
      },
    ),
  ));
