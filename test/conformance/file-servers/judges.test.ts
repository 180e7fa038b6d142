/** Each judge, with answers that the RFC allows and answers that it does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import { answer, multipart, partOf } from './answers.ts';
import type { Judge } from './case.ts';
import { Conversation } from './conversation.ts';
import { EMPTY, LARGE, octetsOf, SCRIPT, SECRET, SMALL } from './fixture.ts';
import { notModified, refused, status, whole, withheld } from './judges.ts';
import { ignoredOrRejected, part, parts, unsatisfiable } from './range-judges.ts';

const small = octetsOf(SMALL);
const large = octetsOf(LARGE);
const script = octetsOf(SCRIPT);
const NOT_FOUND = answer('404 Not Found', 'No.');
const SILENCE = answer('x');

/** A server that knows ranges, and one that does not. */
const withRanges = new Conversation(0, '', async () => answer('200 OK\nAccept-Ranges: bytes', large));
const withoutRanges = new Conversation(0, '', async () => answer('200 OK', large));

function judged(
  title: string,
  judge: Judge,
  right: readonly Answer[],
  wrong: readonly (readonly [Answer, string])[],
): void {
  test(`file servers: ${title}: what is allowed`, async () => {
    for (const one of right) assert.equal(await judge(one, withRanges), undefined);
  });
  test(`file servers: ${title}: what is not`, async () => {
    for (const [one, fault] of wrong) assert.equal(await judge(one, withRanges), fault);
  });
}

judged(
  'the whole',
  whole(SCRIPT),
  [
    answer('200 OK', script),
    answer('200 OK\nContent-Encoding: gzip', gzipSync(script)),
    answer('200 OK\nContent-Encoding: BR', brotliCompressSync(script)),
    answer('200 OK\nContent-Encoding: br, gzip', gzipSync(brotliCompressSync(script))),
  ],
  [
    [NOT_FOUND, '404'],
    [SILENCE, 'no HTTP answer'],
    [answer('200 OK', small), '200 with other octets'],
    [answer('200 OK\nContent-Encoding: gzip', script), '200, not decodable as gzip'],
    [answer('200 OK\nContent-Encoding: rot13', script), '200, not decodable as rot13'],
    [answer('200 OK', gzipSync(script)), '200 with other octets'],
    [answer(`200 OK\nContent-Range: bytes 0-1/${script.length}`, script), '200 with Content-Range'],
    [
      answer(`200 OK\nContent-Length: ${script.length + 1}`, script),
      `${script.length} of ${script.length + 1} octets`,
    ],
    [answer('200 OK\nContent-Length: 1', script), `200, and ${script.length - 1} octets too many`],
    [answer('302 Found\nLocation: /x'), '302 /x'],
  ],
);

judged(
  'a refusal',
  refused,
  [answer('412 Precondition Failed'), answer('400 Bad Request', 'No.'), NOT_FOUND],
  [
    [answer('200 OK', small), '200'],
    [answer('304 Not Modified'), '304'],
    [answer('500 Internal Server Error'), '500'],
    [SILENCE, 'no HTTP answer'],
  ],
);

judged(
  'not modified',
  notModified(SMALL),
  [answer('304 Not Modified'), answer(`304 Not Modified\nContent-Length: ${small.length}`)],
  [
    [answer('304 Not Modified\nContent-Length: 0'), '304 with Content-Length: 0'],
    [answer('304 Not Modified', small), `304, and ${small.length} octets too many`],
    [answer('200 OK', small), '200'],
    [answer('412 Precondition Failed'), '412'],
  ],
);

judged(
  'a secret',
  withheld,
  [NOT_FOUND, answer('400 Bad Request'), answer('403 Forbidden'), answer('302 Found\nLocation: /')],
  [
    [answer('200 OK', SECRET), '200: gives the secret away'],
    [answer('200 OK\nContent-Encoding: gzip', gzipSync(SECRET)), '200: gives the secret away'],
    [answer('404 Not Found', `No ${SECRET} here.`), '404: gives the secret away'],
    [answer('200 OK', 'Something else'), '200'],
    [answer('500 Internal Server Error'), '500'],
    [SILENCE, 'no HTTP answer'],
  ],
);

judged(
  'one of some',
  status(404, 410),
  [NOT_FOUND, answer('410 Gone')],
  [[answer('400 Bad Request'), '400']],
);

