import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../src/client/client.ts';
import type { FetchInit } from '../../src/client/request-init.ts';
import { codeOf } from '../../src/fetch/errors.ts';
import { Response as ServalResponse } from '../../src/fetch/response.ts';
import { eventually } from './raw-server.ts';
import { testEach } from './with-client.ts';

const encoder = new TextEncoder();

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield encoder.encode(text);
}

/** Answers with what the server has understood. */
const describe = async (request: Request): Promise<Response> =>
  ServalResponse.json({
    method: request.method,
    path: new URL(request.url).pathname + new URL(request.url).search,
    fields: Object.fromEntries(request.headers),
    text: await request.text(),
  });

interface Understood {
  readonly method: string;
  readonly path: string;
  readonly fields: Record<string, string>;
  readonly text: string;
}

testEach('client: method, target, fields and content arrive as they were given', async (withClient) => {
  await using pair = await withClient(describe);
  const ask = async (path: string, init?: FetchInit): Promise<Understood> => {
    const response = await pair.client.fetch(`${pair.url}${path}`, init);
    return (await response.json()) as Understood;
  };
  const plain = await ask('/a%20b/ü?q=ä#fragment');
  assert.deepEqual([plain.method, plain.path, plain.text], ['GET', '/a%20b/%C3%BC?q=%C3%A4', '']);
  assert.equal(plain.fields['accept'], '*/*');
  assert.equal(plain.fields['user-agent'], 'serval');
  const given = await ask('/', {
    method: 'patch',
    headers: [
      ['X-A', '1'],
      ['x-a', ' 2 '],
      ['User-Agent', 'mine'],
      ['Host', 'other.example'],
    ],
    body: 'hé',
  });
  assert.deepEqual([given.method, given.text], ['patch', 'hé']);
  assert.deepEqual(
    [given.fields['x-a'], given.fields['user-agent'], given.fields['host'], given.fields['content-length']],
    ['1, 2', 'mine', 'other.example', '3'],
  );
  assert.equal((await ask('/', { method: 'post' })).fields['content-length'], '0');
});

testEach(
  'client: RFC 3986 §3.3: the path and the query of any URL can be sent, whichever ASCII characters it has',
  async (withClient) => {
    await using pair = await withClient(describe);
    for (let code = 0x20; code < 0x7f; code++) {
      const character = String.fromCharCode(code);
      const response = await pair.client.fetch(`${pair.url}/a${character}b?c${character}d`);
      const { path } = (await response.json()) as Understood;
      const { pathname, search } = new URL(`http://a/a${character}b?c${character}d`);
      assert.equal(path, pathname.replace('^', '%5E') + search);
    }
  },
);

testEach(
  'client: every kind of body arrives unchanged, framed by its length if that is known',
  async (withClient, version) => {
    await using pair = await withClient(describe);
    const form = new FormData();
    form.append('a', 'b');
    const octets = encoder.encode('xhellox');
    const rows: [body: FetchInit['body'], text: string | RegExp, length: string | undefined, type: RegExp][] =
      [
        ['hello', 'hello', '5', /^text\/plain;charset=UTF-8$/],
        ['', '', '0', /^text\/plain/],
        [octets, 'xhellox', '7', /^$/],
        [octets.subarray(1, 6), 'hello', '5', /^$/],
        [octets.slice(1, 6).buffer, 'hello', '5', /^$/],
        [new DataView(octets.buffer, 1, 5), 'hello', '5', /^$/],
        [new URLSearchParams({ a: 'b c' }), 'a=b+c', '5', /^application\/x-www-form-urlencoded/],
        [new Blob(['hel', 'lo'], { type: 'x/y' }), 'hello', '5', /^x\/y$/],
        [form, /name="a"\r\n\r\nb\r\n/, '155', /^multipart\/form-data; ?boundary=/],
        [new Blob(['hello']).stream(), 'hello', undefined, /^$/],
        [pieces('hel', '', 'lo'), 'hello', undefined, /^$/],
        [pieces(), '', undefined, /^$/],
      ];
    for (const [body, text, length, type] of rows) {
      const response = await pair.client.fetch(pair.url, {
        method: 'PUT',
        ...(body === undefined ? {} : { body }),
      });
      const understood = (await response.json()) as Understood;
      if (typeof text === 'string') assert.equal(understood.text, text);
      else assert.match(understood.text, text);
      assert.equal(understood.fields['content-length'], length);
      const isChunked = length === undefined && version === '1.1';
      assert.equal(understood.fields['transfer-encoding'], isChunked ? 'chunked' : undefined);
      assert.match(understood.fields['content-type'] ?? '', type);
    }
    assert.equal(pair.client.connections, 1);
  },
);

