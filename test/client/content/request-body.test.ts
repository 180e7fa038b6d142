import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodedForm, formPieces } from '../../../src/client/content/form-body.ts';
import type { FetchInit } from '../../../src/client/request-init.ts';
import { Response as ServalResponse } from '../../../src/fetch/response.ts';
import { answering, rawServer } from '../raw-server.ts';
import { testEach, withClient } from '../with-client.ts';

interface Understood {
  readonly method: string;
  readonly length: string | null;
  readonly coding: string | null;
  readonly form: [name: string, value: string, type?: string, filename?: string][];
  readonly text: string;
}

/** `/307/x` redirects to `x`; everything else answers with what it has understood. */
async function understand(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/307/'))
    return new ServalResponse(null, { status: 307, headers: { Location: pathname.slice(4) } });
  const isForm = request.headers.get('content-type')?.startsWith('multipart/') === true;
  const form: unknown[] = [];
  for (const [name, value] of isForm ? await request.formData() : [])
    form.push(typeof value === 'string' ? [name, value] : [name, await value.text(), value.type, value.name]);
  return ServalResponse.json({
    method: request.method,
    length: request.headers.get('content-length'),
    coding: request.headers.get('transfer-encoding'),
    form,
    text: isForm ? '' : await request.text(),
  });
}

function exampleForm(): FormData {
  const form = new FormData();
  form.append('a', 'b\nc');
  form.append('q"uo\r\nte', 'ü');
  form.append('file', new Blob(['hello'], { type: 'x/y' }), 'h"i.txt');
  form.append('other', new Blob([new Uint8Array(100_000).fill(120)]), 'x.bin');
  return form;
}

const EXPECTED_FORM = [
  ['a', 'b\r\nc'],
  ['q"uo\r\nte', 'ü'],
  ['file', 'hello', 'x/y', 'h"i.txt'],
  ['other', 'x'.repeat(100_000), 'application/octet-stream', 'x.bin'],
];

testEach(
  'client: a form has a length, so that it follows 307 like every body that can be sent again',
  async (withClient) => {
    await using pair = await withClient(understand);
    for (const path of ['/', '/307/there']) {
      const response = await pair.client.fetch(`${pair.url}${path}`, { method: 'POST', body: exampleForm() });
      const understood = (await response.json()) as Understood;
      assert.deepEqual([understood.method, understood.coding], ['POST', null]);
      assert.deepEqual(understood.form, EXPECTED_FORM);
      const { length } = encodedForm(exampleForm());
      assert.equal(understood.length, String(length));
    }
  },
);

test('client: a form has exactly the length that it declares', async () => {
  const one = new FormData();
  one.append('a', 'b');
  for (const form of [new FormData(), one, exampleForm()]) {
    const encoded = encodedForm(form);
    let length = 0;
    for await (const piece of formPieces(encoded)) length += piece.length;
    assert.equal(length, encoded.length);
  }
});

testEach(
  'client: the body of a Request has its length and follows 307, if it was in memory',
  async (withClient) => {
    await using pair = await withClient(understand);
    const bodies: [body: NonNullable<FetchInit['body']>, text: string][] = [
      ['hello', 'hello'],
      ['', ''],
      [new URLSearchParams({ a: 'b' }), 'a=b'],
      [new Uint8Array(5).fill(120), 'xxxxx'],
      [new Blob(['x'.repeat(200_000)]), 'x'.repeat(200_000)],
      [exampleForm(), ''],
    ];
    for (const [body, text] of bodies) {
      for (const path of ['/', '/307/there']) {
        const request = new Request(`${pair.url}${path}`, { method: 'PUT', body: body as string });
        const understood = (await (await pair.client.fetch(request)).json()) as Understood;
        assert.deepEqual([understood.method, understood.text, understood.coding], ['PUT', text, null]);
        assert.deepEqual(understood.form, body instanceof FormData ? EXPECTED_FORM : []);
      }
    }
  },
);

test('client: the body of a Request that is slow or large is sent in chunks, as it is read', async () => {
  await using pair = await withClient(understand);
  let left = 3;
  const slow = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (left-- > 0) controller.enqueue(Buffer.from('abc'));
      else controller.close();
    },
  });
  let given = 0;
  const much = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(64 * 1024).fill(120));
      if (++given === 40) controller.close();
    },
  });
  for (const [body, length] of [
    [slow, 9],
    [much, 40 * 64 * 1024],
  ] as const) {
    const init = { method: 'PUT', body, duplex: 'half' } as RequestInit;
    const response = await pair.client.fetch(new Request(pair.url, init));
    const understood = (await response.json()) as Understood;
    assert.deepEqual([understood.text.length, understood.coding], [length, 'chunked']);
  }
});

type RequestInit = ConstructorParameters<typeof Request>[1];

testEach('client: a body of a Request that fails rejects the request', async (withClient) => {
  await using pair = await withClient(understand);
  const failing = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new RangeError('mine'));
    },
  });
  const init = { method: 'PUT', body: failing, duplex: 'half' } as RequestInit;
  await assert.rejects(pair.client.fetch(new Request(pair.url, init)), RangeError);
});

test('RFC 9112 §9.3.1: a form and the body of a Request are sent again when a connection was closed', async () => {
  const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  for (const make of [
    (url: string) => new Request(url, { method: 'PUT', body: 'hello' }),
    (url: string) => new Request(url, { method: 'PUT', body: exampleForm() }),
    (url: string) => [url, { method: 'PUT', body: exampleForm() }] as const,
  ]) {
    const answer = answering(() => OK);
    await using server = await rawServer((socket, text, connection) => {
      if (connection === 0 && text.includes('PUT')) socket.resetAndDestroy();
      else answer(socket, text.slice(0, text.indexOf('\r\n\r\n') + 4), connection);
    });
    await using pair = await withClient(understand);
    await (await pair.client.fetch(server.url)).text();
    const made = make(server.url);
    const response = await (Array.isArray(made)
      ? pair.client.fetch(made[0] as string, made[1] as FetchInit)
      : pair.client.fetch(made as Request));
    assert.equal(await response.text(), 'ok');
    assert.equal(server.accepted, 2);
  }
});
