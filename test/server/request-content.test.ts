/** Reading the content of a request: in every form, once, whole or as a stream, or not at all. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../src/index.ts';
import { latin1 } from '../support/each-split.ts';
import {
  assertProtocolError,
  chunkedPost,
  gate,
  get,
  inHandler,
  message,
  reasonOf,
  within,
  withServer,
} from './with-server.ts';

const TEXT = 'caf\xc3\xa9 \xe2\x98\x83'; // UTF-8, one character an octet.
const post = (content: string, ...fields: string[]) => message('POST /', fields, content);

/** The methods by which a body is read whole. */
const READS = ['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData'] as const;
type AnyBody = Record<(typeof READS)[number], () => Promise<unknown>>;
const bodyOf = (request: Request) => request as unknown as AnyBody;

async function drain(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of stream) {
    assert.ok(piece instanceof Uint8Array);
    text += Buffer.from(piece).toString('latin1');
  }
  return text;
}

describe('request content, whole', () => {
  test('text: decodes UTF-8 and takes a byte order mark off', () =>
    inHandler(post(`\xef\xbb\xbf${TEXT}\xff`), async (request) => {
      assert.equal(await request.text(), 'café ☃\ufffd');
    }));

  test('json: parses it, and rejects with a SyntaxError what is none', async () => {
    await inHandler(post('{"a":[1,"caf\xc3\xa9"]}'), async (request) => {
      assert.deepEqual(await request.json(), { a: [1, 'café'] });
    });
    await inHandler(post('{"a":'), async (request) => {
      await assert.rejects(request.json(), SyntaxError);
    });
  });

  test('arrayBuffer and bytes: hold the octets and nothing around them', async () => {
    await inHandler(post('a\0\xff'), async (request) => {
      const buffer = await request.arrayBuffer();
      assert.ok(buffer instanceof ArrayBuffer);
      assert.deepEqual([...new Uint8Array(buffer)], [0x61, 0, 0xff]);
    });
    await inHandler(post('a\0\xff'), async (request) => {
      const octets = (await bodyOf(request).bytes()) as Uint8Array;
      assert.equal(octets.constructor, Uint8Array);
      assert.deepEqual([...octets], [0x61, 0, 0xff]);
      assert.equal(octets.buffer.byteLength, 3);
    });
  });

  test('blob: has the type of the request', () =>
    inHandler(post('hello', 'Content-Type: text/x'), async (request) => {
      const blob = await request.blob();
      assert.equal(blob.type, 'text/x');
      assert.equal(await blob.text(), 'hello');
    }));

  test('formData: parses application/x-www-form-urlencoded', () =>
    inHandler(
      post('a=1&b=%20x+y&a=2', 'Content-Type: application/x-www-form-urlencoded'),
      async (request) => {
        const form = await request.formData();
        assert.deepEqual(form.getAll('a'), ['1', '2']);
        assert.equal(form.get('b'), ' x y');
      },
    ));

  test('formData: parses multipart/form-data with a file', () => {
    const parts = [
      '--xyz\r\nContent-Disposition: form-data; name="field"\r\n\r\nvalue\r\n',
      '--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/x\r\n\r\n',
      'line 1\r\nline 2\r\n--xyz--\r\n',
    ];
    return inHandler(
      post(parts.join(''), 'Content-Type: multipart/form-data; boundary=xyz'),
      async (request) => {
        const form = await request.formData();
        assert.equal(form.get('field'), 'value');
        const file = form.get('file') as File;
        assert.equal(file.name, 'a.txt');
        assert.equal(file.type, 'text/x');
        assert.equal(await file.text(), 'line 1\r\nline 2');
      },
    );
  });

  test('formData: rejects with a TypeError content of another type', () =>
    inHandler(post('a=1', 'Content-Type: text/plain'), async (request) => {
      await assert.rejects(request.formData(), TypeError);
    }));

  test('chunked content is read like any other', () =>
    inHandler(chunkedPost(['he', 'l', 'lo']), async (request) =>
      assert.equal(await request.text(), 'hello'),
    ));

  test('chunked content may be empty', () =>
    inHandler(chunkedPost([]), async (request) => assert.equal(await request.text(), '')));

  test('a megabyte is read whole, in whatever pieces it comes', () => {
    const content = 'x'.repeat(2 ** 20);
    return inHandler(post(content), async (request) => assert.equal(await request.text(), content));
  });

  test('GET may have content, and it can be read', () =>
    inHandler(message('GET /', [], 'hello'), async (request) => assert.equal(await request.text(), 'hello')));
});

