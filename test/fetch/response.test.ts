/** The `Response` that Serval exports, by itself: a `Response` to everybody who looks at one. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../src/index.ts';
import { BODIES, NATIVE, octetsOf } from './bodies.ts';

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
  });

  for (const status of [199, 600, 0, -1, 101, 1.5, Number.NaN]) {
    test(`status ${status} is a RangeError`, () => {
      assert.throws(() => new Response(null, { status }), RangeError);
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

  test('redirect: a relative reference stays one', () => {
    assert.equal(Response.redirect('/login?next=%2F').headers.get('location'), '/login?next=%2F');
  });

  test('error: a network error, as the runtime’s own', () => {
    const error = Response.error();
    assert.equal(error.type, 'error');
    assert.equal(error.status, 0);
  });
});

type HeadersInit = ConstructorParameters<typeof Headers>[0];
