/** Errors over HTTP: from the file server, from the server itself, and over HTTP/2. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { files } from '../../src/files/files.ts';
import { isFromThisMachine } from '../../src/files/folder-advice.ts';
import { uploads } from '../../src/files/uploads/uploads.ts';
import { allowedHosts } from '../../src/site/access/allowed-hosts.ts';
import { basicAuth } from '../../src/site/access/basic-auth.ts';
import { withSite, withTree } from '../files/with-site.ts';
import { message, withServer } from '../server/with-server.ts';
import type { ParsedResponse } from '../support/response-parser.ts';

const BROWSER = 'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

// Of a password that is never asked for here.
const ANN = 'ann:scrypt.14.1.1.AQEBAQEBAQEBAQEBAQEBAQ.AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE';

function checkPage(answer: ParsedResponse, status: number, heading: RegExp): void {
  assert.equal(answer.status, status);
  assert.equal(answer.field('content-type'), 'text/html; charset=utf-8');
  assert.equal(answer.field('content-length'), String(answer.content.length));
  assert.equal(answer.field('x-content-type-options'), 'nosniff');
  assert.match(answer.field('vary')!, /\bAccept\b/);
  assert.match(answer.field('content-security-policy')!, /^default-src 'none'; style-src 'sha256-/);
  assert.match(answer.text, /^<!doctype html>\n<html lang="en">/);
  assert.match(/<h1>(.*)<\/h1>/.exec(answer.text)![1]!, heading);
}

describe('errors of the file server', () => {
  it('are pages for browsers, and repeat nothing of the request', () =>
    withSite({ 'a.txt': 'a' }, {}, async ({ at, head, ask }) => {
      const missing = await at('/%3Cscript%3E?<script>x', BROWSER);
      checkPage(missing, 404, /nothing at this address/);
      assert.doesNotMatch(missing.text, /script/);
      assert.match(missing.text, /<a href="\/">Go to the front page/);
      const dry = await head('/%3Cscript%3E', BROWSER);
      assert.deepEqual(
        [dry.status, dry.field('content-length'), dry.content.length],
        [404, missing.field('content-length'), 0],
      );
      checkPage(await at('/%ff', BROWSER), 400, /could not read/);
      const posted = await ask(message('POST /a.txt', [BROWSER, 'Content-Length: 0']));
      checkPage(posted, 405, /can not be used in this way/);
      assert.equal(posted.field('allow'), 'GET, HEAD, OPTIONS');
      checkPage(await at('/a.txt', BROWSER, 'If-Match: "other"'), 412, /has changed/);
      checkPage(await at('/a.txt', BROWSER, 'Range: bytes=9-'), 416, /part of the file/);
      // No link to itself.
      assert.doesNotMatch((await at('/', BROWSER)).text, /front page/);
    }));

  it('say what to do about a folder without an index, on this machine alone', () =>
    withSite({ 'photos/a.jpg': 'a' }, {}, async ({ ask }) => {
      const at = (path: string, ...fields: string[]) =>
        ask([`GET ${path} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n'));
      const page = await at('/photos/', BROWSER);
      checkPage(page, 404, /^This folder has no index\.html$/);
      assert.match(page.text, /Lists of folders are off\./);
      assert.match(page.text, /--listing/);
      assert.match((await at('/photos/')).text, /^This folder has no index\.html[\s\S]*--listing/);
      assert.match((await at('/')).text, /--listing/);
      assert.equal((await at('/nothing/')).text, 'Not Found\n');
      for (const field of ['X-Forwarded-For: 203.0.113.1', 'Forwarded: for=203.0.113.1', 'Via: 1.1 a']) {
        assert.equal((await at('/photos/', field)).text, 'Not Found\n', field);
      }
    }));

  it('know this machine by its connection and by the name that was asked for', () => {
    const request = (url: string) => ({ url, headers: new Headers() });
    const from = (address: unknown) => ({ remoteAddress: { address } });
    for (const url of [
      'http://localhost:8080/a/',
      'http://app.localhost/',
      'http://127.0.0.1/',
      'http://[::1]/',
    ])
      assert.ok(isFromThisMachine(request(url), from('::1')), url);
    for (const url of ['http://files.example/', 'http://localhost.example/', 'http://192.168.1.2/'])
      assert.ok(!isFromThisMachine(request(url), from('127.0.0.1')), url);
    for (const ctx of [undefined, null, {}, from('192.168.1.2'), from(''), from(undefined)])
      assert.ok(!isFromThisMachine(request('http://localhost/'), ctx));
  });

  it('of uploads are pages, with the reason', () =>
    withTree({}, async (root) => {
      await withServer(uploads(root, files(root)), async ({ ask }) => {
        const refused = await ask(
          message('PUT /.env', [BROWSER, 'Content-Length: 0', 'Sec-Fetch-Site: same-origin']),
        );
        checkPage(refused, 403, /may not see/);
        assert.match(refused.text, /A file may not have this name here\./);
      });
    }));
});

describe('errors of a site', () => {
  it('are pages: a name that is not allowed, and a password that is missing', async () => {
    const handler = allowedHosts(
      [],
      basicAuth([ANN], () => new Response('never')),
    );
    await withServer(handler, async ({ ask }) => {
      const misdirected = await ask(`GET / HTTP/1.1\r\nHost: evil.example\r\n${BROWSER}\r\n\r\n`);
      checkPage(misdirected, 421, /does not answer for this name/);
      assert.match(misdirected.text, /<code>--allow-host evil\.example<\/code>/);
      const unsigned = await ask(`GET / HTTP/1.1\r\nHost: localhost\r\n${BROWSER}\r\n\r\n`);
      checkPage(unsigned, 401, /Sign in/);
      assert.match(unsigned.field('www-authenticate')!, /^Basic /);
    });
  });
});

describe('errors of the server itself', () => {
  it('are pages for browsers, without a word about the fault', async () => {
    const handler = () => {
      throw new Error('the secret');
    };
    await withServer(handler, async ({ ask }) => {
      const page = await ask(message('GET /', [BROWSER]));
      checkPage(page, 500, /went wrong on the server/);
      assert.doesNotMatch(page.text, /secret/);
      const dry = await ask(message('HEAD /', [BROWSER]));
      assert.deepEqual([dry.status, dry.field('content-length')], [500, String(page.content.length)]);
      const problem = await ask(message('GET /', ['Accept: application/json']));
      assert.deepEqual(JSON.parse(problem.text), {
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
      });
      const text = await ask(message('GET /'));
      assert.deepEqual([text.text, text.field('content-type')], ['Internal Server Error\n', 'text/plain']);
    });
  });
});