testEach(
  'client: a Request of the runtime is sent, and members of init replace its own',
  async (withClient) => {
    await using pair = await withClient(describe);
    const request = new Request(`${pair.url}/x`, { method: 'POST', headers: { 'X-A': '1' }, body: 'hello' });
    const understood = (await (await pair.client.fetch(request, { method: 'PUT' })).json()) as Understood;
    assert.deepEqual(
      [understood.method, understood.path, understood.text, understood.fields['x-a']],
      ['PUT', '/x', 'hello', '1'],
    );
    assert.equal(understood.fields['content-type'], 'text/plain;charset=UTF-8');
  },
);

testEach(
  'client: the response is a Response, whose content can be read in every way, but once',
  async (withClient, version) => {
    await using pair = await withClient(
      () => new ServalResponse('{"a":1}', { status: 201, statusText: 'Made', headers: { 'X-B': 'c' } }),
    );
    const ask = () => pair.client.fetch(`${pair.url}/r`);
    const response = await ask();
    assert.ok(response instanceof Response);
    assert.deepEqual(
      [
        response.status,
        response.statusText,
        response.ok,
        response.url,
        response.redirected,
        response.httpVersion,
      ],
      // RFC 9113 §8.3.2: HTTP/2 has no reason phrase.
      [201, version === '2' ? '' : 'Made', true, `${pair.url}/r`, false, version],
    );
    assert.equal(response.headers.get('X-B'), 'c');
    assert.equal(response.bodyUsed, false);
    assert.equal(await response.text(), '{"a":1}');
    assert.equal(response.bodyUsed, true);
    await assert.rejects(response.text(), TypeError);
    assert.throws(() => response.clone(), TypeError);
    assert.deepEqual(await (await ask()).json(), { a: 1 });
    assert.equal((await (await ask()).arrayBuffer()).byteLength, 7);
    assert.equal((await (await ask()).blob()).size, 7);
    const copied = await ask();
    const copy = copied.clone();
    assert.deepEqual([await copied.text(), await copy.text(), copy.status], ['{"a":1}', '{"a":1}', 201]);
    let text = '';
    for await (const octets of (await ask()).body!) text += new TextDecoder().decode(octets);
    assert.equal(text, '{"a":1}');
  },
);

testEach('RFC 9110 §9.3.2: HEAD, 204 and 304 have no body', async (withClient) => {
  await using pair = await withClient((request) => {
    const status = Number(new URL(request.url).pathname.slice(1));
    return new ServalResponse(status === 200 ? 'hello' : null, { status });
  });
  for (const [method, status] of [
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ] as const) {
    const response = await pair.client.fetch(`${pair.url}/${status}`, { method });
    assert.deepEqual([response.status, response.body, await response.text()], [status, null, '']);
  }
  assert.equal(pair.client.connections, 1);
});

