import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { parseIntegrity } from '../../../src/client/content/integrity.ts';
import { Response as ServalResponse } from '../../../src/fetch/response.ts';
import { testEach } from '../with-client.ts';

const hash = (algorithm: string, text: string): string =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;

testEach('SRI §3.3: the content has to match a hash of the strongest algorithm', async (withClient) => {
  await using pair = await withClient((request) =>
    new URL(request.url).pathname === '/gzip'
      ? new ServalResponse(gzipSync('hello'), { headers: { 'Content-Encoding': 'gzip' } })
      : new ServalResponse('hello'),
  );
  const ask = async (integrity: string, path = '/', method = 'GET') => {
    const response = await pair.client.fetch(`${pair.url}${path}`, { integrity, method });
    return response.text();
  };
  const [right, wrong] = [hash('sha256', 'hello'), hash('sha256', 'other')];
  const strong = hash('sha512', 'hello');
  for (const integrity of [right, `${wrong} ${right}`, `\t${strong}?x ${wrong}\n`, `md5-x ${right}`, ''])
    assert.equal(await ask(integrity), 'hello', integrity);
  // The hash is that of the decoded content.
  assert.equal(await ask(right, '/gzip'), 'hello');
  for (const integrity of [wrong, `${hash('sha384', 'other')} ${right}`])
    await assert.rejects(ask(integrity), { name: 'TypeError', code: 'ERR_HTTP_INTEGRITY' }, integrity);
  await assert.rejects(ask(right, '/', 'HEAD'), { code: 'ERR_HTTP_INTEGRITY' });
  const request = new Request(pair.url, { integrity: wrong });
  await assert.rejects(pair.client.fetch(request), { code: 'ERR_HTTP_INTEGRITY' });
  assert.equal(await (await pair.client.fetch(pair.url, { integrity: right })).text(), 'hello');
});

testEach('client: integrity metadata without a known hash is refused and not ignored', async (withClient) => {
  await using pair = await withClient(() => new ServalResponse('hello'));
  for (const integrity of ['md5-x', 'sha256', 'nonsense', 'sha256-*'])
    await assert.rejects(pair.client.fetch(pair.url, { integrity }), {
      name: 'TypeError',
      message: /^fetch: integrity: expected a sha256, sha384 or sha512 hash/,
    });
  assert.equal(parseIntegrity(' \n'), undefined);
});

testEach('client: content that was verified is read in every way', async (withClient) => {
  await using pair = await withClient(() => new ServalResponse('{"a":1}'));
  const integrity = hash('sha384', '{"a":1}');
  const ask = () => pair.client.fetch(pair.url, { integrity });
  assert.deepEqual(await (await ask()).json(), { a: 1 });
  const response = await ask();
  const copy = response.clone();
  assert.deepEqual([await response.text(), await copy.text()], ['{"a":1}', '{"a":1}']);
});
