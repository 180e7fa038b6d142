/** Responses on the wire, of both classes: what a handler returns is what a client gets. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../../src/index.ts';
import { BODIES, NATIVE, octetsOf, stream } from '../../fetch/bodies.ts';
import { get, message, withServer } from '../with-server.ts';

const FLAVOURS = { serval: Response, native: NATIVE as unknown as typeof Response };

for (const [flavour, Answer] of Object.entries(FLAVOURS)) {
  describe(`a ${flavour} Response on the wire`, () => {
    test('a stream of text is sent as UTF-8', () => {
      const pieces = () =>
        new ReadableStream<unknown>({
          start(controller) {
            for (const piece of ['caf\u00e9 ', new TextEncoder().encode('\u2603'), '', 'a\ud800b'])
              controller.enqueue(piece);
            controller.close();
          },
        });
      return withServer(
        () => new Answer(pieces() as ReadableStream<Uint8Array>),
        async ({ ask }) => {
          const { content } = await ask(get());
          assert.equal(Buffer.from(content).toString('utf8'), 'caf\u00e9 \u2603a\ufffdb');
        },
      );
    });

    test('pieces that are sent in different ways arrive in their order, each as a chunk', () => {
      const lengths = [
        1, 256, 257, 16_384, 16_385, 3, 40_000, 256, 16_384, 16_384, 16_384, 16_384, 16_384, 2,
      ];
      const pieces = lengths.map((length, at) => new Uint8Array(length).fill(0x80 + at));
      return withServer(
        () => new Answer(new ReadableStream({ start: (controller) => enqueueAll(controller, pieces) })),
        async ({ ask }) => {
          const { content, chunkSizes } = await ask(get());
          assert.deepEqual(chunkSizes, lengths);
          assert.ok(Buffer.concat(pieces).equals(content));
        },
      );
    });

    for (const [name, body] of Object.entries(BODIES)) {
      test(`body: ${name} arrives whole, with the Content-Type that goes with it`, () => {
        let sent = new NATIVE(body());
        return withServer(
          async () => {
            const response = new Answer(body());
            const copy = response.clone();
            sent = new NATIVE(await copy.arrayBuffer(), { headers: copy.headers });
            return response;
          },
          async ({ ask }) => {
            const answer = await ask(get());
            assert.equal(answer.status, 200);
            assert.deepEqual([...answer.content], octetsOf(await sent.arrayBuffer()));
            assert.equal(answer.field('content-type') ?? null, sent.headers.get('content-type'));
          },
        );
      });

      test(`body: ${name} arrives whole when nobody looked at it before`, () =>
        withServer(
          () => new Answer(body()),
          async ({ connect }) => {
            // Twice on one connection: the end of the first has to be told right.
            const connection = await connect();
            await connection.send(get() + get());
            const [first, second] = await connection.receiveResponses(['GET', 'GET']);
            assert.equal(first?.status, 200);
            const length = (await new NATIVE(body()).arrayBuffer()).byteLength;
            if (!name.includes('FormData')) assert.equal(first?.content.length, length);
            assert.equal(second?.content.length, first?.content.length);
          },
        ));

      test(`body: ${name} is not sent to HEAD`, () =>
        withServer(
          () => new Answer(body()),
          async ({ connect }) => {
            const connection = await connect();
            await connection.send(message('HEAD /') + get());
            const [head, answer] = await connection.receiveResponses(['HEAD', 'GET']);
            assert.equal(head?.status, 200);
            assert.equal(
              head?.field('content-type')?.slice(0, 19),
              answer?.field('content-type')?.slice(0, 19),
            );
          },
        ));
    }

    test('a string and octets have a Content-Length that counts octets', () =>
      withServer(
        ({ url }) => new Answer(url.endsWith('/s') ? 'é☃' : Uint8Array.of(1, 2)),
        async ({ ask }) => {
          assert.equal((await ask(get('/s'))).field('content-length'), '5');
          assert.equal((await ask(get('/o'))).field('content-length'), '2');
        },
      ));

    test('repeated Set-Cookie fields stay apart', () =>
      withServer(
        () => {
          const response = new Answer('x', {
            headers: [['Set-Cookie', 'a=1; Expires=Wed, 01 Jan 2025 00:00:00 GMT']],
          });
          response.headers.append('Set-Cookie', 'b=2');
          return response;
        },
        async ({ ask }) => {
          const { fields } = await ask(get());
          const cookies = fields
            .filter(([name]) => name.toLowerCase() === 'set-cookie')
            .map(([, value]) => value);
          assert.deepEqual(cookies, ['a=1; Expires=Wed, 01 Jan 2025 00:00:00 GMT', 'b=2']);
        },
      ));

    test('headers that were changed after construction go out as they are then', () =>
      withServer(
        () => {
          const response = new Answer('x', { headers: { 'X-A': '1', 'X-B': '2' } });
          response.headers.set('X-A', 'changed');
          response.headers.delete('X-B');
          response.headers.set('Content-Type', 'text/x');
          return response;
        },
        async ({ ask }) => {
          const answer = await ask(get());
          assert.equal(answer.field('x-a'), 'changed');
          assert.equal(answer.field('x-b'), undefined);
          assert.equal(answer.field('content-type'), 'text/x');
        },
      ));

    test('status and statusText are the handler’s; without a statusText the registered phrase stands', () =>
      withServer(
        ({ url }) =>
          url.endsWith('/own')
            ? new Answer(null, { status: 299, statusText: 'Very \xe9 OK' })
            : new Answer(null, { status: 404 }),
        async ({ ask }) => {
          assert.equal((await ask(get('/own'))).reason, 'Very \xe9 OK');
          assert.equal((await ask(get('/none'))).reason, 'Not Found');
        },
      ));

    test('Date is there once: the handler’s, or ours', () =>
      withServer(
        ({ url }) =>
          new Answer('x', url.endsWith('/own') ? { headers: { Date: 'Sun, 06 Nov 1994 08:49:37 GMT' } } : {}),
        async ({ ask }) => {
          assert.equal((await ask(get('/own'))).field('date'), 'Sun, 06 Nov 1994 08:49:37 GMT');
          const ours = Date.parse((await ask(get('/'))).field('date') ?? '');
          assert.ok(Math.abs(Date.now() - ours) < 10_000);
        },
      ));

    test('fields about another hop are not passed on', () =>
      withServer(
        () =>
          new Answer('hello', {
            headers: {
              'Transfer-Encoding': 'chunked',
              'Keep-Alive': 'timeout=5',
              Connection: 'x-a',
              'Proxy-Connection': 'close',
            },
          }),
        async ({ ask }) => {
          const answer = await ask(get());
          assert.equal(answer.text, 'hello');
          assert.equal(answer.field('content-length'), '5');
          for (const name of ['transfer-encoding', 'proxy-connection']) {
            assert.equal(answer.field(name), undefined, name);
          }
          // These two are about this hop: one second less than timeouts.idle.
          assert.equal(answer.field('connection'), 'keep-alive');
          assert.equal(answer.field('keep-alive'), 'timeout=64');
        },
      ));

    test('a clone may be read while the response is sent', () => {
      let read = '';
      return withServer(
        async () => {
          const response = new Answer('x'.repeat(100_000));
          read = await response.clone().text();
          return response;
        },
        async ({ ask }) => {
          assert.equal((await ask(get())).text.length, 100_000);
          assert.equal(read.length, 100_000);
        },
      );
    });

    const is500 = (title: string, make: () => globalThis.Response | Promise<globalThis.Response>) =>
      test(`${title} is a 500 that says nothing, and the connection goes on`, () =>
        withServer(
          ({ url }) => (url.endsWith('/ok') ? new Answer('fine') : make()),
          async ({ connect, faults }) => {
            const connection = await connect();
            await connection.send(get('/') + get('/ok'));
            const [fault, next] = await connection.receiveResponses(['GET', 'GET']);
            assert.equal(fault?.status, 500);
            assert.equal(fault?.text, 'Internal Server Error\n');
            assert.doesNotMatch(connection.soFar().toString('latin1'), /smuggled|secret|x-bad/i);
            assert.equal(next?.text, 'fine');
            assert.equal(faults.length, 1, 'reported once');
            assert.ok(faults[0]?.error instanceof Error);
          },
        ));

    is500('a response whose body has been read', async () => {
      const response = new Answer('secret');
      await response.text();
      return response;
    });
    is500('a response whose body is locked', () => {
      const response = new Answer('secret');
      response.body!.getReader();
      return response;
    });
    is500('a network error', () => Answer.error());
    is500(
      'a Content-Length that is not a number',
      () => new Answer('x', { headers: { 'Content-Length': 'secret' } }),
    );
    if (flavour === 'serval') {
      is500(
        'a Content-Length that a string does not keep',
        () => new Answer('secret', { headers: { 'Content-Length': '3' } }),
      );
      for (const [name, value] of [
        ['x-bad', 'a\r\nx-smuggled: 1'],
        ['x-bad', 'a\nx-smuggled: 1'],
        ['x-bad', 'secret\0'],
        ['x-bad', 'secret \u010d\u010asmuggled: 1'],
        ['x-bad', 'secret \u2603'],
        ['x-bad\r\nx-smuggled', '1'],
        ['x bad', 'secret'],
        ['', 'secret'],
        ['x-b\u00e4d', 'secret'],
      ] as const) {
        is500(
          `the field ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
          () => new Answer('secret', { headers: { [name]: value } }),
        );
      }
      for (const statusText of ['a\r\nx-smuggled: 1', 'secret\n', 'secret\0', 'secret \u010d\u010a']) {
        is500(`the statusText ${JSON.stringify(statusText)}`, () => new Answer('secret', { statusText }));
      }
    }

    test('a response with a stream that is returned again is a 500 the second time', () => {
      const response = new Answer(new Blob(['hello']).stream() as ReadableStream<Uint8Array>);
      return withServer(
        () => response,
        async ({ ask }) => {
          assert.equal((await ask(get())).text, 'hello');
          assert.equal((await ask(get())).status, 500);
        },
      );
    });

    test('a redirect has its Location and no content', () =>
      withServer(
        () => Answer.redirect('http://b/x', 303),
        async ({ ask }) => {
          const answer = await ask(get());
          assert.equal(answer.status, 303);
          assert.equal(answer.field('location'), 'http://b/x');
          assert.equal(answer.text, '');
        },
      ));

    test('json arrives as JSON', () =>
      withServer(
        () => Answer.json({ a: 'é' }),
        async ({ ask }) => {
          const answer = await ask(get());
          assert.equal(answer.field('content-type'), 'application/json');
          assert.deepEqual(JSON.parse(Buffer.from(answer.content).toString('utf8')), { a: 'é' });
        },
      ));
  });
}

describe('a Serval Response with a Blob', () => {
  for (const size of [0, 1, 100_000]) {
    test(`of ${size} bytes says its length, to HEAD as well`, () =>
      withServer(
        () => new Response(new Blob([new Uint8Array(size)], { type: 'image/x' })),
        async ({ connect }) => {
          const connection = await connect();
          await connection.send(message('HEAD /') + get());
          for (const answer of await connection.receiveResponses(['HEAD', 'GET'])) {
            assert.equal(answer.field('content-length'), String(size));
            assert.equal(answer.field('content-type'), 'image/x');
          }
        },
      ));
  }
});

describe('a body that was read, locked or cancelled before it is sent', () => {
  const uses: Record<string, (response: globalThis.Response) => unknown> = {
    'was read': (response) => response.text(),
    'is locked': (response) => response.body?.getReader(),
    'was read in part': async (response) => {
      const reader = response.body!.getReader();
      await reader.read();
      reader.releaseLock();
    },
    'was cancelled': (response) => response.body?.cancel(),
  };
  const bodies: Record<string, () => BodyInit> = {
    'a string': () => 'hello hello',
    'a Uint8Array': () => Uint8Array.of(1, 2, 3),
    'a Blob': () => new Blob(['hello']),
    'a stream': () => stream('hel', 'lo'),
  };
  for (const [what, make] of Object.entries(bodies)) {
    for (const [how, use] of Object.entries(uses)) {
      test(`${what} that ${how} is a 500 and never sent in part`, () =>
        withServer(
          async () => {
            const response = new Response(make());
            await use(response);
            return response;
          },
          async ({ ask, faults }) => {
            const answer = await ask(get());
            assert.equal(answer.status, 500);
            assert.equal(answer.text, 'Internal Server Error\n');
            assert.ok(faults[0]?.error instanceof TypeError);
          },
        ));
    }
  }

  test('a stream that is read behind the back of its response is a 500', () => {
    const body = stream('hel', 'lo');
    return withServer(
      async () => {
        const response = new Response(body);
        const reader = body.getReader();
        await reader.read();
        reader.releaseLock();
        return response;
      },
      async ({ ask }) => assert.equal((await ask(get())).status, 500),
    );
  });
});

function enqueueAll(controller: ReadableStreamDefaultController<Uint8Array>, pieces: Uint8Array[]): void {
  for (const piece of pieces) controller.enqueue(piece);
  controller.close();
}

type BodyInit = ConstructorParameters<typeof Response>[0];
