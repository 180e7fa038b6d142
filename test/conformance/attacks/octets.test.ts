/**
 * Every octet at eight places of a request, end to end: the server accepts those that the grammar allows, tells the
 * handler exactly what was sent, and refuses all others before the handler knows of them.
 *
 * The grammar is written out here a second time, from the ABNF and by code points, so that a slip in the tables of the
 * scanners can't be in both.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { withConnection } from '../../support/raw-client.ts';
import { parseResponses } from '../../support/response-parser.ts';
import { startServer } from '../../support/server-process.ts';
import type { ConnectionRecord } from '../../support/servers/routes.ts';
import { SMUGGLED } from './attack.ts';

const AT_ONCE = 16;
const NEXT = 'GET /target?next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

/** `raw` for an octet, and what the handler answers with when it is accepted. */
interface Place {
  readonly title: string;
  readonly raw: (octet: string) => string;
  /** The content of the answer, or the status of a refusal. */
  readonly expected: (octet: string, code: number) => string | number;
  /** The octet stands in the content: the handler may be called, but must not get all of it. */
  readonly inContent?: boolean;
}

const between = (code: number, first: string, last: string) =>
  code >= first.charCodeAt(0) && code <= last.charCodeAt(0);
const isDigit = (code: number) => between(code, '0', '9');
const isAlpha = (code: number) => between(code, 'a', 'z') || between(code, 'A', 'Z');
/** tchar (RFC 9110 §5.6.2): VCHAR without the delimiters. */
const isTchar = (code: number) =>
  isDigit(code) || isAlpha(code) || (between(code, '!', '~') && !'(),/:;<=>?@[\\]{}"'.includes(char(code)));
/** field-vchar, SP, HTAB (RFC 9110 §5.5). */
const isFieldOctet = (code: number) => code === 9 || between(code, ' ', '~') || code >= 0x80;
const char = (code: number) => String.fromCharCode(code);
const lower = (octet: string) => (/[A-Z]/.test(octet) ? octet.toLowerCase() : octet);

