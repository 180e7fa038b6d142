import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer } from './answer.ts';
import { readMultipart } from './multipart.ts';

const read = (text: string, method = 'GET') => {
  const { status, content, fault, excess } = readAnswer(Buffer.from(text, 'latin1'), method);
  return { status, content: Buffer.from(content).toString('latin1'), fault, excess };
};

const messages: [title: string, text: string, method: string, read: ReturnType<typeof read>][] = [
  [
    'content of a declared length',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab',
    'GET',
    { status: 200, content: 'ab', fault: undefined, excess: 0 },
  ],
  [
    'more than was declared',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc',
    'GET',
    { status: 200, content: 'ab', fault: undefined, excess: 1 },
  ],
  [
    'less than was declared',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab',
    'GET',
    { status: 200, content: 'ab', fault: '2 of 3 octets', excess: 0 },
  ],
  [
    'a length that is none',
    'HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nab',
    'GET',
    { status: 200, content: 'ab', fault: 'Content-Length: 2, 3', excess: 0 },
  ],
  [
    'content up to the end of the connection',
    'HTTP/1.0 200 OK\r\n\r\nab',
    'GET',
    { status: 200, content: 'ab', fault: undefined, excess: 0 },
  ],
  [
    'chunks',
    'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2;x=y\r\nbc\r\n0\r\n\r\n',
    'GET',
    { status: 200, content: 'abc', fault: undefined, excess: 0 },
  ],
  [
    'chunks without the last',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n',
    'GET',
    { status: 200, content: 'a', fault: 'no last chunk', excess: 0 },
  ],
  [
    'chunks whose end is cut off',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n',
    'GET',
    { status: 200, content: 'a', fault: 'no end', excess: 0 },
  ],
  [
    'octets behind the last chunk',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nxy',
    'GET',
    { status: 200, content: '', fault: undefined, excess: 2 },
  ],
  [
    'an answer to HEAD has no content',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n',
    'HEAD',
    { status: 200, content: '', fault: undefined, excess: 0 },
  ],
  [
    'an answer to HEAD with content',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab',
    'HEAD',
    { status: 200, content: '', fault: undefined, excess: 2 },
  ],
  [
    'a 304 with content',
    'HTTP/1.1 304 Not Modified\r\n\r\nab',
    'GET',
    { status: 304, content: '', fault: undefined, excess: 2 },
  ],
  [
    'an interim response is passed over',
    'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
    'GET',
    { status: 404, content: '', fault: undefined, excess: 0 },
  ],
  ['nothing', '', 'GET', { status: 0, content: '', fault: 'no answer', excess: 0 }],
  ['something else', 'Hello', 'GET', { status: 0, content: '', fault: 'no HTTP answer', excess: 0 }],
  [
    'a head cut off',
    'HTTP/1.1 200 OK\r\nContent-',
    'GET',
    { status: 0, content: '', fault: 'no HTTP answer', excess: 0 },
  ],
];

for (const [title, text, method, expected] of messages) {
  test(`file servers: reading ${title}`, () => assert.deepEqual(read(text, method), expected));
}

test('file servers: fields are found by any case, and lines of a name are joined', () => {
  const { field } = readAnswer(Buffer.from('HTTP/1.1 200 OK\r\nVary: a\r\nVARY:b\r\nX: y\r\n\r\n'), 'GET');
  assert.equal(field('vary'), 'a, b');
  assert.equal(field('Etag'), undefined);
});

const TYPE = 'multipart/byteranges; boundary=b';
const PART = '--b\r\nContent-Type: x/y\r\ncontent-range:bytes 0-1/9\r\n\r\nab';

const bodies: [title: string, type: string, body: string, read: unknown][] = [
  [
    'parts',
    TYPE,
    `${PART}\r\n--b\r\nContent-Range: bytes 8-8/9\r\n\r\n\r\r\n--b--\r\n`,
    [
      ['x/y', 'bytes 0-1/9', 'ab'],
      [undefined, 'bytes 8-8/9', '\r'],
    ],
  ],
  ['an additional line end before them', TYPE, `\r\n${PART}\r\n--b--\r\n`, [['x/y', 'bytes 0-1/9', 'ab']]],
  [
    'a boundary in quotes',
    'multipart/byteranges;boundary="b"',
    `${PART}\r\n--b--`,
    [['x/y', 'bytes 0-1/9', 'ab']],
  ],
  ['no closing boundary', TYPE, `${PART}\r\n--b\r\n`, 'no closing boundary'],
  ['a part without a head', TYPE, '--b\r\nab\r\n--b--\r\n', 'a part without a head'],
  ['no part', TYPE, '--b--\r\n', 'no parts'],
  ['no boundary', 'multipart/byteranges', PART, 'Content-Type: multipart/byteranges'],
  ['another type', 'multipart/mixed; boundary=b', PART, 'Content-Type: multipart/mixed; boundary=b'],
];

for (const [title, type, body, expected] of bodies) {
  test(`file servers: reading multipart/byteranges with ${title}`, () => {
    const parts = readMultipart(type, Buffer.from(body, 'latin1'));
    const seen =
      typeof parts === 'string'
        ? parts
        : parts.map((one) => [one.contentType, one.contentRange, Buffer.from(one.octets).toString('latin1')]);
    assert.deepEqual(seen, expected);
  });
}
