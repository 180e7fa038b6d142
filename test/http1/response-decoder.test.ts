import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REJECTIONS } from '../../src/http1/rejections.ts';
import { ResponseDecoder } from '../../src/http1/response-decoder.ts';
import { RESPONSE_REJECTIONS } from '../../src/http1/response-rejections.ts';
import {
  CONTENT,
  CONTENT_END,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PAUSED,
  REJECTED,
} from '../../src/octets/results.ts';
import { eachSplit, latin1 } from '../support/each-split.ts';
import { type Asked, decodeAnswer, limitedResponses } from './incremental-responses.ts';
import { RAW_RESPONSES } from './raw-responses.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const GET = { method: 'GET', offersUpgrade: false };

for (const { title, method = 'GET', raws, ends = false, expect } of RAW_RESPONSES) {
  test(title, () => {
    for (const raw of raws) {
      const asked = { method, ends };
      const whole = decodeAnswer([latin1(raw)], asked);
      const shown = JSON.stringify(raw);
      if ('refused' in expect) {
        assert.equal(whole.rejection?.reason, expect.refused, shown);
      } else {
        assert.equal(whole.rejection, undefined, `${whole.rejection?.reason}: ${shown}`);
        assert.equal(whole.response?.content, expect.content, shown);
        assert.equal(whole.response.complete, true, shown);
      }
      // Once refused, or complete, nothing behind it is looked at; and an end that is still to come can't be cut.
      eachSplit(raw, (chunks) => assert.deepEqual(decodeAnswer(chunks, asked), whole, shown));
    }
  });
}

test('RFC 9112 §9.2: octets behind a complete response are refused, and the response stands', () => {
  for (const { raws, method = 'GET', ends, expect } of RAW_RESPONSES) {
    if ('refused' in expect || ends) continue;
    for (const raw of raws) {
      const { response } = decodeAnswer([latin1(raw)], { method });
      eachSplit(
        raw,
        (chunks, { trailing }) => {
          const decoded = decodeAnswer(chunks, { method });
          assert.deepEqual(decoded.response, response);
          const reason = trailing.length > 0 ? RESPONSE_REJECTIONS.Unsolicited : undefined;
          assert.equal(decoded.rejection, reason, JSON.stringify(raw));
        },
        `${OK}Content-Length: 0\r\n\r\n`,
      );
    }
  }
});

test('RFC 9112 §4, §5, §7.1.2: a response is told with its reason, version, fields and trailers', () => {
  const raw =
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' +
    'HTTP/1.7 203 Why  not\r\nX: a\r\nTransfer-Encoding: chunked\r\nx:  b \r\n\r\n' +
    '3\r\nabc\r\n1;x\r\nd\r\n0\r\nX-Sum: 1\r\nContent-Length: 7\r\n\r\n';
  const expected = {
    interim: [103],
    response: {
      status: 203,
      reason: 'Why  not',
      minor: 7,
      fields: ['x: a', 'transfer-encoding: chunked', 'x: b'],
      content: 'abcd',
      trailers: ['x-sum: 1'],
      complete: true,
    },
    rejection: undefined,
    tunnel: undefined,
  };
  eachSplit(raw, (chunks) => assert.deepEqual(decodeAnswer(chunks), expected));
});

test('RFC 9110 §9.3.6: behind a 2xx to CONNECT stands a tunnel, whatever its head declares', () => {
  for (const lines of ['', 'Content-Length: 5\r\n', 'Transfer-Encoding: x\r\nContent-Length: y\r\n'])
    eachSplit(
      `HTTP/1.1 200 \r\n${lines}\r\n`,
      (chunks, { trailing }) => {
        const { response, tunnel, rejection } = decodeAnswer(chunks, { method: 'CONNECT' });
        assert.deepEqual([response?.complete, rejection], [true, undefined]);
        assert.equal(tunnel?.length, trailing.length);
      },
      'octets of the tunnel',
    );
});