describe('request content, once', () => {
  for (const first of ['text', 'arrayBuffer'] as const) {
    test(`after ${first}(), bodyUsed is true and every further read rejects with a TypeError`, () =>
      inHandler(post('{}', 'Content-Type: text/x'), async (request) => {
        assert.equal(request.bodyUsed, false);
        const reading = bodyOf(request)[first]();
        assert.equal(request.bodyUsed, true);
        await assert.rejects(request.text(), TypeError, 'while it is being read');
        await reading;
        for (const name of READS) await assert.rejects(bodyOf(request)[name](), TypeError, name);
      }));
  }

  test('while a reader holds the stream, every read rejects with a TypeError', () =>
    inHandler(post('hello'), async (request) => {
      const reader = request.body!.getReader();
      for (const name of READS) await assert.rejects(bodyOf(request)[name](), TypeError, name);
      reader.releaseLock();
      assert.equal(await request.text(), 'hello', 'nothing was read, so it still can be');
    }));

  test('after a read of the stream, bodyUsed is true and text() rejects', () =>
    inHandler(post('hello'), async (request) => {
      const reader = request.body!.getReader();
      await reader.read();
      reader.releaseLock();
      assert.equal(request.bodyUsed, true);
      await assert.rejects(request.text(), TypeError);
    }));

  test('after the stream was cancelled, bodyUsed is true and text() rejects', () =>
    inHandler(post('hello'), async (request) => {
      await request.body!.cancel();
      assert.equal(request.bodyUsed, true);
      assert.ok((await reasonOf('text()', request.text())) instanceof TypeError);
    }));

  test('after text(), the stream can not be read, and does not keep its reader waiting', () =>
    inHandler(post('hello'), async (request) => {
      await request.text();
      // As in Fetch: the stream that text() read is disturbed and at its end. Locked would do as well.
      let reader: ReadableStreamDefaultReader<Uint8Array>;
      try {
        reader = request.body!.getReader();
      } catch {
        return;
      }
      assert.equal((await within('read', reader.read())).done, true);
    }));
});

describe('request content, as a stream', () => {
  test('for await gives all octets, in Uint8Arrays', () =>
    inHandler(chunkedPost(['he', 'l', 'lo']), async (request) => {
      assert.equal(await drain(request.body!), 'hello');
      assert.equal(request.bodyUsed, true);
    }));

  test('a megabyte comes whole, in more than one piece', () => {
    const content = Array.from({ length: 2 ** 17 }, (_, i) => String(10_000_000 + i)).join('');
    return inHandler(post(content), async (request) => {
      let pieces = 0;
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform(piece, controller) {
          pieces++;
          controller.enqueue(piece);
        },
      });
      assert.equal(await drain(request.body!.pipeThrough(counter)), content);
      assert.ok(pieces > 1);
    });
  });

  test('a BYOB reader gets the octets into the buffers that it brings, and its last buffer back', () =>
    inHandler(post('hello world'), async (request) => {
      const reader = request.body!.getReader({ mode: 'byob' });
      let text = '';
      let buffer = new ArrayBuffer(4);
      for (;;) {
        const { done, value } = await within('read', reader.read(new Uint8Array(buffer)));
        assert.ok(value instanceof Uint8Array);
        assert.equal(value.buffer.byteLength, 4, 'the buffer that was brought');
        if (done) break;
        text += Buffer.from(value).toString('latin1');
        buffer = value.buffer as ArrayBuffer;
      }
      assert.equal(text, 'hello world');
    }));

  test('a BYOB reader that waits before the content arrives gets it', async () => {
    const begun = gate();
    const handler = async (request: Request) => {
      const reader = request.body!.getReader({ mode: 'byob' });
      const reading = reader.read(new Uint8Array(16));
      setImmediate(begun.open);
      const { value } = await reading;
      return new Response(value!.slice());
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(message('POST /', ['Content-Length: 5']));
      await begun.opened;
      await connection.send('hello');
      const [answer] = await connection.receiveResponses(['POST']);
      assert.equal(answer?.text, 'hello');
    });
  });

  test('it can be teed', () =>
    inHandler(post('hello'), async (request) => {
      const branches = request.body!.tee() as [ReadableStream<Uint8Array>, ReadableStream<Uint8Array>];
      assert.deepEqual(await Promise.all(branches.map(drain)), ['hello', 'hello']);
    }));

  test('it may be the body of the response', () =>
    withServer(
      (request) => new Response(request.body),
      async ({ ask }) => {
        const content = 'x'.repeat(300_000);
        assert.equal((await ask(post(content))).text, content);
      },
    ));

  test('octets that were handed out are never overwritten by those that come later', async () => {
    const pieces: Uint8Array[] = [];
    const handler = async (request: Request) => {
      for await (const piece of request.body!) pieces.push(piece);
      return new Response();
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      const content = Array.from({ length: 2 ** 16 }, (_, i) => String(100_000 + i)).join('');
      await connection.send(post(content));
      await connection.receiveResponses(['POST']);
      await connection.send(post('!'.repeat(content.length)));
      await connection.receiveResponses(['POST', 'POST']);
      const text = pieces.map((piece) => Buffer.from(piece).toString('latin1')).join('');
      assert.equal(text.slice(0, content.length) === content, true);
    });
  });
});

