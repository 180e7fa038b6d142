/** The `Response` that Serval exports, by itself: a `Response` to everybody who looks at one. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { Response } from '../../src/index.ts';
import { BODIES, NATIVE, octetsOf, stream } from './bodies.ts';

describe('Response', () => {
  test('it is an instance of the global Response and says so', () => {
    const response = new Response('x');
    assert.ok(response instanceof globalThis.Response);
    assert.ok(response instanceof Response);
    assert.equal(Object.prototype.toString.call(response), '[object Response]');
  });

  test('the global Response is not touched', () => {
    assert.notEqual(globalThis.Response, Response);
    assert.equal(Object.getPrototypeOf(new globalThis.Response()), globalThis.Response.prototype);
  });

  test('without arguments it is as the runtime’s own', () => {
    const [ours, native] = [new Response(), new NATIVE()];
    for (const name of [
      'status',
      'statusText',
      'ok',
      'type',
      'url',
      'redirected',
      'body',
      'bodyUsed',
    ] as const) {
      assert.equal(ours[name], native[name], name);
    }
    assert.deepEqual([...ours.headers], []);
  });

  for (const [name, body] of Object.entries(BODIES)) {
    test(`body: ${name} is read and named as the runtime’s own does`, async () => {
      const [ours, native] = [new Response(body()), new NATIVE(body())];
      const [type, expected] = [ours.headers.get('content-type'), native.headers.get('content-type')];
      // The boundary of a form is made up anew each time.
      assert.equal(type?.replace(/boundary=.*/, ''), expected?.replace(/boundary=.*/, ''));
      assert.ok(ours.body === null || ours.body instanceof ReadableStream);
      assert.equal(ours.body === null, native.body === null);
      const boundary = (value: string | null | undefined) => /boundary=(.*)/.exec(value ?? '')?.[1] ?? '\0';
      const text = Buffer.from(await ours.arrayBuffer()).toString('latin1');
      const nativeText = Buffer.from(await native.arrayBuffer()).toString('latin1');
      assert.equal(text.replaceAll(boundary(type), ''), nativeText.replaceAll(boundary(expected), ''));
      assert.equal(ours.bodyUsed, native.bodyUsed);
    });
  }

  for (const [name, body] of Object.entries(BODIES)) {
    if (body() === null || body() === undefined) continue;
    test(`body: ${name} can be read once`, async () => {
      const response = new Response(body());
      assert.equal(response.bodyUsed, false);
      await response.text();
      assert.equal(response.bodyUsed, true);
      for (const read of ['text', 'json', 'arrayBuffer', 'blob', 'formData'] as const) {
        await assert.rejects(async () => response[read](), TypeError, read);
      }
      assert.throws(() => response.clone(), TypeError);
    });
  }

  test('json, arrayBuffer, bytes and blob give what the body says', async () => {
    assert.deepEqual(await new Response('{"a":1}').json(), { a: 1 });
    await assert.rejects(new Response('{').json(), SyntaxError);
    assert.deepEqual(octetsOf(await new Response('é').arrayBuffer()), [0xc3, 0xa9]);
    const withBytes = new Response('é') as globalThis.Response & { bytes(): Promise<Uint8Array> };
    assert.deepEqual([...(await withBytes.bytes())], [0xc3, 0xa9]);
    const blob = await new Response('x', { headers: { 'content-type': 'text/x' } }).blob();
    assert.equal(blob.type, 'text/x');
  });

  test('formData reads back what a form was made into', async () => {
    const form = new FormData();
    form.append('a', '1');
    assert.equal((await new Response(form).formData()).get('a'), '1');
    assert.equal((await new Response(new URLSearchParams('a=2')).formData()).get('a'), '2');
  });

  test('a Content-Type that is given wins over the one that the body implies', () => {
    for (const headers of [
      { 'content-TYPE': 'text/x' },
      [['Content-Type', 'text/x']],
      new Headers({ 'Content-Type': 'text/x' }),
    ]) {
      assert.equal(
        new Response('x', { headers: headers as HeadersInit }).headers.get('content-type'),
        'text/x',
      );
    }
  });

  test('a body that is locked or has been read is a TypeError', async () => {
    const locked = new Response('x').body!;
    locked.getReader();
    assert.throws(() => new Response(locked), TypeError);
    const read = stream('hello');
    const reader = read.getReader();
    await reader.read();
    reader.releaseLock();
    assert.throws(() => new Response(read), TypeError);
    const cancelled = stream('hello');
    await cancelled.cancel();
    assert.throws(() => new Response(cancelled), TypeError);
  });

  test('body: the very stream that was given', () => {
    const given = stream('hello');
    assert.equal(new Response(given).body, given);
  });

  test('bodyUsed: true once the stream that was given has been read or cancelled elsewhere', async () => {
    for (const use of [
      (given: ReadableStream) => given.getReader().read(),
      (given: ReadableStream) => given.cancel(),
    ]) {
      const given = stream('hello');
      const response = new Response(given);
      assert.equal(response.bodyUsed, false);
      await use(given);
      assert.equal(response.bodyUsed, true);
      await assert.rejects(response.text(), TypeError);
    }
  });

  test('text and json: without a byte order mark, lone surrogates replaced', async () => {
    assert.equal(await new Response('\ufeffcaf\u00e9').text(), 'caf\u00e9');
    assert.deepEqual(await new Response('\ufeff{"a":1}').json(), { a: 1 });
    assert.equal(await new Response('a\ud800b').text(), 'a\ufffdb');
  });

  test('after it was read, body is a stream that is locked', async () => {
    for (const body of ['hello', Uint8Array.of(1), new Blob(['x']), stream('hello')]) {
      const response = new Response(body);
      await response.arrayBuffer();
      assert.ok(response.body !== null);
      assert.equal(response.body.locked, true);
    }
  });

  test('reading gives a copy of the bytes that were given', async () => {
    const given = Uint8Array.of(1, 2, 3);
    new Uint8Array(await new Response(given).arrayBuffer()).fill(9);
    assert.deepEqual([...given], [1, 2, 3]);
  });

  for (const status of [199, 600, 0, -1, 101, 1.5, Number.NaN]) {
    test(`status ${status} is a RangeError`, () => {
      assert.throws(() => new Response(null, { status }), RangeError);
    });
  }

  test('status: converted as Web IDL does', () => {
    assert.equal(new Response(null, { status: '404' as never }).status, 404);
    assert.equal(new Response(null, { status: 404.9 }).status, 404);
  });

  test('status, statusText, ok, url and the like can not be assigned, and are not the response’s own', () => {
    const response = new Response('x', { status: 201, statusText: 'Made' });
    for (const name of [
      'status',
      'statusText',
      'ok',
      'url',
      'type',
      'redirected',
      'headers',
      'body',
    ] as const) {
      const before = response[name];
      assert.throws(() => Object.assign(response, { [name]: 500 }), TypeError, name);
      assert.equal(response[name], before, name);
    }
    assert.deepEqual(Object.keys(response), []);
    assert.deepEqual(Reflect.ownKeys({ ...response }), []);
    assert.equal(JSON.stringify(response), '{}');
  });

  for (const statusText of ['a\nb', 'a\rb', '\0', '\u0100', '\u2603']) {
    test(`statusText ${JSON.stringify(statusText)} is a TypeError of the constructor`, () => {
      assert.throws(() => new Response('x', { statusText }), TypeError);
    });
  }

  for (const status of [204, 205, 304]) {
    test(`status ${status} has no body: one that is given is a TypeError, even an empty one`, () => {
      assert.throws(() => new Response('x', { status }), TypeError);
      assert.throws(() => new Response('', { status }), TypeError);
      assert.equal(new Response(null, { status }).body, null);
      assert.equal(new Response(undefined, { status }).status, status);
    });
  }

  test('ok is true from 200 to 299', () => {
    const ok = [200, 299, 300, 404, 500].map((status) => new Response(null, { status }).ok);
    assert.deepEqual(ok, [true, true, false, false, false]);
  });

  test('headers: those that were given are copied by the constructor', () => {
    const record: Record<string, string> = { 'X-A': '1' };
    const list: [string, string][] = [['X-A', '1']];
    const headers = new Headers(record);
    const responses = [record, list, headers].map((init) => new Response('x', { headers: init }));
    record['X-A'] = 'changed';
    record['X-B'] = 'new';
    list[0]![1] = 'changed';
    list.push(['X-B', 'new']);
    headers.set('X-A', 'changed');
    headers.set('X-B', 'new');
    for (const response of responses) {
      assert.equal(response.headers.get('x-a'), '1');
      assert.equal(response.headers.has('x-b'), false);
    }
  });

  for (const [what, headers] of Object.entries({
    'a name that is no token': { 'a b': 'c' },
    'an empty name': { '': 'c' },
    'a value with a line break': { a: 'b\nc' },
    'a value with NUL': { a: 'b\0' },
    'a value that is not latin1': { a: '\u2603' },
    'a pair of three': [['a', 'b', 'c']],
    'a text': 'a: b',
  })) {
    test(`headers: ${what} is a TypeError of the constructor`, () => {
      assert.throws(() => new Response('x', { headers: headers as never }), TypeError);
    });
  }

  test('headers: values lose the white space at their ends, line breaks as well', () => {
    const response = new Response('x', { headers: { a: ' \t\r\n b c \r\n' } });
    assert.equal(response.headers.get('a'), 'b c');
  });

  test('headers: an empty Content-Type is one', () => {
    assert.equal(new Response('x', { headers: { 'Content-Type': '' } }).headers.get('content-type'), '');
  });

  test('headers: the same object each time, changes and all', () => {
    const response = new Response('x', { headers: { 'X-A': '1' } });
    response.headers.append('x-a', '2');
    response.headers.delete('content-type');
    assert.equal(response.headers, response.headers);
    assert.deepEqual([...response.headers], [['x-a', '1, 2']]);
  });

  test('headers: Set-Cookie stays in several values', () => {
    const headers: [string, string][] = [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ];
    assert.deepEqual(new Response(null, { headers }).headers.getSetCookie(), ['a=1', 'b=2']);
  });

  test('clone: both have status, headers and content, and neither is the other’s', async () => {
    for (const body of ['hello', new TextEncoder().encode('hello'), new NATIVE('hello').body!]) {
      const response = new Response(body, { status: 201, statusText: 'Made', headers: { 'X-A': '1' } });
      const clone = response.clone();
      clone.headers.set('X-A', '2');
      assert.equal(clone.status, 201);
      assert.equal(clone.statusText, 'Made');
      assert.equal(response.headers.get('x-a'), '1');
      assert.deepEqual([await response.text(), await clone.text()], ['hello', 'hello']);
    }
  });

  test('clone: what becomes of one has no part in the other', async () => {
    const response = new Response(stream('he', 'llo'), { headers: { 'X-A': '1' } });
    const clone = response.clone();
    void response.body!.cancel();
    assert.equal(await clone.text(), 'hello');
    const whole = new Response('hello');
    const copy = whole.clone();
    await whole.body!.cancel();
    assert.equal(copy.bodyUsed, false);
    assert.equal(await copy.text(), 'hello');
    assert.ok(copy instanceof Response && copy instanceof NATIVE);
  });

  test('instanceof: what fetch() and others made is a Response, what a subclass did not make is none of its', async () => {
    assert.ok(new NATIVE('x') instanceof Response);
    assert.ok((await fetch('data:text/plain,x')) instanceof Response);
    assert.ok(Response.error() instanceof Response);
    class Special extends Response {}
    assert.ok(new Special('x') instanceof Special);
    assert.ok(new Special('x') instanceof Response);
    assert.equal(new Response('x') instanceof Special, false);
    assert.equal(new NATIVE('x') instanceof Special, false);
    for (const other of [{}, null, undefined, 'x', new Request('http://a/')])
      assert.equal((other as unknown) instanceof Response, false);
  });

  test('console.log, util.inspect and String know it, and reading it is still possible', async () => {
    const response = new Response('hello', { status: 418, headers: { 'X-A': '1' } });
    const shown = inspect(response, { depth: 4 });
    assert.match(shown, /Response \{[\s\S]*status: 418/);
    assert.match(shown, /'x-a': '1'/i);
    assert.equal(String(response), '[object Response]');
    assert.equal(response.constructor.name, 'Response');
    assert.equal(await response.text(), 'hello');
  });

  test('new Response(response.body, response) copies one', async () => {
    const original = new Response('hello', { status: 201, statusText: 'Made', headers: { 'X-A': '1' } });
    for (const copy of [
      new Response(original.clone().body, original),
      new NATIVE(original.clone().body, original),
    ]) {
      assert.equal(copy.status, 201);
      assert.equal(copy.statusText, 'Made');
      assert.equal(copy.headers.get('x-a'), '1');
      assert.equal(await copy.text(), 'hello');
    }
  });
});