test('RFC 9110 §9.3.6: any other answer to CONNECT has content, and no tunnel behind it', () => {
  eachSplit('HTTP/1.1 407 \r\nContent-Length: 5\r\n\r\nhello', (chunks) => {
    const { response, tunnel } = decodeAnswer(chunks, { method: 'CONNECT' });
    assert.deepEqual([response?.content, response?.complete, tunnel], ['hello', true, undefined]);
  });
});

test('RFC 9110 §7.8: 101 switches to a protocol that was offered, if it says to which', () => {
  const asked = { offersUpgrade: true };
  eachSplit(
    'HTTP/1.1 101 \r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    (chunks, { trailing }) => {
      const { response, tunnel } = decodeAnswer(chunks, asked);
      assert.deepEqual([response?.status, tunnel?.length], [101, trailing.length]);
    },
    '\0\x01',
  );
  const { rejection } = decodeAnswer([latin1('HTTP/1.1 101 \r\n\r\n')], asked);
  assert.equal(rejection, RESPONSE_REJECTIONS.ProtocolSwitched);
});

/** Accepted with this limit, refused with one less. */
function assertLimit(raw: string, name: string, limit: number, reason: string, asked: Asked = {}): void {
  eachSplit(raw, (chunks) => {
    const { rejection } = decodeAnswer(chunks, { ...asked, limits: limitedResponses({ [name]: limit }) });
    assert.equal(rejection, undefined, rejection?.reason);
  });
  eachSplit(raw, (chunks) => {
    const { rejection } = decodeAnswer(chunks, { ...asked, limits: limitedResponses({ [name]: limit - 1 }) });
    assert.equal(rejection?.reason, reason, name);
  });
}

test('RFC 9112 §4: a status-line may have so many octets, and no more', () => {
  assertLimit(`HTTP/1.1 200 ${'x'.repeat(37)}\r\n\r\n`, 'statusLine', 50, 'StatusLineTooLong');
});

test('RFC 9110 §5.4: a header section may have so many octets and lines, and no more', () => {
  assertLimit(`${OK}X: y\r\nZ: z\r\n\r\n`, 'fieldSection', 14, 'FieldSectionTooLarge');
  assertLimit(`${OK}X: y\r\nZ: z\r\n\r\n`, 'fieldLines', 2, 'TooManyFieldLines');
});

test('RFC 9110 §15.2: there may be so many interim responses, and no more', () => {
  const raw = `${'HTTP/1.1 102 \r\n\r\n'.repeat(3)}${OK}Content-Length: 0\r\n\r\n`;
  assertLimit(raw, 'interimResponses', 3, 'TooManyInterim');
  // None at all is a limit, too.
  const limits = limitedResponses({ interimResponses: 0 });
  const { rejection } = decodeAnswer([latin1('HTTP/1.1 100 \r\n\r\n')], { limits });
  assert.equal(rejection, RESPONSE_REJECTIONS.TooManyInterim);
});

test('RFC 9112 §6.3: content may have so many octets in each framing, and no more', () => {
  assertLimit(`${OK}Content-Length: 5\r\n\r\nhello`, 'content', 5, 'ContentTooLarge');
  const chunks = '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n';
  assertLimit(`${OK}Transfer-Encoding: chunked\r\n\r\n${chunks}`, 'content', 5, 'ContentTooLarge');
  assertLimit(`${OK}\r\nhello`, 'content', 5, 'ContentTooLarge', { ends: true });
  // What an answer to MESSAGE_HEAD declares is nobody's content.
  const limits = limitedResponses({ content: 4 });
  const raw = latin1(`${OK}Content-Length: 5\r\n\r\n`);
  assert.equal(decodeAnswer([raw], { method: 'HEAD', limits }).rejection, undefined);
});

test('RFC 9112 §7.1.1, §7.1.2: chunk extensions and trailers have their limits in responses', () => {
  const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
  assertLimit(`${chunked}1;ab\r\nx\r\n0\r\n\r\n`, 'chunkExtension', 3, 'ChunkExtensionTooLarge');
  assertLimit(`${chunked}0\r\nX: y\r\n\r\n`, 'trailerSection', 8, 'TrailerSectionTooLarge');
});

