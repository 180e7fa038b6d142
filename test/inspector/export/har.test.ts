/** HAR 1.2: http://www.softwareishard.com/blog/har-12-spec/ */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { harFaults } from './har-faults.ts';
import { SECRET, type Traffic, trafficOf } from './traffic.ts';

interface Named {
  readonly name: string;
  readonly value: string;
}

interface Entry {
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly httpVersion: string;
    readonly headers: readonly Named[];
    readonly cookies: readonly Named[];
    readonly queryString: readonly Named[];
    readonly headersSize: number;
    readonly bodySize: number;
    readonly postData?: { readonly mimeType: string; readonly text: string };
  };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly redirectURL: string;
    readonly cookies: readonly object[];
    readonly bodySize: number;
    readonly _error?: string;
    readonly content: Record<'mimeType' | 'text' | 'encoding' | 'comment', string> &
      Record<'size' | 'compression', number>;
  };
  readonly timings: Readonly<Record<string, number>>;
  readonly connection: string;
  readonly serverIPAddress: string;
  readonly comment?: string;
}

async function entriesOf(traffic: Traffic, query = ''): Promise<Entry[]> {
  const har = JSON.parse((await traffic.download(`export.har${query}`)).octets.toString());
  assert.deepEqual(harFaults(har), []);
  return har.log.entries;
}

const entryOf = (entries: readonly Entry[], path: string, version = 'HTTP/1.1'): Entry =>
  entries.find(({ request }) => new URL(request.url).pathname === path && request.httpVersion === version)!;

const fieldValue = (fields: readonly Named[], name: string): string | undefined =>
  fields.find((field) => field.name.toLowerCase() === name)?.value;

describe('the HAR file of the inspector', () => {
  let traffic: Traffic;
  let entries: Entry[];
  before(async () => {
    traffic = await trafficOf();
    entries = await entriesOf(traffic);
  });
  after(() => traffic[Symbol.asyncDispose]());

  it('is a file to be kept, with the time in its name', async () => {
    const { disposition } = await traffic.download('export.har');
    assert.match(disposition, /^attachment; filename="serval-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.har"$/);
  });

  it('has an entry for each exchange, refused and failed ones too', () => {
    assert.equal(entries.length, 15);
    const smuggled = entryOf(entries, '/smuggled');
    assert.equal(smuggled.response.status, 400);
    assert.match(smuggled.comment!, /^Refused before the application .*\(RFC 9110 §8\.6\)/);
    const endless = entryOf(entries, '/endless');
    assert.match(endless.response._error!, /^The client/);
    assert.match(endless.comment!, /^The response was cut off: /);
  });

  it('says what passed: line, fields, sizes, times, connection', () => {
    const { request, response, timings, ...entry } = entryOf(entries, '/second');
    assert.deepEqual(
      [request.method, request.bodySize, response.status, response.statusText],
      ['POST', 10, 200, 'OK'],
    );
    assert.equal(request.url, 'http://localhost/second');
    assert.equal(fieldValue(request.headers, 'content-length'), '10');
    assert.equal(
      request.headersSize,
      `POST /second HTTP/1.1\r\n${request.headers.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`.replace(
        '[hidden]',
        `Bearer ${SECRET}`,
      ).length,
    );
    assert.deepEqual([response.bodySize, response.content.size], [14, 14]);
    const { blocked, send, wait, receive } = timings;
    assert.ok(blocked! > 0, 'the second request of a pipeline has waited');
    assert.ok(Math.abs(blocked! + send! + wait! + receive! - entry.time) < 0.01);
    assert.deepEqual([timings['dns'], timings['connect'], timings['ssl']], [-1, -1, -1]);
    assert.ok(Math.abs(Date.parse(entry.startedDateTime) - Date.now()) < 60_000);
    assert.equal(entry.connection, entryOf(entries, '/first').connection);
    assert.equal(entry.serverIPAddress, '127.0.0.1');
    assert.deepEqual(request.cookies, []);
  });

  it('tells streams of HTTP/2 with their pseudo-fields', () => {
    const { request, response } = entryOf(entries, '/h2/1', 'HTTP/2');
    assert.equal(fieldValue(request.headers, ':method'), 'GET');
    assert.equal(fieldValue(request.headers, 'x-plain'), 'shown');
    assert.equal(request.headersSize, -1);
    assert.deepEqual([response.status, response.content.size, response.bodySize], [200, 4, 4]);
    assert.equal(entryOf(entries, '/big', 'HTTP/2').response.content.size, 200_000);
  });

  it('holds no secret and no content, and says what is hidden', async () => {
    const { octets } = await traffic.download('export.har');
    assert.ok(!octets.includes(SECRET));
    assert.ok(!octets.includes('zipped'));
    const first = entryOf(entries, '/first');
    assert.equal(first.request.url, 'http://localhost/first?token=%5Bhidden%5D&page=2');
    assert.deepEqual(first.request.queryString, [
      { name: 'token', value: '[hidden]' },
      { name: 'page', value: '2' },
    ]);
    assert.equal(fieldValue(first.request.headers, 'cookie'), '[hidden]');
    assert.equal(first.comment, 'Hidden: cookie, set-cookie, the content of the response.');
    assert.equal(entryOf(entries, '/moved').response.redirectURL, '/new?token=[hidden]');
    for (const { request, response } of entries) {
      assert.equal(request.postData, undefined);
      assert.equal(response.content.text, undefined);
    }
  });

  it('takes the exchanges that the filter of the page shows', async () => {
    const pathsOf = async (query: string) =>
      (await entriesOf(traffic, query)).map(({ request }) => new URL(request.url).pathname);
    assert.deepEqual(await pathsOf('?path=smug'), ['/smuggled']);
    assert.deepEqual(await pathsOf('?path=post+/second'), ['/second']);
    assert.deepEqual(await pathsOf('?status=failed'), ['/smuggled', '/endless']);
    assert.deepEqual(await pathsOf('?status=3'), ['/moved']);
    assert.deepEqual(await pathsOf('?connection=2'), ['/chunked']);
    assert.deepEqual(await pathsOf('?path=nothing'), []);
    assert.deepEqual(await pathsOf('?until=0'), []);
    assert.equal((await pathsOf('?until=none')).length, entries.length);
  });
});