describe('request content that is left', () => {
  const answersBoth = (title: string, leave: (request: Request) => Promise<unknown>) =>
    test(title, () =>
      withServer(
        async (request) => {
          if (request.method === 'POST') await leave(request);
          return new Response(request.method);
        },
        async ({ connect }) => {
          const connection = await connect();
          await connection.send(message('POST /', ['Content-Length: 10'], 'hello'));
          const [first] = await connection.receiveResponses(['POST']);
          assert.equal(first?.text, 'POST');
          await connection.send(`world${get()}`);
          // Kept, and the next request is served; or closed, and the client knows that at once. Not neither.
          await within('an answer or an end', connection.receiveResponses(['POST', 'GET'], 3_000));
          const [, second] = await connection.receiveResponses(['POST', 'GET']);
          if (connection.ended === null) assert.equal(second?.text, 'GET', connection.transcript());
          else assert.equal(first?.field('connection'), 'close', connection.transcript());
        },
      ),
    );

  answersBoth('unread, it is thrown away and the next request is answered', async () => {});
  answersBoth('cancelled unread, it is thrown away or the connection closes', (request) =>
    request.body!.cancel(),
  );
  answersBoth(
    'left in the middle by a for await, it is thrown away or the connection closes',
    async (request) => {
      for await (const _ of request.body!) break;
    },
  );
});

describe('request content that fails', () => {
  test('beyond maxRequestBodySize, reads reject with ERR_HTTP_CONTENT_TOO_LARGE and the handler may still answer', async () => {
    let error: unknown;
    const handler = async (request: Request) => {
      error = await request.text().catch((reason: unknown) => reason);
      return new Response('all the same');
    };
    await withServer(
      handler,
      async ({ ask }) => {
        const answer = await ask(chunkedPost(['hello']));
        assert.equal(answer.text, 'all the same');
        assertProtocolError(error, 'ERR_HTTP_CONTENT_TOO_LARGE');
      },
      { limits: { maxRequestBodySize: 4 } },
    );
  });

  test('a framing error rejects the stream’s read with ERR_HTTP_PROTOCOL_ERROR, behind the content before it', async () => {
    const result = gate<{ text: string; error: unknown }>();
    const handler = async (request: Request) => {
      let text = '';
      try {
        for await (const piece of request.body!) text += Buffer.from(piece).toString('latin1');
      } catch (error) {
        result.open({ text, error });
      }
      return new Response('seen');
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(message('POST /', ['Transfer-Encoding: chunked'], '5\r\nhello\r\n'));
      await connection.send('nonsense\r\n');
      const { text, error } = await within('the failure', result.opened);
      assert.equal('hello'.startsWith(text), true, 'never more than was sent');
      assertProtocolError(error, 'ERR_HTTP_PROTOCOL_ERROR');
      assert.notEqual((await connection.receiveAll()).end, 'timeout');
    });
  });

  for (const name of ['text', 'stream', 'trailers'] as const) {
    test(`a reset in the middle rejects ${name} with ERR_HTTP_CONNECTION_RESET`, async () => {
      const begun = gate();
      const result = gate<unknown>();
      const handler = async (request: Request) => {
        const { trailers } = request as Request & { trailers: Promise<Headers> };
        const reading = name === 'stream' ? drain(request.body!) : request.text();
        setImmediate(begun.open);
        await Promise.all([
          reading.catch(() => {}),
          (name === 'trailers' ? trailers : reading).catch(result.open),
        ]);
        return new Response('nobody reads this');
      };
      await withServer(handler, async ({ connect }) => {
        const connection = await connect();
        await connection.send(message('POST /', ['Transfer-Encoding: chunked'], '5\r\nhello\r\n'));
        await begun.opened;
        connection.reset();
        assertProtocolError(await within('the failure', result.opened), 'ERR_HTTP_CONNECTION_RESET');
      });
    });
  }

  test('content cut short by a FIN rejects the read, with a code', async () => {
    const result = gate<unknown>();
    const handler = async (request: Request) => {
      await request.text().catch(result.open);
      return new Response('seen');
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(latin1(message('POST /', ['Content-Length: 10'], 'hello')));
      connection.finish();
      const error = await within('the failure', result.opened);
      // A client that has said too little, or one that is lost: both are true, neither is success.
      assert.match(String((error as { code?: string }).code), /^ERR_HTTP_(PROTOCOL_ERROR|CONNECTION_RESET)$/);
    });
  });
});