testEach('RFC 9110 §6.5: trailers go both ways', async (withClient) => {
  await using pair = await withClient(async (request) => {
    const text = await request.text();
    const { trailers } = request as Request & { trailers: Promise<Headers> };
    const sum = (await trailers).get('x-sum');
    return new ServalResponse(new Blob([`${text} ${sum}`]).stream(), {
      trailers: () => ({ 'X-Back': 'yes' }),
    });
  });
  const init = { method: 'PUT', trailers: async () => ({ 'X-Sum': '42' }) };
  for (const body of ['hello', pieces('hel', 'lo')]) {
    const response = await pair.client.fetch(pair.url, { ...init, body });
    assert.equal(await response.text(), 'hello 42');
    assert.equal((await response.trailers).get('X-Back'), 'yes');
  }
  const forbidden = pair.client.fetch(pair.url, { ...init, body: 'x', trailers: () => ({ Host: 'b' }) });
  await assert.rejects(forbidden, TypeError);
});

testEach('RFC 9110 §15.2: interim responses are reported as they arrive', async (withClient) => {
  await using pair = await withClient((_request, context) => {
    context.sendInformational(103, { Link: '</a>' });
    return new ServalResponse('x');
  });
  const seen: string[] = [];
  const onInformational = (status: number, headers: Headers) =>
    void seen.push(`${status} ${headers.get('link')}`);
  await (await pair.client.fetch(pair.url, { onInformational })).text();
  assert.deepEqual(seen, ['103 </a>']);
});

testEach(
  'client: an error that onInformational throws rejects its own fetch and no other',
  async (withClient) => {
    await using pair = await withClient((_request, context) => {
      context.sendInformational(103, {});
      return new ServalResponse('x');
    });
    const onInformational = () => {
      throw new RangeError('mine');
    };
    await assert.rejects(pair.client.fetch(pair.url, { onInformational }), RangeError);
    assert.equal(await (await pair.client.fetch(pair.url)).text(), 'x');
  },
);

testEach(
  'RFC 9110 §10.1.1: content waits for 100, which the server sends when it wants it',
  async (withClient) => {
    const wanted: boolean[] = [];
    await using pair = await withClient(async (request) => {
      if (request.url.endsWith('/no')) return new ServalResponse('no', { status: 403 });
      return new ServalResponse(await request.text());
    });
    const ask = async (path: string): Promise<string> => {
      let isAsked = false;
      const body = (async function* () {
        isAsked = true;
        yield encoder.encode('hello');
      })();
      const init = { method: 'PUT', body, expectContinue: true };
      const text = await (await pair.client.fetch(`${pair.url}${path}`, init)).text();
      wanted.push(isAsked);
      return text;
    };
    assert.deepEqual([await ask('/yes'), await ask('/no')], ['hello', 'no']);
    assert.deepEqual(wanted, [true, false]);
  },
);

testEach(
  'RFC 9112 §9.5: after a response that comes early, the rest of the content is not sent',
  async (withClient) => {
    await using pair = await withClient(() => new ServalResponse('no', { status: 413 }));
    let cancelled: unknown;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
      cancel: (reason) => {
        cancelled = reason;
      },
    });
    const response = await pair.client.fetch(pair.url, { method: 'PUT', body });
    assert.equal(`${response.status} ${await response.text()}`, '413 no');
    assert.equal(codeOf(cancelled), 'ERR_HTTP_REQUEST_CANCELLED');
    assert.equal(await (await pair.client.fetch(pair.url)).text(), 'no');
  },
);

testEach('client: both directions flow at once', async (withClient) => {
  await using pair = await withClient((request) => new ServalResponse(request.body));
  let send: (text: string) => void = () => {};
  let end: () => void = () => {};
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      send = (text) => controller.enqueue(encoder.encode(text));
      end = () => controller.close();
    },
  });
  const response = await pair.client.fetch(pair.url, { method: 'POST', body });
  const reader = response.body!.getReader();
  for (const text of ['one', 'two', 'three']) {
    send(text);
    assert.equal(new TextDecoder().decode((await reader.read()).value), text);
  }
  end();
  assert.equal((await reader.read()).done, true);
});

