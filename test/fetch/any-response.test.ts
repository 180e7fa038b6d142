/** Responses of classes that are neither the runtime's nor Serval's, as frameworks bring them. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { responseOf } from '../../src/fetch/any-response.ts';
import { isLightResponse } from '../../src/fetch/response.ts';
import { Response } from '../../src/index.ts';
import { get, message, until, withServer } from '../server/with-server.ts';
import { stream } from './bodies.ts';

/** A stream of another class: it has what a reader needs, and is not `instanceof ReadableStream`. */
class ForeignStream {
  readonly #stream: ReadableStream<Uint8Array>;
  isCancelled = false;
  locked = false;

  constructor(...pieces: string[]) {
    this.#stream = stream(...pieces);
  }

  getReader() {
    const reader = this.#stream.getReader();
    return {
      read: () => reader.read(),
      cancel: () => {
        this.isCancelled = true;
        return reader.cancel();
      },
    };
  }
}

class ForeignHeaders {
  readonly #pairs: [string, string][];

  constructor(pairs: [string, string][]) {
    this.#pairs = pairs;
  }

  [Symbol.iterator]() {
    return this.#pairs[Symbol.iterator]();
  }
}

class ForeignResponse {
  readonly statusText = '';
  readonly url: string = '';
  readonly bodyUsed: boolean = false;
  readonly status: number;
  readonly headers: ForeignHeaders;
  readonly body: unknown;

  constructor(body: unknown, status = 200, headers: [string, string][] = []) {
    this.body = body;
    this.status = status;
    this.headers = new ForeignHeaders(headers);
  }
}

const answering = (response: unknown) => () => response as globalThis.Response;

describe('responseOf', () => {
  test('Serval’s and the runtime’s own stay the same objects', () => {
    for (const response of [new Response('x'), new globalThis.Response('x'), globalThis.Response.error()])
      assert.equal(responseOf(response), response);
  });

  for (const [what, body] of Object.entries({
    'a stream of its own class': () => new ForeignStream('he', 'llo'),
    'a stream of the runtime': () => stream('he', 'llo'),
    'a stream of Node': () => Readable.from([Buffer.from('he'), Buffer.from('llo')]),
  })) {
    test(`one of another class with ${what} is taken by its shape`, async () => {
      const response = responseOf(
        new ForeignResponse(body(), 201, [
          ['X-A', '1'],
          ['X-A', '2'],
        ]),
      );
      assert.ok(isLightResponse(response));
      assert.equal(response.status, 201);
      assert.equal(response.headers.get('x-a'), '1, 2');
      assert.equal(await response.text(), 'hello');
    });
  }

  test('one without a body, and with a status that has none', () => {
    assert.equal(responseOf(new ForeignResponse(null))?.body, null);
    for (const status of [204, 304])
      assert.equal(responseOf(new ForeignResponse(new ForeignStream('x'), status))?.body, null);
  });

  test('what was fetched elsewhere and decoded loses the fields of the coded content', () => {
    const fields: [string, string][] = [
      ['Content-Encoding', 'gzip'],
      ['Content-Length', '7'],
      ['X-A', '1'],
    ];
    const fetched = Object.assign(new ForeignResponse(null, 200, fields), { url: 'http://a/' });
    assert.deepEqual([...responseOf(fetched)!.headers], [['x-a', '1']]);
    assert.equal(responseOf(new ForeignResponse(null, 200, fields))?.headers.get('content-length'), '7');
  });

  test('what has not the shape is none', () => {
    const shapes = [undefined, null, 'x', 1, {}, { status: 200 }, { status: 200, headers: {}, body: null }];
    for (const value of [...shapes, { status: '200', headers: [], body: null }, new Request('http://a/')])
      assert.equal(responseOf(value), undefined);
  });

  test('one that has been read, a network error and a body that can’t be read are errors', () => {
    assert.throws(() => responseOf(Object.assign(new ForeignResponse(null), { bodyUsed: true })), TypeError);
    assert.throws(() => responseOf(new ForeignResponse(null, 0)), RangeError);
    assert.throws(() => responseOf(new ForeignResponse({})), TypeError);
  });
});

