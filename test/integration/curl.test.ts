/** curl, which everybody has: what it sends is served, and what it is sent it understands. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Response, type Server, serve } from '../../src/index.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const run = promisify(execFile);

describe('curl', { skip: hasCurl ? false : 'curl is not installed' }, () => {
  let server: Server;
  let origin = '';

  before(async () => {
    server = serve(async (request, ctx) => {
      const url = new URL(request.url);
      if (url.pathname === '/hints') ctx.sendInformational(103, { Link: '</a.css>; rel=preload' });
      if (url.pathname === '/stream')
        return new Response(new Blob(['streamed']).stream() as ReadableStream<Uint8Array>);
      if (url.pathname === '/trailers') {
        const body = new Blob(['x']).stream() as ReadableStream<Uint8Array>;
        return new Response(body, { trailers: () => ({ 'X-Sum': '1' }) });
      }
      const content = new Uint8Array(await request.arrayBuffer());
      return Response.json({ method: request.method, path: url.pathname, octets: content.length });
    });
    const { address } = await server.listen({
      hostname: '127.0.0.1',
      limits: { maxRequestBodySize: 64 * 2 ** 20 },
    });
    origin = `http://127.0.0.1:${address.port}`;
  });
  after(async () => {
    server.destroy();
    await server.closed.catch(() => {});
  });

  const curl = async (...args: string[]) =>
    (await run('curl', ['--silent', '--show-error', '--max-time', '60', ...args])).stdout;

  test('GET', async () => {
    assert.deepEqual(JSON.parse(await curl(`${origin}/x`)), { method: 'GET', path: '/x', octets: 0 });
  });

  test('two URLs over one connection', async () => {
    const connections = await curl(
      '--output',
      '/dev/null',
      '--output',
      '/dev/null',
      '--write-out',
      '%{num_connects} ',
      `${origin}/x`,
      `${origin}/y`,
    );
    assert.equal(connections, '1 0 ');
  });

  test('HEAD', async () => assert.match(await curl('--head', `${origin}/x`), /^HTTP\/1\.1 200 OK\r\n/));

  test('POST of a form', async () => {
    const answer = JSON.parse(await curl('--form', 'a=1', '--form', 'b=2', `${origin}/form`)) as {
      method: string;
      octets: number;
    };
    assert.equal(answer.method, 'POST');
    assert.ok(answer.octets > 100);
  });

  for (const [what, field] of Object.entries({
    'with a length': 'X-A: 1',
    'that is chunked': 'Transfer-Encoding: chunked',
    'that waits for 100': 'Expect: 100-continue',
    'that does not wait for 100': 'Expect:',
  })) {
    test(`PUT ${what}`, async () => {
      const content = 'x'.repeat(2 ** 20);
      const uploading = run('curl', [
        '--silent',
        '--show-error',
        '--max-time',
        '60',
        '--request',
        'PUT',
        '--data-binary',
        '@-',
        '--header',
        field,
        `${origin}/put`,
      ]);
      uploading.child.stdin?.end(content);
      assert.deepEqual(JSON.parse((await uploading).stdout), {
        method: 'PUT',
        path: '/put',
        octets: content.length,
      });
    });
  }

  test('HTTP/1.0', async () => {
    assert.equal(await curl('--http1.0', `${origin}/stream`), 'streamed');
  });

  test('a stream, trailers and Early Hints', async () => {
    assert.equal(await curl(`${origin}/stream`), 'streamed');
    assert.match(await curl('--include', `${origin}/trailers`), /x-sum: 1/i);
    assert.match(
      await curl('--include', `${origin}/hints`),
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    );
  });

  test('an offer of h2c is ignored', async () => {
    const answer = await curl(
      '--http1.1',
      '--header',
      'Connection: Upgrade, HTTP2-Settings',
      '--header',
      'Upgrade: h2c',
      '--header',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
      `${origin}/x`,
    );
    assert.equal((JSON.parse(answer) as { path: string }).path, '/x');
  });
});