test('RFC 9112 §9.2: what came before the request was sent can not answer it', () => {
  const decoder = new ResponseDecoder();
  decoder.receive(latin1(`${OK}Content-Length: 0\r\n\r\n`));
  decoder.expect(GET);
  assert.equal(decoder.next(), REJECTED);
  assert.equal(decoder.rejection, RESPONSE_REJECTIONS.Unsolicited);
});

test('RFC 9112 §9.2: one response is expected at a time, the next one by the next request', () => {
  const decoder = new ResponseDecoder();
  decoder.expect(GET);
  assert.throws(() => decoder.expect(GET), TypeError);
  decoder.receive(latin1(`${OK}Content-Length: 1\r\n\r\nx`));
  assert.deepEqual(
    [decoder.next(), decoder.next(), decoder.next(), decoder.next()],
    [MESSAGE_HEAD, CONTENT, CONTENT_END, NEED_OCTETS],
  );
  decoder.expect({ ...GET, method: 'HEAD' });
  decoder.receive(latin1(`${OK}Content-Length: 1\r\n\r\n`));
  assert.deepEqual([decoder.next(), decoder.next()], [MESSAGE_HEAD, NEED_OCTETS]);
});

test('RFC 9112 §8: the end of the connection is told apart by what was expected', () => {
  const idle = new ResponseDecoder();
  assert.equal(idle.end(), NEED_OCTETS);
  const waiting = new ResponseDecoder();
  waiting.expect(GET);
  assert.equal(waiting.hasBegun, false);
  assert.equal(waiting.end(), REJECTED);
  assert.equal(waiting.rejection, RESPONSE_REJECTIONS.Incomplete);
  assert.equal(waiting.end(), REJECTED);
  const until = new ResponseDecoder();
  until.expect(GET);
  until.receive(latin1(`${OK}\r\nab`));
  assert.deepEqual(
    [until.next(), until.next(), until.next(), until.end()],
    [MESSAGE_HEAD, CONTENT, NEED_OCTETS, CONTENT_END],
  );
  assert.equal(until.end(), NEED_OCTETS);
});

test('RFC 9110 §9.2.2: whether an answer has begun is known from its first octet, interim responses counted', () => {
  const decoder = new ResponseDecoder();
  decoder.expect(GET);
  assert.deepEqual([decoder.next(), decoder.hasBegun], [NEED_OCTETS, false]);
  decoder.receive(latin1('H'));
  assert.deepEqual([decoder.next(), decoder.hasBegun], [NEED_OCTETS, true]);
  const cut = new ResponseDecoder();
  cut.expect(GET);
  cut.receive(latin1('H'));
  assert.deepEqual([cut.next(), cut.end(), cut.hasBegun], [NEED_OCTETS, REJECTED, true]);
  const none = new ResponseDecoder();
  none.expect(GET);
  assert.deepEqual([none.end(), none.hasBegun], [REJECTED, false]);
  decoder.receive(latin1('TTP/1.1 100 \r\n\r\n'));
  assert.deepEqual([decoder.next(), decoder.next(), decoder.hasBegun], [INTERIM, NEED_OCTETS, true]);
});

test('RFC 9112 §2.2: after a refusal nothing more is decoded', () => {
  const decoder = new ResponseDecoder();
  decoder.expect(GET);
  decoder.receive(latin1(`${OK}X : y\r\n\r\n`));
  assert.equal(decoder.next(), REJECTED);
  decoder.receive(latin1(`${OK}Content-Length: 0\r\n\r\n`));
  decoder.expect(GET);
  assert.deepEqual([decoder.next(), decoder.end()], [REJECTED, REJECTED]);
  assert.equal(decoder.rejection, REJECTIONS.FieldNameSyntax);
});

test('RFC 9112 §6.3: what of the content has not been decoded is known, or that it is not', () => {
  const remaining = (raw: string): number => {
    const decoder = new ResponseDecoder();
    decoder.expect(GET);
    decoder.receive(latin1(raw));
    assert.equal(decoder.next(), MESSAGE_HEAD);
    return decoder.contentRemaining;
  };
  assert.equal(remaining(`${OK}Content-Length: 7\r\n\r\nab`), 7);
  assert.equal(remaining(`${OK}Transfer-Encoding: chunked\r\n\r\n`), Number.POSITIVE_INFINITY);
  assert.equal(remaining(`${OK}\r\n`), Number.POSITIVE_INFINITY);
  assert.equal(remaining(`${OK}Content-Length: 0\r\n\r\n`), 0);
});

