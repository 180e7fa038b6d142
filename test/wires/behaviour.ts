/**
 * What an exchange does, whatever carries it. One suite, run over every kind of wire: a wire that passes carries exchanges
 * as every other does.
 */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, test } from 'node:test';
import {
  type Handler,
  Response,
  type ServerContext,
  type ServerOptions,
  type Tunnel,
} from '../../src/index.ts';
import { until } from '../support/until.ts';
import type { RunningWire, WireKind } from './wire-kind.ts';

const KIB = 1024;

type Body = ConstructorParameters<typeof globalThis.Response>[0];

/** A promise and its ends. */
function gate<T = void>() {
  let open!: (value: T) => void;
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

/** A stream of pieces that counts how many were asked for, and notices when it is cancelled. */
function countedStream(pieces: number, size: number) {
  const counted = {
    pulled: 0,
    isCancelled: false,
    stream: undefined as unknown as ReadableStream<Uint8Array>,
  };
  counted.stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (counted.pulled++ < pieces) controller.enqueue(new Uint8Array(size).fill(97));
        else controller.close();
      },
      cancel() {
        counted.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return counted;
}

/** What is reported as a fault while `use` runs. */
async function faultsDuring(use: () => Promise<void>): Promise<unknown[]> {
  const faults: unknown[] = [];
  const note = (message: unknown): void => void faults.push((message as { error: unknown }).error);
  subscribe('serval:fault', note);
  try {
    await use();
  } finally {
    unsubscribe('serval:fault', note);
  }
  return faults;
}

const marked = (handlers: object): Handler =>
  ({ [Symbol.for('wintertc.server.protocol')]: 1, ...handlers }) as unknown as Handler;

export function exchangeBehaviour(kind: WireKind): void {
  async function over(
    handler: Handler,
    use: (wire: RunningWire) => Promise<void>,
    options?: ServerOptions,
  ): Promise<void> {
    const wire = await kind.start(handler, options);
    try {
      await use(wire);
    } finally {
      await wire[Symbol.asyncDispose]();
    }
  }

  describe(`an exchange over ${kind.name}`, () => {
    test('the handler sees method, path, URL and fields', () =>
      over(
        (request) => {
          const url = new URL(request.url);
          const { method, headers } = request;
          return Response.json([
            method,
            url.pathname,
            url.search,
            url.protocol,
            headers.get('x-a'),
            headers.get('x-b'),
          ]);
        },
        async (wire) => {
          const fields = { 'x-a': 'one', 'x-b': ['two', 'three'] };
          const answer = wire.ask({ method: 'PATCH', path: '/a/b?c=d', fields, content: '' });
          const scheme = kind.encrypted ? 'https:' : 'http:';
          assert.deepEqual(JSON.parse(await answer.content()), [
            'PATCH',
            '/a/b',
            '?c=d',
            scheme,
            'one',
            'two, three',
          ]);
        },
      ));

    test('the context tells of the connection and the request', () =>
      over(
        (_request, ctx) => {
          const { alpnProtocol, encrypted, path, remoteAddress } = ctx;
          return Response.json({ alpnProtocol, encrypted, path, family: remoteAddress.family });
        },
        async (wire) => {
          const answer = wire.ask({ path: '/p?q' });
          const { alpnProtocol, encrypted } = kind;
          assert.deepEqual(JSON.parse(await answer.content()), {
            alpnProtocol,
            encrypted,
            path: '/p?q',
            family: 'IPv4',
          });
        },
      ));

    test('the head as received names method, path and fields', () =>
      over(
        (_request, ctx) => new Response(ctx.receivedHead),
        async (wire) => {
          const text = await wire.ask({ path: '/where', fields: { 'x-field': 'value' } }).content();
          assert.match(text, /GET/);
          assert.match(text, /\/where/);
          assert.match(text, /x-field: ?value/i);
        },
      ));

    const bodies: readonly (readonly [string, () => Body, string])[] = [
      ['text', () => 'hello', 'hello'],
      ['text beyond ASCII', () => 'grüße', Buffer.from('grüße').toString('latin1')],
      ['bytes', () => new Uint8Array([0, 255, 10]), '\0\xff\n'],
      ['nothing', () => null, ''],
      ['an empty text', () => '', ''],
      ['a blob', () => new Blob(['blob']), 'blob'],
      ['a stream of pieces', () => countedStream(3, 5).stream, 'a'.repeat(15)],
      ['a stream without a piece', () => countedStream(0, 5).stream, ''],
      ['1 MiB of bytes', () => new Uint8Array(KIB * KIB).fill(98), 'b'.repeat(KIB * KIB)],
      ['1 MiB of pieces', () => countedStream(64, 16 * KIB).stream, 'a'.repeat(KIB * KIB)],
    ];
    for (const [what, make, expected] of bodies) {
      test(`a response is ${what}`, () =>
        over(
          () => new Response(make() as never),
          async (wire) => {
            const answer = wire.ask({});
            assert.equal((await answer.head()).status, 200);
            assert.equal(await answer.content(), expected);
          },
        ));
      test(`a response of the runtime's own class is ${what}`, () =>
        over(
          () => new globalThis.Response(make()) as never,
          async (wire) => assert.equal(await wire.ask({}).content(), expected),
        ));
    }

    test('status and fields arrive, repeated Set-Cookie apart', () =>
      over(
        () => {
          const response = new Response('x', { status: 418, headers: { 'X-One': '1' } });
          response.headers.append('Set-Cookie', 'a=1');
          response.headers.append('Set-Cookie', 'b=2');
          return response;
        },
        async (wire) => {
          const { status, fields } = await wire.ask({}).head();
          assert.equal(status, 418);
          assert.equal(fields['x-one'], '1');
          assert.equal(fields['set-cookie'], 'a=1\nb=2');
          assert.match(fields['content-type'] ?? '', /^text\/plain/);
        },
      ));

    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ] as const) {
      test(`${method} answered ${status} has no content, and its stream is cancelled`, () => {
        let counted = countedStream(9, 9);
        return over(
          () => {
            counted = countedStream(9, 9);
            return new Response(status === 200 ? counted.stream : null, { status });
          },
          async (wire) => {
            const answer = wire.ask({ method });
            assert.equal((await answer.head()).status, status);
            assert.equal(await answer.content(), '');
            if (status === 200) await until('it is cancelled', () => counted.isCancelled);
            assert.equal(await wire.ask({ method: 'HEAD' }).content(), '', 'the next exchange works');
          },
        );
      });
    }

    test('HEAD tells the length of the content that GET would have', () =>
      over(
        () => new Response('four'),
        async (wire) => {
          const { fields } = await wire.ask({ method: 'HEAD' }).head();
          assert.equal(fields['content-length'], '4');
        },
      ));

    test('content is read as text, as bytes, and as a stream', () =>
      over(
        async (request) => {
          const path = new URL(request.url).pathname;
          if (path === '/text') return new Response(await request.text());
          if (path === '/bytes') return new Response(new Uint8Array(await request.arrayBuffer()));
          return new Response(request.body as never);
        },
        async (wire) => {
          const content = 'c'.repeat(200 * KIB);
          for (const path of ['/text', '/bytes', '/stream']) {
            assert.equal(await wire.ask({ method: 'POST', path, content }).content(), content, path);
          }
        },
      ));

    test('an echo flows while the request is still arriving', () =>
      over(
        (request) => new Response(request.body as never),
        async (wire) => {
          const peer = wire.ask({ method: 'POST', content: 'later' });
          peer.send('first,');
          assert.equal((await peer.head()).status, 200);
          peer.send('second');
          peer.end();
          assert.equal(await peer.content(), 'first,second');
        },
      ));

    test('an answer that does not read the content is complete, and the next exchange works', () =>
      over(
        () => new Response('early'),
        async (wire) => {
          assert.equal(await wire.ask({ method: 'POST', content: 'x'.repeat(10 * KIB) }).content(), 'early');
          assert.equal(await wire.ask({}).content(), 'early');
        },
      ));

    if (kind.limitsContent) {
      test('content over the limit is refused 413', () =>
        over(
          async (request) => new Response(await request.text()),
          async (wire) => {
            const peer = wire.ask({ method: 'POST', content: 'later' });
            peer.send('x'.repeat(101));
            peer.end();
            assert.equal((await peer.head()).status, 413);
          },
          { limits: { maxRequestBodySize: 100 } },
        ));
    }

    test('trailer fields of a request are read after its content', () =>
      over(
        async (request) => {
          await request.text();
          const { trailers } = request as unknown as { trailers: Promise<Headers> };
          return new Response((await trailers).get('x-sum'));
        },
        async (wire) => {
          const peer = wire.ask({ method: 'POST', content: 'x', trailers: { 'x-sum': '42' } });
          assert.equal(await peer.content(), '42');
        },
      ));

    test('trailer fields of a response follow its content', () =>
      over(
        () =>
          new Response(countedStream(2, 3).stream, {
            trailers: () => ({ 'X-Sum': '6', Host: 'never' }),
          } as never),
        async (wire) => {
          const peer = wire.ask({ fields: { te: 'trailers' } });
          assert.equal(await peer.content(), 'aaaaaa');
          const trailers = await peer.trailers();
          assert.equal(trailers['x-sum'], '6');
          assert.equal(trailers['host'], undefined);
        },
      ));

    test('an interim response comes before the final one', () =>
      over(
        (_request, ctx) => {
          ctx.sendInformational(103, { Link: '</a.css>; rel=preload' });
          return new Response('final');
        },
        async (wire) => {
          const peer = wire.ask({});
          assert.equal(await peer.content(), 'final');
          assert.deepEqual(
            peer.interims.map(({ status, fields }) => [status, fields['link']]),
            [[103, '</a.css>; rel=preload']],
          );
        },
      ));

    test('an interim response after the final one throws InvalidStateError', () => {
      const thrown = gate<unknown>();
      return over(
        (_request, ctx) => {
          setTimeout(() => {
            try {
              ctx.sendInformational(103);
            } catch (error) {
              thrown.open(error);
            }
          }, 5);
          return new Response('final');
        },
        async (wire) => {
          await wire.ask({}).content();
          assert.equal(((await thrown.passed) as DOMException).name, 'InvalidStateError');
        },
      );
    });

    test('100 (Continue) is sent when the content is first read', () =>
      over(
        async (request) => new Response(await request.text()),
        async (wire) => {
          const peer = wire.ask({ method: 'POST', content: 'later', fields: { expect: '100-continue' } });
          await until('100 has come', () => peer.interims.some(({ status }) => status === 100));
          peer.send('content');
          peer.end();
          assert.equal(await peer.content(), 'content');
        },
      ));

    test('without a reader of the content there is no 100', () =>
      over(
        () => new Response('no thanks', { status: 403 }),
        async (wire) => {
          const peer = wire.ask({ method: 'POST', content: 'later', fields: { expect: '100-continue' } });
          assert.equal((await peer.head()).status, 403);
          assert.equal(await peer.content(), 'no thanks');
          assert.deepEqual(peer.interims, []);
        },
      ));

    test('deny is 503', () =>
      over(
        (_request, ctx) => {
          ctx.deny();
          return undefined as never;
        },
        async (wire) => assert.equal((await wire.ask({}).head()).status, 503),
      ));

    test('a busy server answers 503 with Retry-After and does not call the handler', () => {
      let calls = 0;
      return over(
        () => {
          calls++;
          return new Response('x');
        },
        async (wire) => {
          wire.setBusy(true);
          const { status, fields } = await wire.ask({}).head();
          assert.deepEqual([status, fields['retry-after'], calls], [503, '1', 0]);
          wire.setBusy(false);
          assert.equal(await wire.ask({}).content(), 'x');
        },
      );
    });

    for (const [what, handler] of [
      [
        'throws',
        () => {
          throw new Error('the handler');
        },
      ],
      ['rejects', async () => Promise.reject(new Error('the handler'))],
      ['returns nothing', () => undefined as never],
      ['returns text', () => 'text' as never],
      ['gives a field that is not valid', () => new Response('x', { headers: { 'X-A': 'a\r\nb' } as never })],
      ['declares the wrong length', () => new Response('four', { headers: { 'Content-Length': '5' } })],
    ] as readonly (readonly [string, Handler])[]) {
      test(`a handler that ${what} is answered for with 500, once, and reported`, () =>
        over(handler, async (wire) => {
          const faults = await faultsDuring(async () => {
            assert.equal((await wire.ask({}).head()).status, 500);
          });
          assert.equal(faults.length, 1);
        }));
    }

    test('error() answers for a handler that failed', () =>
      over(
        marked({
          fetch: () => {
            throw new Error('secret');
          },
          error: (_ctx: ServerContext, error: Error) =>
            new Response(`caught ${error.message}`, { status: 502 }),
        }),
        async (wire) => {
          const peer = wire.ask({});
          assert.equal((await peer.head()).status, 502);
          assert.equal(await peer.content(), 'caught secret');
        },
      ));

    test('a stream that fails after the head cuts the response off', () =>
      over(
        () => {
          let pieces = 0;
          return new Response(
            new ReadableStream<Uint8Array>({
              async pull(controller) {
                if (pieces++ === 0) controller.enqueue(new Uint8Array(10));
                else throw new Error('the source');
              },
            }),
          );
        },
        async (wire) => {
          const faults = await faultsDuring(async () => {
            await assert.rejects(wire.ask({}).content());
          });
          assert.equal(faults.length, 1);
        },
      ));

    test('content that is shorter than its Content-Length cuts the response off', () =>
      over(
        () => new Response(countedStream(2, 5).stream, { headers: { 'Content-Length': '11' } }),
        async (wire) => {
          await faultsDuring(async () => {
            await assert.rejects(wire.ask({}).content());
          });
        },
      ));

    test('content that is longer than its Content-Length cuts the response off', () =>
      over(
        () => new Response(countedStream(9, 500).stream, { headers: { 'Content-Length': '1300' } }),
        async (wire) => {
          await faultsDuring(async () => {
            await assert.rejects(async () => {
              const text = await wire.ask({}).content();
              // A client that stops at the length it was promised sees a whole response, and never more.
              if (text.length === 1300) throw new Error('the promised length');
            });
          });
        },
      ));

    test('a client that leaves aborts the signal, cancels the source and rejects completed', () => {
      const counted = countedStream(Infinity, 8 * KIB);
      const seen = gate<ServerContext>();
      const aborted = gate<unknown>();
      return over(
        (request, ctx) => {
          request.signal.addEventListener('abort', () => aborted.open(request.signal.reason));
          seen.open(ctx);
          return new Response(counted.stream);
        },
        async (wire) => {
          const peer = wire.ask({});
          peer.pause();
          const ctx = await seen.passed;
          await peer.head();
          peer.leave();
          assert.ok((await aborted.passed) instanceof Error);
          await until('the source is cancelled', () => counted.isCancelled);
          await assert.rejects(ctx.completed);
        },
      );
    });

    test('a client that leaves before the answer aborts the signal of a handler that waits', () => {
      const called = gate();
      const aborted = gate();
      return over(
        async (request) => {
          request.signal.addEventListener('abort', () => aborted.open());
          called.open();
          await aborted.passed;
          return new Response('too late');
        },
        async (wire) => {
          const peer = wire.ask({});
          peer.head().catch(() => {});
          await called.passed;
          peer.leave();
          await aborted.passed;
        },
      );
    });

    test('a reader of content hears that the client has gone', () => {
      const called = gate();
      const failure = gate<unknown>();
      return over(
        async (request) => {
          called.open();
          await request.text().catch(failure.open);
          return new Response('x');
        },
        async (wire) => {
          const peer = wire.ask({ method: 'POST', content: 'later' });
          peer.head().catch(() => {});
          peer.send('some');
          await called.passed;
          peer.leave();
          assert.ok((await failure.passed) instanceof Error);
        },
      );
    });

    test('completed fulfils when the response was handed over', () => {
      const context = gate<ServerContext>();
      return over(
        (_request, ctx) => {
          context.open(ctx);
          return new Response('x');
        },
        async (wire) => {
          await wire.ask({}).content();
          await (await context.passed).completed;
        },
      );
    });

    if (kind.hasBackPressure) {
      test('a source waits for a client that does not read', () => {
        const counted = countedStream(20_000, 16 * KIB);
        return over(
          () => new Response(counted.stream),
          async (wire) => {
            const peer = wire.ask({});
            peer.pause();
            await peer.head();
            // The buffers of both sides fill up; then nothing more is asked for.
            let before = -1;
            await until('the source rests', async () => {
              before = counted.pulled;
              await new Promise((resolve) => setTimeout(resolve, 100));
              return counted.pulled === before;
            });
            assert.ok(counted.pulled < 2_000, `${counted.pulled} pieces of 16 KiB were asked for`);
            peer.leave();
          },
        );
      });
    }

    test('start and end of an exchange are published', () => {
      const seen: string[] = [];
      const onStart = (message: unknown): void => {
        const { method, path } = message as { method: string; path: string };
        seen.push(`start ${method} ${path}`);
      };
      const onEnd = (message: unknown): void => {
        const { status, error } = message as { status: number; error: unknown };
        seen.push(`end ${status} ${error}`);
      };
      subscribe('serval:request:start', onStart);
      subscribe('serval:request:end', onEnd);
      return over(
        () => new Response('x'),
        async (wire) => {
          await wire.ask({ path: '/seen' }).content();
          await until('both are published', () => seen.length === 2);
          assert.deepEqual(seen, ['start GET /seen', 'end 200 undefined']);
        },
      ).finally(() => {
        unsubscribe('serval:request:start', onStart);
        unsubscribe('serval:request:end', onEnd);
      });
    });

    test('ten exchanges one after the other, and ten side by side', () =>
      over(
        async (request) => new Response(await request.text()),
        async (wire) => {
          for (let i = 0; i < 10; i++) {
            assert.equal(await wire.ask({ method: 'POST', content: `n${i}` }).content(), `n${i}`);
          }
          const peers = Array.from({ length: 10 }, (_, i) => wire.ask({ method: 'POST', content: `p${i}` }));
          const texts = await Promise.all(peers.map((peer) => peer.content()));
          assert.deepEqual(
            texts,
            peers.map((_, i) => `p${i}`),
          );
        },
      ));

    describe('a tunnel', () => {
      const echo = (tunnel: Tunnel): Promise<void> => tunnel.readable.pipeTo(tunnel.writable);
      const application = (use: (tunnel: Tunnel) => unknown): Handler =>
        marked({
          fetch: () => new Response('not here'),
          connect: async (ctx: { accept(): Promise<Tunnel> }) => void use(await ctx.accept()),
        });

      for (const protocol of ['echo', undefined]) {
        const what = protocol === undefined ? 'CONNECT' : 'an upgrade';
        test(`${what} carries octets both ways, and ends on both sides`, () => {
          const closed = gate<unknown>();
          return over(
            application((tunnel) => {
              void echo(tunnel);
              tunnel.closed.then(() => closed.open(undefined), closed.open);
            }),
            async (wire) => {
              const { octets } = await wire.openTunnel(protocol);
              let text = '';
              octets.on('data', (piece: Buffer) => {
                text += piece.toString('latin1');
              });
              octets.write('ping');
              await until('the echo has come', () => text === 'ping');
              octets.end('!');
              await until('the rest has come', () => text === 'ping!');
              assert.equal(await closed.passed, undefined);
            },
          );
        });
      }

      test('a tunnel that is destroyed is cut off', () =>
        over(
          application((tunnel) => {
            tunnel.closed.catch(() => {});
            tunnel.destroy();
          }),
          async (wire) => {
            const { octets } = await wire.openTunnel('echo');
            octets.on('error', () => {});
            octets.resume();
            await until('it is closed', () => octets.closed || octets.destroyed);
          },
        ));

      test('CONNECT without a handler is refused 501', () =>
        over(
          () => new Response('x'),
          async (wire) => {
            const refusal = await wire.openTunnel(undefined).then(
              () => undefined,
              (head: { status: number }) => head.status,
            );
            assert.equal(refusal, 501);
          },
        ));
    });
  });
}
