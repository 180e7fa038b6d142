/** Reading the content of a request: in every form, once, whole or as a stream, or not at all. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../../src/index.ts';
import {
  chunkedPost,
  drain,
  gate,
  inHandler,
  message,
  reasonOf,
  within,
  withServer,
} from '../../server/with-server.ts';

const TEXT = 'caf\xc3\xa9 \xe2\x98\x83'; // UTF-8, one character an octet.
const post = (content: string, ...fields: string[]) => message('POST /', fields, content);

/** The methods by which a body is read whole. */
const READS = ['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData'] as const;
type AnyBody = Record<(typeof READS)[number], () => Promise<unknown>>;
const bodyOf = (request: Request) => request as unknown as AnyBody;

describe('request content in small chunks', () => {
  test('one read of the stream has all that one read of the socket has brought', () =>
    inHandler(chunkedPost(Array.from({ length: 1000 }, (_, at) => String(at % 10))), async (request) => {
      let reads = 0;
      let text = '';
      for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) {
        reads++;
        text += Buffer.from(piece).toString('latin1');
      }
      assert.equal(text, '0123456789'.repeat(100));
      assert.ok(reads <= 10, `${reads} reads`);
    }));
});

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