describe('a handler that returns a response of another class', () => {
  test('has it sent', () =>
    withServer(
      answering(new ForeignResponse(new ForeignStream('he', 'llo'), 201, [['X-A', '1']])),
      async ({ ask }) => {
        const answer = await ask(get());
        assert.equal(answer.status, 201);
        assert.equal(answer.text, 'hello');
        assert.ok(answer.fields.some(([name, value]) => name === 'X-A' && value === '1'));
      },
    ));

  test('may be asynchronous', () =>
    withServer(
      async () => new ForeignResponse(null) as unknown as globalThis.Response,
      async ({ ask }) => assert.equal((await ask(get())).status, 200),
    ));

  test('has its stream cancelled for HEAD', async () => {
    const body = new ForeignStream('hello');
    await withServer(answering(new ForeignResponse(body)), async ({ ask }) => {
      assert.equal((await ask(message('HEAD /'))).status, 200);
      await until('cancelled', () => body.isCancelled);
    });
  });

  test('gets 500 for one that can’t be sent, and the fault is reported', () =>
    withServer(answering(new ForeignResponse(null, 99)), async ({ ask, faults }) => {
      assert.equal((await ask(get())).status, 500);
      assert.equal(faults.length, 1);
      assert.ok(faults[0]?.error instanceof RangeError);
    }));
});

describe('a response of fetch() that is passed on', () => {
  const TEXT = 'hello hello hello';
  const coded = (coding: string) => () =>
    new Response(gzipSync(TEXT), {
      headers: { 'Content-Encoding': coding, 'Content-Digest': 'x', ETag: '"1"' },
    });

  /** What a client gets from a server that answers with `forward` for an upstream. */
  const through = async (
    upstream: () => globalThis.Response,
    forward: (url: string, request: Request) => globalThis.Response | Promise<globalThis.Response>,
    check: (answer: globalThis.Response) => void,
    text = TEXT,
  ) =>
    withServer(upstream, ({ origin }) =>
      withServer(
        (request) => forward(origin, request),
        async ({ origin: front }) => {
          for (const method of ['GET', 'HEAD']) {
            const answer = await fetch(front, { method });
            check(answer);
            assert.equal(await answer.text(), method === 'HEAD' ? '' : text);
          }
        },
      ),
    );

  const assertDecoded = ({ headers }: globalThis.Response) => {
    for (const name of ['content-encoding', 'content-digest']) assert.equal(headers.get(name), null, name);
    assert.equal(headers.get('etag'), '"1"');
  };

  for (const [how, forward] of Object.entries({
    'as it is': (url: string) => fetch(url),
    'in Serval’s Response': async (url: string) => {
      const response = await fetch(url);
      return new Response(response.body, response);
    },
  })) {
    test(`${how}: its content was decoded, and it loses the fields of the coded one`, () =>
      through(coded('gzip'), forward, assertDecoded));
  }

  test('with a coding that fetch() does not know, or with none, it keeps all fields', async () => {
    const unknown = () =>
      new Response('coded', { headers: { 'Content-Encoding': 'gzip, unknown', 'Content-Length': '5' } });
    await through(
      unknown,
      (url) => fetch(url),
      ({ headers }) => assert.equal(headers.get('content-encoding'), 'gzip, unknown'),
      'coded',
    );
    await through(
      () => new Response('plain'),
      (url) => fetch(url),
      ({ headers }) => assert.equal(headers.get('content-length'), '5'),
      'plain',
    );
  });

  test('a response of the application itself keeps its Content-Encoding', async () => {
    for (const Class of [Response, globalThis.Response]) {
      const handler = () => new Class(gzipSync(TEXT), { headers: { 'Content-Encoding': 'gzip' } });
      await withServer(handler, async ({ origin }) => {
        const answer = await fetch(origin);
        assert.equal(answer.headers.get('content-encoding'), 'gzip');
        assert.equal(await answer.text(), TEXT);
      });
    }
  });
});