test('RFC 9110 §9.3.6: octets of a tunnel are handed over, also those that come later', () => {
  const decoder = new ResponseDecoder();
  decoder.expect({ method: 'CONNECT', offersUpgrade: false });
  decoder.receive(latin1('HTTP/1.1 200 \r\n\r\nab'));
  assert.deepEqual([decoder.next(), decoder.next()], [MESSAGE_HEAD, PAUSED]);
  decoder.receive(latin1('cd'));
  assert.deepEqual([...decoder.stop()], [...latin1('abcd')]);
  assert.equal(decoder.next(), NEED_OCTETS);
});

test('RFC 9112 §5.2: folded fields and trailers are told with spaces, the text of the head as it was received', () => {
  const head = `${OK}X-A: a,\r\n\tb \r\n  c\r\nTransfer-Encoding: chunked\r\nX-B:\r\n d\r\n\r\n`;
  const raw = `${head}0\r\nX-C: e\r\n f\r\n\r\n`;
  eachSplit(raw, (chunks) => {
    const decoder = new ResponseDecoder();
    // The second time, the head is the one before.
    for (const pieces of [[latin1(raw)], chunks]) {
      assert.equal(decodeAnswer(pieces, {}, decoder).response?.complete, true);
      assert.equal(decoder.head!.text, head);
      const { fields } = decoder.head!;
      assert.deepEqual([fields.get('x-a'), fields.get('x-b')], ['a,   b     c', 'd']);
      assert.equal(decoder.trailers.get('x-c'), 'e   f');
    }
  });
});

test('RFC 9112 §6.3: a head that is the one before, octet for octet, is understood by what it answers now', () => {
  const head = `${OK}Content-Length: 5\r\nX: y\r\n\r\n`;
  const answers: [method: string, raw: string, content: string | undefined][] = [
    ['GET', `${head}hello`, 'hello'],
    ['GET', `${head}world`, 'world'],
    ['HEAD', head, undefined],
    ['HEAD', head, undefined],
    ['GET', `${head}again`, 'again'],
    ['GET', `HTTP/1.1 103 \r\n\r\n${head}hints`, 'hints'],
    ['GET', `${OK}Content-Length: 5\r\nX: z\r\n\r\nother`, 'other'],
  ];
  for (const [index, [, last]] of answers.entries()) {
    eachSplit(last, (chunks) => {
      const decoder = new ResponseDecoder();
      for (const [method, raw] of answers.slice(0, index)) {
        decoder.expect({ ...GET, method });
        decoder.receive(latin1(raw));
        while (decoder.next() !== NEED_OCTETS);
      }
      const [method, , content] = answers[index]!;
      decoder.expect({ ...GET, method });
      let received: string | undefined;
      for (const chunk of chunks) {
        decoder.receive(chunk);
        for (let result = decoder.next(); result !== NEED_OCTETS; result = decoder.next()) {
          assert.ok(result > 0, decoder.rejection?.reason);
          if (result === CONTENT)
            received = (received ?? '') + Buffer.from(decoder.content).toString('latin1');
        }
      }
      assert.equal(received, content);
      assert.equal(decoder.head!.fields.get('x'), last.includes('X: z') ? 'z' : 'y');
    });
  }
});

test('RFC 9110 §9.3.6: a tunnel begins behind a head that was one without', () => {
  const decoder = new ResponseDecoder();
  const raw = `${OK}Content-Length: 0\r\n\r\n`;
  for (const [method, result] of [
    ['GET', NEED_OCTETS],
    ['CONNECT', PAUSED],
  ] as const) {
    decoder.expect({ ...GET, method });
    decoder.receive(latin1(raw));
    assert.deepEqual([decoder.next(), decoder.next()], [MESSAGE_HEAD, result]);
  }
});