test('client: a request that can not be sent is rejected before anything is sent', async () => {
  await using client = new Client();
  const url = 'http://127.0.0.1:9/';
  const rejects = (input: string, init: FetchInit, expected: object) =>
    assert.rejects(client.fetch(input, init), expected, `${input} ${JSON.stringify(init)}`);
  const typeError = { name: 'TypeError' };
  for (const input of ['', '/a', 'a', 'http://', 'http://u:p@a/']) await rejects(input, {}, typeError);
  for (const input of ['ftp://a/', 'data:,x', 'wss://a/'])
    await rejects(input, {}, { name: 'NotSupportedError' });
  for (const method of ['', 'G T', 'G\r\n', 'CONNECT', 'trace']) await rejects(url, { method }, typeError);
  for (const method of ['GET', 'HEAD']) await rejects(url, { method, body: 'x' }, typeError);
  for (const headers of [
    { 'X\r\n': 'y' },
    { X: 'y\r\nZ: z' },
    { X: '\u010d\u010a' },
    { 'Content-Length': '5' },
  ])
    await rejects(url, { headers }, typeError);
  await rejects(url, { headers: { Upgrade: 'x' } }, { name: 'NotSupportedError' });
  await rejects(url, { method: 'PUT', body: 'abc', headers: { 'Content-Length': '4' } }, typeError);
  const locked = new ReadableStream();
  locked.getReader();
  await rejects(url, { method: 'PUT', body: locked }, typeError);
  assert.equal(client.connections, 0);
});

testEach(
  'RFC 9112 §8: content of another length than declared, or that can not be read, ends the exchange and its connection',
  async (withClient) => {
    await using pair = await withClient(async (request) => new ServalResponse(await request.text()));
    const headers = { 'Content-Length': '6' };
    const init = { method: 'PUT', headers };
    const exact = await pair.client.fetch(pair.url, { ...init, body: pieces('abc', 'def') });
    assert.equal(await exact.text(), 'abcdef');
    for (const texts of [['abc'], ['abc', 'defg']])
      await assert.rejects(pair.client.fetch(pair.url, { ...init, body: pieces(...texts) }), {
        name: 'ContentLengthMismatch',
      });
    const broken = (async function* () {
      yield encoder.encode('abc');
      throw new RangeError('mine');
    })();
    await assert.rejects(pair.client.fetch(pair.url, { method: 'PUT', body: broken }), RangeError);
    const wrong = (async function* () {
      yield 'text' as unknown as Uint8Array;
    })();
    await assert.rejects(pair.client.fetch(pair.url, { method: 'PUT', body: wrong }), TypeError);
    assert.equal(await (await pair.client.fetch(pair.url, { method: 'PUT', body: 'x' })).text(), 'x');
  },
);

testEach('client: close finishes requests in progress and takes no new ones', async (withClient) => {
  let answer: () => void = () => {};
  let isAsked = false;
  await using pair = await withClient(async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
      isAsked = true;
    });
    return new ServalResponse('late');
  });
  const first = pair.client.fetch(pair.url).then((response) => response.text());
  assert.ok(await eventually(() => isAsked));
  const closed = pair.client.close();
  await assert.rejects(pair.client.fetch(pair.url), { code: 'ERR_HTTP_CLIENT_CLOSED' });
  answer();
  assert.equal(await first, 'late');
  await closed;
  assert.equal(pair.client.connections, 0);
  await pair.client.close();
});

testEach('client: destroy ends everything at once', async (withClient) => {
  await using pair = await withClient(() => new Promise(() => {}), { limits: { maxConnections: 2 } });
  const answers = Array.from({ length: 5 }, () =>
    pair.client.fetch(pair.url).catch((error: unknown) => codeOf(error)),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  await pair.client.destroy();
  assert.deepEqual(await Promise.all(answers), Array(5).fill('ERR_HTTP_CLIENT_CLOSED'));
  assert.equal(pair.client.connections, 0);
});
