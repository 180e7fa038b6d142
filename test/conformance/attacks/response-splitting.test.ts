/**
 * Response splitting (RFC 9112 §11.1): an application passes on what a client wrote, and it must not become a line of the
 * head, a second response or the end of anything.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { withConnection } from '../../support/raw-client.ts';
import { parseResponses } from '../../support/response-parser.ts';
import { startServer } from '../../support/server-process.ts';

const FIXTURE = '../../conformance/attacks/servers/hostile-texts';
const NEXT = 'GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

interface Text {
  readonly attack: string;
  readonly seen: string;
  readonly text: string;
}

const TEXTS: readonly Text[] = [
  { attack: 'CR LF', seen: 'CVE-2020-5247 (Puma), CVE-2024-24795 (Apache httpd)', text: '\r\nX-Injected: 1' },
  {
    attack: 'a second response',
    seen: 'Divide and Conquer (2004)',
    text: '\r\n\r\nHTTP/1.1 200 OK\r\nX-Injected: 1',
  },
  { attack: 'LF alone', seen: 'CVE-2017-17742 (WEBrick)', text: '\nX-Injected: 1' },
  { attack: 'CR alone', seen: 'CVE-2019-16254 (WEBrick)', text: '\rX-Injected: 1' },
  { attack: 'a fold', seen: 'RFC 9112 §5.2', text: '\r\n X-Injected: 1' },
  { attack: 'U+010D U+010A', seen: 'CVE-2016-2216 (Node.js)', text: '\u010d\u010aX-Injected: 1' },
  {
    attack: 'U+560D U+560A',
    seen: 'HTTP response splitting by Unicode (Twitter, 2015)',
    text: '\u560d\u560aX-Injected: 1',
  },
  { attack: 'U+2028', seen: 'line ends of other standards', text: '\u2028X-Injected: 1' },
  { attack: 'a surrogate pair', seen: 'code units truncated one by one', text: '\u{1f60a}X-Injected: 1' },
  { attack: 'NUL', seen: 'CVE-2016-5325 (Node.js)', text: '\0X-Injected: 1' },
  { attack: 'other controls', seen: 'CVE-2020-7695 (Uvicorn)', text: '\v\f\x1b\x7fX-Injected: 1' },
];

const PLACES = [
  ...[
    '/value',
    '/value-list',
    '/value-set',
    '/cookie',
    '/type',
    '/date',
    '/connection',
    '/length',
    '/coding',
  ],
  ...['/name', '/name-list', '/reason', '/location', '/redirect', '/informational', '/informational-name'],
];
const HEAD_IS_WHOLE = 'RFC 9112 §11.1: text that would split a head is a 500, and the head is whole';
const TRAILER_PLACES = ['/trailer', '/trailer-name'];

for (const flavour of ['serval', 'native'] as const) {
  const server = await startServer(FIXTURE, { flavour });
  after(() => server.stop());

  describe(`response splitting, ${flavour} responses`, () => {
    for (const { attack, seen, text } of TEXTS) {
      test(`${HEAD_IS_WHOLE} [${attack}: ${seen}]`, async () => {
        for (const place of PLACES) {
          const { octets, end, transcript } = await ask(server.port, place, text);
          const answers = parseResponses(octets, ['GET', 'GET'], end === 'fin');
          const statuses = answers.map(({ status }) => status);
          // Serval's redirect takes relative URLs, and serializes them: no octet of the text is left as it was.
          const isSerialized = place === '/redirect' && statuses[0] === 302;
          assert.deepEqual(statuses, [isSerialized ? 302 : 500, 200], `${place}\n${transcript}`);
          assertNothingInjected(octets, `${place}\n${transcript}`);
          assert.deepEqual(answers[0]!.informational, [], `${place}\n${transcript}`);
        }
      });
    }
  });
}

const server = await startServer(FIXTURE);
after(() => server.stop());

describe('response splitting elsewhere', () => {
  test('RFC 9112 §7.1.2: text that would split a trailer section ends the connection without the last chunk', async () => {
    for (const { text } of TEXTS) {
      for (const place of TRAILER_PLACES) {
        const { octets, transcript } = await ask(server.port, place, text);
        assert.match(octets.toString('latin1'), /\r\n\r\n2\r\nok\r\n$/, `${place}\n${transcript}`);
        assertNothingInjected(octets, `${place}\n${transcript}`);
      }
    }
  });

  test('RFC 9110 §7.8: text that would split the head of a 101 or of a tunnel is refused before it is sent', async () => {
    for (const { text } of TEXTS) {
      const { octets, end, transcript } = await ask(
        server.port,
        '/accept',
        text,
        'Connection: upgrade\r\nUpgrade: x\r\n',
      );
      const answers = parseResponses(octets, ['GET', 'GET'], end === 'fin');
      assert.equal(answers[0]?.status, 502, transcript);
      assertNothingInjected(octets, transcript);
    }
  });

  test('RFC 9110 §5.1: a name like __proto__ or 0 makes one field line, and changes no other', async () => {
    const record = '{"__proto__":"a","0":"b","constructor":"c","X-Last":"d"}';
    const { octets, transcript } = await ask(server.port, '/record', record);
    const [answer] = parseResponses(octets, ['GET', 'GET'], true);
    assert.equal(answer?.status, 200, transcript);
    const given = answer.fields.filter(([name]) => !/^(content-|date|connection|keep-alive)/i.test(name));
    const byName = new Map(given);
    assert.equal(given.length, 4, transcript);
    assert.deepEqual(
      ['__proto__', '0', 'constructor', 'X-Last'].map((name) => byName.get(name)),
      ['a', 'b', 'c', 'd'],
    );
  });

  test('RFC 9112 §6.3: lengths and codings of a handler never make a second framing', async () => {
    const records: [string, number][] = [
      ['{"Content-Length":"1"}', 500],
      ['{"Content-Length":"3"}', 500],
      ['{"Content-Length":"2, 2"}', 500],
      ['{"Content-Length":"+2"}', 500],
      ['{"Content-Length":"0x2"}', 500],
      ['{"Content-Length":"2","content-length":"0"}', 500],
      ['{"Transfer-Encoding":"chunked"}', 200],
      ['{"transfer-encoding":"gzip, chunked","Content-Length":"2"}', 200],
      ['{"Trailer":"X","TE":"chunked","Keep-Alive":"timeout=1","Connection":"content-length"}', 200],
    ];
    for (const [record, status] of records) {
      const { octets, transcript } = await ask(server.port, '/record', record);
      const answers = parseResponses(octets, ['GET', 'GET'], true);
      assert.deepEqual(
        answers.map((answer) => answer.status),
        [status, 200],
        `${record}\n${transcript}`,
      );
      assert.equal(answers[0]?.field('transfer-encoding'), undefined, `${record}\n${transcript}`);
      if (status === 200) assert.equal(answers[0]?.text, 'ok', `${record}\n${transcript}`);
    }
  });

  test('RFC 9110 §15.5: nothing that a refused client sent stands in the answer to it', async () => {
    // CVE-2006-3918 (Apache httpd): the Expect field, in the page that refuses it.
    const MARK = '<script>alert(1)</script>';
    const requests = [
      `GET /${MARK}\xff HTTP/1.1\r\nHost: a\r\n\r\n`,
      `${MARK} / HTTP/1.1\r\nHost: a\r\n\r\n`,
      `GET / HTTP/${MARK}\r\nHost: a\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${MARK}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: a\r\n${MARK}: x\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: a\r\nExpect: ${MARK}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ${MARK}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: a\r\nContent-Length: ${MARK}\r\n\r\n`,
      `GET ${MARK} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ];
    for (const request of requests) {
      await withConnection(server, async (connection) => {
        await connection.send(request);
        const { octets, text } = await connection.receiveAll();
        const [answer] = parseResponses(octets, ['GET'], true);
        assert.ok(answer !== undefined && answer.status >= 400, connection.transcript());
        assert.ok(!text.includes('script'), connection.transcript());
        assert.equal(answer.field('content-type'), 'text/plain', connection.transcript());
      });
    }
  });
});

interface Answered {
  readonly octets: Buffer;
  readonly end: string;
  readonly transcript: string;
}

function ask(port: number, place: string, text: string, fields = ''): Promise<Answered> {
  return withConnection({ port }, async (connection) => {
    await connection.send(
      `GET ${place}?text=${encodeURIComponent(text)} HTTP/1.1\r\nHost: a\r\n${fields}\r\n${NEXT}`,
    );
    const { octets, end } = await connection.receiveAll();
    return { octets: Buffer.from(octets), end, transcript: connection.transcript() };
  });
}

function assertNothingInjected(octets: Buffer, transcript: string): void {
  assert.doesNotMatch(octets.toString('latin1'), /^X-Injected/im, transcript);
  assert.doesNotMatch(octets.toString('latin1'), /^ X-Injected/im, transcript);
}