judged(
  'one range',
  part(LARGE, [100, 199]),
  [partOf(LARGE, 100, 199), partOf(LARGE, 100, 150), partOf(LARGE, 120, 199)],
  [
    [answer('200 OK', large), '200'],
    [partOf(LARGE, 100, 200), '206 bytes 100-200/100000'],
    [partOf(LARGE, 0, 199), '206 bytes 0-199/100000'],
    [answer('206 Partial Content', large.subarray(100, 200)), '206, Content-Range: none'],
    [
      answer('206 Partial Content\nContent-Range: bytes 100-199/100001', large.subarray(100, 200)),
      '206, Content-Range: bytes 100-199/100001',
    ],
    [
      answer('206 Partial Content\nContent-Range: bytes 100-199/100000', large.subarray(99, 199)),
      '206 bytes 100-199/100000, with other octets',
    ],
    [
      answer('206 Partial Content\nContent-Range: bytes 100-199/100000', large.subarray(100, 199)),
      '206 bytes 100-199/100000, with other octets',
    ],
    [
      answer('206 Partial Content\nContent-Range: bytes 199-100/100000'),
      '206, Content-Range: bytes 199-100/100000',
    ],
    [
      answer(
        '206 Partial Content\nContent-Type: multipart/byteranges; boundary=b',
        multipart(LARGE, [[100, 199]]),
      ),
      '206 multipart for a single range',
    ],
    [answer('416 Range Not Satisfiable\nContent-Range: bytes */100000'), '416 bytes */100000'],
  ],
);

test('file servers: one range: the length may be unknown', async () => {
  const head = '206 Partial Content\nContent-Range: bytes 100-199/*';
  assert.equal(await part(LARGE, [100, 199])(answer(head, large.subarray(100, 200)), withRanges), undefined);
});

test('file servers: one range: the whole, from a server that has no ranges', async () => {
  assert.equal(await part(LARGE, [100, 199])(answer('200 OK', large), withoutRanges), undefined);
  assert.equal(
    await part(LARGE, [100, 199])(answer('200 OK', small), withoutRanges),
    '200 with other octets',
  );
});

const MULTIPART = '206 Partial Content\nContent-Type: multipart/byteranges; boundary=b';

judged(
  'several ranges',
  parts(LARGE, [
    [0, 9],
    [500, 509],
  ]),
  [
    answer(
      MULTIPART,
      multipart(LARGE, [
        [0, 9],
        [500, 509],
      ]),
    ),
    answer(
      MULTIPART,
      multipart(LARGE, [
        [500, 509],
        [0, 9],
      ]),
    ),
    answer(MULTIPART, multipart(LARGE, [[500, 509]])),
    partOf(LARGE, 0, 9),
    answer('200 OK', large),
  ],
  [
    [
      answer(
        MULTIPART,
        multipart(LARGE, [
          [0, 9],
          [500, 510],
        ]),
      ),
      '206 bytes 500-510/100000',
    ],
    [partOf(LARGE, 0, 509), '206 bytes 0-509/100000'],
    [
      answer(`${MULTIPART}\nContent-Range: bytes 0-9/100000`, multipart(LARGE, [[0, 9]])),
      '206 multipart with a Content-Range of its own',
    ],
    [answer(MULTIPART, 'nothing of the kind'), '206 multipart: no closing boundary'],
    [answer(MULTIPART, '--b\r\n\r\n\r\nab\r\n--b--\r\n'), '206, Content-Range: none'],
    [answer(MULTIPART.replace('206', '200'), multipart(LARGE, [[0, 9]])), '200 with other octets'],
    [answer('416 Range Not Satisfiable\nContent-Range: bytes */100000'), '416 bytes */100000'],
  ],
);

judged(
  'a range that can’t be satisfied',
  unsatisfiable(LARGE),
  [answer('416 Range Not Satisfiable\nContent-Range: bytes */100000', 'No.'), answer('200 OK', large)],
  [
    [answer('416 Range Not Satisfiable'), '416, Content-Range: none'],
    [answer('416 Range Not Satisfiable\nContent-Range: bytes */99999'), '416, Content-Range: bytes */99999'],
    [partOf(LARGE, 0, 9), '206 bytes 0-9/100000'],
    [answer('400 Bad Request'), '400'],
  ],
);

judged(
  'a range of nothing',
  unsatisfiable(EMPTY),
  [answer('200 OK'), answer('416 Range Not Satisfiable\nContent-Range: bytes */0')],
  [[answer('206 Partial Content\nContent-Range: bytes 0--1/0'), '206 bytes 0--1/0']],
);

judged(
  'an invalid range',
  ignoredOrRejected(LARGE),
  [answer('200 OK', large), answer('400 Bad Request'), answer('416 Range Not Satisfiable')],
  [
    [partOf(LARGE, 0, 9), '206 bytes 0-9/100000'],
    [answer('500 Internal Server Error'), '500'],
  ],
);