describe('the HAR file of an inspector that shows content and secrets', () => {
  let traffic: Traffic;
  let entries: Entry[];
  before(async () => {
    traffic = await trafficOf({ secrets: true, bodies: true });
    entries = await entriesOf(traffic);
  });
  after(() => traffic[Symbol.asyncDispose]());

  it('has content as text, decoded; and as Base64 where it is none', () => {
    for (const version of ['HTTP/1.1', 'HTTP/2']) {
      const { content } = entryOf(entries, '/gzip', version).response;
      assert.equal(content.text, `${SECRET} zipped`);
      assert.equal(content.size, content.text.length);
      assert.ok(content.compression < 0, 'so little text becomes longer');
    }
    const { content } = entryOf(entries, '/binary').response;
    assert.deepEqual([content.text, content.encoding, content.size], ['//4A', 'base64', 3]);
    assert.equal(entryOf(entries, '/second').request.postData!.text, SECRET);
    assert.equal(entryOf(entries, '/chunked').request.postData!.text, `${SECRET}x`);
    assert.equal(entryOf(entries, '/h2/post', 'HTTP/2').request.postData!.text, SECRET);
  });

  it('says how much of the content was kept', () => {
    const { content, bodySize } = entryOf(entries, '/big').response;
    assert.deepEqual([content.size, bodySize], [200_000, 200_000]);
    assert.match(content.comment, /^Only the first \d+ of 200000 bytes were kept\.$/);
    assert.match(content.text, /^b{10000}/);
    const streamed = entryOf(entries, '/big', 'HTTP/2').response.content;
    assert.equal(streamed.size, 200_000);
    assert.match(streamed.comment, new RegExp(`^Only the first ${streamed.text.length} of 200000 bytes`));
  });

  it('has cookies and the secrets of the URL', () => {
    const { request, response } = entryOf(entries, '/first');
    assert.deepEqual(request.cookies, [
      { name: 'a', value: SECRET },
      { name: 'b', value: '2' },
    ]);
    assert.deepEqual(response.cookies, [{ name: 'id', value: SECRET, path: '/', httpOnly: true }]);
    assert.deepEqual(request.queryString[0], { name: 'token', value: SECRET });
    assert.equal(entryOf(entries, '/moved').response.redirectURL, `/new?token=${SECRET}`);
  });
});