const get = (target: string, fields = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
const post = (path: string, content: string) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${content}`;
/** Headers as the application lists them: as JSON, by name. */
const fieldsAsJson = (...fields: [string, string][]) =>
  JSON.stringify(fields.sort(([one], [other]) => (one < other ? -1 : 1)));

const PLACES: readonly Place[] = [
  {
    title: 'RFC 9110 §9.1: of all octets in a method exactly the tchars are accepted, and reach the handler',
    raw: (o) => `G${o}T /method HTTP/1.1\r\nHost: a\r\n\r\n`,
    expected: (o, code) => (isTchar(code) ? `G${o}T` : 400),
  },
  {
    title:
      'RFC 9112 §3.2: of all octets in a target exactly visible ASCII without # is accepted, and reaches the handler',
    raw: (o) => get(`/target?a${o}b`),
    expected: (o, code) => (between(code, '!', '~') && o !== '#' ? `/target?a${o}b` : 400),
  },
  {
    title:
      'RFC 9112 §2.3: of all octets in the place of the major version 1 is accepted, another digit is 505',
    raw: (o) => `GET /method HTTP/${o}.1\r\nHost: a\r\n\r\n`,
    expected: (o, code) => (o === '1' ? 'GET' : isDigit(code) ? 505 : 400),
  },
  {
    title: 'RFC 9112 §2.3: of all octets in the place of the minor version exactly the digits are accepted',
    raw: (o) => `GET /method HTTP/1.${o}\r\nHost: a\r\nConnection: keep-alive\r\n\r\n`,
    expected: (_, code) => (isDigit(code) ? 'GET' : 400),
  },
  {
    title:
      'RFC 9110 §5.1: of all octets in a field name exactly the tchars are accepted, and a colon ends it',
    raw: (o) => get('/headers', `X${o}Y: v\r\n`),
    expected: (o, code) => {
      if (o === ':') return fieldsAsJson(['host', 'a'], ['x', 'Y: v']);
      return isTchar(code) ? fieldsAsJson(['host', 'a'], [`x${lower(o)}y`, 'v']) : 400;
    },
  },
  {
    title:
      'RFC 9110 §5.5: of all octets in a field value exactly VCHAR, obs-text, SP and HTAB are accepted, unchanged',
    raw: (o) => get('/headers', `X: a${o}b\r\n`),
    expected: (o, code) => (isFieldOctet(code) ? fieldsAsJson(['host', 'a'], ['x', `a${o}b`]) : 400),
  },
  {
    title:
      'RFC 9112 §7.1: of all octets in a chunk-size exactly the hexadecimal digits are accepted, at their value',
    raw: (o) => {
      const value = /[0-9A-Fa-f]/.test(o) ? Number.parseInt(o, 16) : 0;
      return post('/length', `1${o}\r\n${'x'.repeat(16 + value)}\r\n0\r\n\r\n`);
    },
    expected: (o, code) =>
      isDigit(code) || between(code, 'a', 'f') || between(code, 'A', 'F')
        ? String(16 + Number.parseInt(o, 16))
        : 400,
    inContent: true,
  },
  {
    title:
      'RFC 9112 §7.1.1: of all octets in the name of a chunk extension exactly the tchars, and a semicolon, are accepted',
    raw: (o) => post('/echo', `1;a${o}b=c\r\nx\r\n0\r\n\r\n`),
    expected: (o, code) => (isTchar(code) || o === ';' ? 'x' : 400),
    inContent: true,
  },
  {
    title:
      'RFC 9112 §7.1.1: of all octets in a quoted extension value exactly qdtext, and the start of a pair, are accepted',
    raw: (o) => post('/echo', `1;a="b${o}c"\r\nx\r\n0\r\n\r\n`),
    expected: (o, code) => (isFieldOctet(code) && o !== '"' ? 'x' : 400),
    inContent: true,
  },
  {
    title:
      'RFC 9112 §7.1.2: of all octets in a trailer name exactly the tchars are accepted, and a colon ends it',
    raw: (o) => post('/trailers', `0\r\nX${o}Y: v\r\n\r\n`),
    expected: (o, code) => {
      if (o === ':') return fieldsAsJson(['x', 'Y: v']);
      return isTchar(code) ? fieldsAsJson([`x${lower(o)}y`, 'v']) : 400;
    },
    inContent: true,
  },
  {
    title:
      'RFC 9112 §7.1.2: of all octets in a trailer value exactly those of a field value are accepted, unchanged',
    raw: (o) => post('/trailers', `0\r\nX: a${o}b\r\n\r\n`),
    expected: (o, code) => (isFieldOctet(code) ? fieldsAsJson(['x', `a${o}b`]) : 400),
    inContent: true,
  },
];

const server = await startServer('routes');
after(() => server.stop());

describe('every octet, end to end', () => {
  for (const place of PLACES) {
    test(place.title, async () => {
      const wrong: string[] = [];
      const codes = Array.from({ length: 256 }, (_, code) => code);
      const worker = async () => {
        for (let code = codes.pop(); code !== undefined; code = codes.pop()) {
          await sweep(place, code).catch((error) =>
            wrong.push(`0x${code!.toString(16)}: ${(error as Error).message}`),
          );
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      assert.deepEqual(wrong, []);
    });
  }
});

async function sweep(place: Place, code: number): Promise<void> {
  const octet = char(code);
  const expected = place.expected(octet, code);
  const isAccepted = typeof expected === 'string';
  await withConnection(server, async (connection) => {
    await connection.send(place.raw(octet) + (isAccepted ? NEXT : SMUGGLED));
    const received = await connection.receiveAll();
    const { handled, outcomes } = await server.command<ConnectionRecord>('connection', connection.localPort);
    const answers = parseResponses(received.octets, ['GET', 'GET'], received.end === 'fin');
    const content = Buffer.from(answers[0]?.content ?? []);
    if (isAccepted) {
      // The routes answer in UTF-8.
      assert.deepEqual([content.toString('utf8'), answers[1]?.text], [expected, '/target?next']);
      assert.equal(handled.length, 2);
      return;
    }
    assert.deepEqual([answers.length, answers[0]?.status, received.end], [1, expected, 'fin']);
    assert.equal(handled.length, place.inContent === true ? 1 : 0);
    assert.deepEqual(
      outcomes.filter((outcome) => outcome.startsWith('read')),
      [],
    );
  });
}