describe('Response, statics', () => {
  test('json: the text, the type, and the init', async () => {
    const response = Response.json({ a: [1, null, 'é'] }, { status: 201, headers: { 'X-A': '1' } });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(response.headers.get('x-a'), '1');
    assert.equal(await response.text(), '{"a":[1,null,"é"]}');
  });

  test('json: a Content-Type that is given wins', () => {
    const response = Response.json({}, { headers: { 'content-type': 'application/x+json' } });
    assert.equal(response.headers.get('content-type'), 'application/x+json');
  });

  test('json: what has no JSON is a TypeError', () => {
    for (const value of [undefined, () => {}, Symbol('x'), 1n]) {
      assert.throws(() => Response.json(value), TypeError, String(value));
    }
    assert.throws(() => Response.json({}, { status: 204 }), TypeError);
  });

  test('redirect: the five statuses, 302 by default, and an absolute Location', () => {
    const plain = Response.redirect('http://A.example/x/../y');
    assert.equal(plain.status, 302);
    assert.equal(plain.headers.get('location'), 'http://a.example/y');
    assert.equal(plain.body, null);
    for (const status of [301, 302, 303, 307, 308]) {
      assert.equal(Response.redirect(new URL('http://a/'), status).status, status);
    }
    for (const status of [200, 300, 304, 305, 306, 309, 400]) {
      assert.throws(() => Response.redirect('http://a/', status), RangeError, String(status));
    }
  });

  for (const [reference, location] of Object.entries({
    '/login?next=%2F': '/login?next=%2F',
    '/caf\u00e9/\u2603?q=\u00fc#\u{1f600}': '/caf%C3%A9/%E2%98%83?q=%C3%BC#%F0%9F%98%80',
    '/a/../b/./c': '/b/c',
    'caf\u00e9?x=a b': 'caf%C3%A9?x=a%20b',
    '../up': '../up',
    '?page=\u0662': '?page=%D9%A2',
    '': '',
    '//\u00e9.example/x': '//xn--9ca.example/x',
    'http://\u00e9.example/\u00fc': 'http://xn--9ca.example/%C3%BC',
    '/a\ud800b': '/a%EF%BF%BDb',
  })) {
    test(`redirect: ${JSON.stringify(reference)} becomes ${JSON.stringify(location)}`, () => {
      assert.equal(Response.redirect(reference).headers.get('location'), location);
    });
  }

  for (const reference of ['http://:This is not a URL', 'http://', '//[', 'http://a b/']) {
    test(`redirect: ${JSON.stringify(reference)} is a TypeError`, () => {
      assert.throws(() => Response.redirect(reference), TypeError);
    });
  }

  test('error: a network error, as the runtime’s own', () => {
    const error = Response.error();
    assert.equal(error.type, 'error');
    assert.equal(error.status, 0);
  });
});

type HeadersInit = ConstructorParameters<typeof Headers>[0];
