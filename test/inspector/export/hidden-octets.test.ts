/** Asterisks in place of secrets: as many as there were octets, and no secret is left. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HpackDecoder } from '../../../src/hpack/index.ts';
import { DATA, HEADERS, PADDED } from '../../../src/http2/frame/frame-types.ts';
import { fieldsInHead, isHiddenField } from '../../../src/inspector/export/exchange-fields.ts';
import { frameOctets, headersFrame } from '../../../src/inspector/export/pcapng/frame-octets.ts';
import { starredMessage } from '../../../src/inspector/export/starred-message.ts';
import type { Frame } from '../../../src/inspector/recorder/frame-reader.ts';

const HIDDEN = { secrets: false, bodies: false };
const SHOWN = { secrets: true, bodies: true };
const SECRET = 'opensesame';

const REQUESTS = {
  'a field': `GET / HTTP/1.1\r\nAuthorization: ${SECRET}\r\n\r\n`,
  'a field on two lines': `GET / HTTP/1.1\r\nAuthorization: Basic\r\n x:${SECRET}\r\n\r\n`,
  'a field behind LF': `GET / HTTP/1.1\r\nA: b\nCookie: ${SECRET}\r\n\r\n`,
  'lines that end with LF': `GET / HTTP/1.1\nCookie: ${SECRET}\n\n`,
  'a query': `GET /a?token=${SECRET} HTTP/1.1\r\nReferer: http://a/?token=${SECRET}\r\n\r\n`,
  content: `POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n${SECRET}`,
  'the head that was cut off': `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${SECRET}`,
};

describe('the octets of a message over HTTP/1', () => {
  for (const [where, octets] of Object.entries(REQUESTS)) {
    it(`hide a secret in ${where}`, () => {
      const starred = starredMessage(octets, 'request', HIDDEN);
      assert.equal(starred.length, octets.length);
      assert.ok(!starred.includes(SECRET), starred);
      assert.equal(starredMessage(octets, 'request', SHOWN), octets);
      for (const [name, value] of fieldsInHead(octets))
        if (value.includes(SECRET)) assert.ok(isHiddenField(name, value), name);
    });
  }

  it('keep what frames them: 200 chunks, trailers, interim responses', () => {
    const chunk = `a;x=1\r\n${SECRET}\r\n`;
    const head =
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const octets = `${head}${chunk.repeat(200)}0\r\nX-Sum: 1\r\nSet-Cookie: ${SECRET}\r\n\r\n`;
    const starred = starredMessage(octets, 'response', HIDDEN);
    assert.equal(starred, octets.replaceAll(SECRET, '**********'));
  });
});

const frameOf = (type: number, flags: number, payload: readonly number[], omitted = 0): Frame => {
  const length = payload.length + omitted;
  const octets = Uint8Array.of(0, length >> 8, length & 255, type, flags, 0, 0, 0, 3, ...payload);
  return { direction: 'received', at: 0, type, stream: 3, offset: 0, octets, omitted, endsRequest: false };
};
const payloadOf = (frame: Frame, shown = HIDDEN): string =>
  Buffer.from(frameOctets(frame, shown).subarray(9)).toString('latin1');

describe('the frames of HTTP/2', () => {
  it('hide content, and keep the length of its padding', () => {
    assert.equal(payloadOf(frameOf(DATA, 0, [1, 2, 3])), '***');
    assert.equal(payloadOf(frameOf(DATA, PADDED, [2, 65, 66, 67, 88, 88])), '\x02***\0\0');
    assert.equal(payloadOf(frameOf(DATA, PADDED, [2, 65, 66, 67], 3)), '\x02***');
    assert.equal(
      payloadOf(frameOf(DATA, PADDED, [2, 65, 66, 88], 1)),
      '\x02**\0',
      'padding that is not kept as a whole',
    );
    assert.equal(payloadOf(frameOf(DATA, PADDED, [255, 65])), '\xff\0', 'padding that is too long');
    assert.equal(payloadOf(frameOf(DATA, 0, [65]), SHOWN), 'A');
    assert.equal(payloadOf(frameOf(0xbe, 0, [65])), '*', 'an extension');
    assert.equal(payloadOf(frameOf(6, 0, [65])), 'A', 'a PING');
  });

  it('have header blocks of their own: literals that any decoder reads, with hidden values', () => {
    const fields = [
      [':path', `/a?token=${SECRET}`],
      ['cookie', SECRET],
      ['x-long', 'é'.repeat(200)],
    ] as const;
    const octets = headersFrame(frameOf(HEADERS, 0x2d, []), fields, HIDDEN);
    assert.equal((octets[0]! << 16) + (octets[1]! << 8) + octets[2]!, octets.length - 9);
    assert.deepEqual(
      [...octets.subarray(3, 9)],
      [HEADERS, 0x05, 0, 0, 0, 3],
      'END_HEADERS, END_STREAM; no padding, no priority',
    );
    const decoder = new HpackDecoder(0);
    assert.ok(decoder.decode(octets, 9));
    assert.deepEqual(
      decoder.fields.map(({ name, value }) => [name, value]),
      [
        [':path', '/a?token=**********'],
        ['cookie', '**********'],
        ['x-long', 'é'.repeat(200)],
      ],
    );
    assert.ok(Buffer.from(headersFrame(frameOf(HEADERS, 0, []), fields, SHOWN)).includes(SECRET));
  });
});
