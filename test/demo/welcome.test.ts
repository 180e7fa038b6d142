import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { welcome } from '../../src/demo/welcome.ts';
import { fakeContext } from './fake-context.ts';

const IDLE = 65_000;

async function ask(
  fieldLines: readonly string[],
  version = 'HTTP/1.1',
  url = 'http://127.0.0.1:4221/',
): Promise<Response> {
  const headers = new Headers();
  for (const line of fieldLines) {
    const colon = line.indexOf(':');
    headers.append(line.slice(0, colon), line.slice(colon + 1));
  }
  const receivedHead = `GET / ${version}\r\n${fieldLines.map((line) => `${line}\r\n`).join('')}\r\n`;
  return welcome(new Request(url, { headers }), fakeContext({ receivedHead }), IDLE);
}

/** The text of an element that holds no other of its kind. */
function textOf(page: string, start: string, end: string): string {
  const from = page.indexOf(start);
  assert.ok(from >= 0, start);
  const markup = page.slice(from, page.indexOf(end, from));
  return markup
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

const octets = (page: string): string => textOf(page, '<ol class="wire"', '</ol>');

describe('welcome', () => {
  it('shows every octet of the head, and how many there are', async () => {
    const page = await (await ask(['Host: a:1', 'Accept:\t*/* ', 'X-Odd: caf\xe9'])).text();
    assert.equal(octets(page), 'GET␣/␣HTTP/1.1␍␊Host:␣a:1␍␊Accept:␉*/*␣␍␊X-Odd:␣caf\\xE9␍␊␍␊');
    assert.match(page, /<strong>56&nbsp;octets<\/strong>/);
  });

  it('escapes what the peer sent', async () => {
    const page = await (await ask(['Host: a', `User-Agent: <script>alert("1")</script>'&`])).text();
    assert.ok(!page.includes('<script'));
    assert.match(octets(page), /<script>alert\("1"\)<\/script>'&/);
  });

  it('hides values that may be keys, in hexadecimal too', async () => {
    const page = await (
      await ask([
        'Host: a',
        'Cookie: id=opensesame',
        'Authorization: Basic opensesame',
        'X-Api-Key: opensesame',
      ])
    ).text();
    assert.ok(!page.includes('opensesame'));
    assert.ok(!page.includes('6F 70 65 6E'));
    assert.match(octets(page), /Cookie:␣hidden␍␊/);
  });

  it('shows the head of its own response, with its length and how the connection goes on (RFC 9112 §9.3)', async () => {
    const shown = async (...given: Parameters<typeof ask>): Promise<string> => {
      const page = await (await ask(...given)).text();
      const head = textOf(page, '<ol class="wire" id="response"', '<li class="rest"');
      assert.match(head, new RegExp(`Content-Length:␣${Buffer.byteLength(page)}␍␊`));
      return head;
    };
    assert.match(await shown(['Host: a']), /^HTTP\/1\.1␣200␣OK␍␊/);
    assert.match(await shown(['Host: a']), /Connection:␣keep-alive␍␊Keep-Alive:␣timeout=64␍␊␍␊$/);
    assert.match(await shown(['Host: a', 'Connection: close']), /Connection:␣close␍␊␍␊$/);
    assert.match(await shown([], 'HTTP/1.0'), /Connection:␣close/);
    assert.match(await shown(['Connection: keep-alive'], 'HTTP/1.0'), /Connection:␣keep-alive/);
  });

  it('allows exactly its own stylesheet and no script (Content-Security-Policy)', async () => {
    const response = await ask(['Host: a']);
    const policy = response.headers.get('content-security-policy')!;
    const style = /<style>(.*?)<\/style>/s.exec(await response.text())![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    assert.ok(policy.includes(`style-src 'sha256-${hash}'`));
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /script-src|unsafe/);
  });

  it('may be kept by nobody', async () => {
    const { headers } = await ask(['Host: a']);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('referrer-policy'), 'same-origin');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });

  it('gives commands for the host that was asked for', async () => {
    assert.match(
      await (await ask(['Host: a'], 'HTTP/1.1', 'http://localhost:8080/')).text(),
      /curl -i http:\/\/localhost:8080\//,
    );
  });

  it('puts nothing into commands that a shell would run', async () => {
    for (const host of ['a;reboot', '$(reboot)', "a'b", 'a&b', '`id`']) {
      const request = { url: `http://${host}/`, headers: new Headers() };
      if (!URL.canParse(request.url)) continue;
      const page = await welcome(
        request as Request,
        fakeContext({ receivedHead: 'GET / HTTP/1.1\r\n\r\n' }),
        IDLE,
      ).then((response) => response.text());
      assert.match(page, /curl -i http:\/\/127\.0\.0\.1:4221\//, host);
    }
  });
});
