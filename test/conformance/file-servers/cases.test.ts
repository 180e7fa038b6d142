/** The cases as they are asked: of servers made up for it, and of Serval. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { files } from '../../../src/files/files.ts';
import { serve } from '../../../src/index.ts';
import type { Answer } from './answer.ts';
import { answer } from './answers.ts';
import type { Question } from './ask.ts';
import { type Case, examine } from './case.ts';
import { CASES } from './cases/index.ts';
import { Conversation } from './conversation.ts';
import { octetsOf, SMALL, writeFixture } from './fixture.ts';
import { countOf, page, type Result } from './report.ts';
import { SERVAL } from './servers.ts';

const all = CASES.flatMap(({ cases }) => cases);

function called(title: string): Case {
  const found = all.filter((one) => one.title === title);
  assert.equal(found.length, 1, title);
  return found[0]!;
}

/** A server that answers as it is told. */
function pretending(respond: (question: Question) => Answer, root = tmpdir()): Conversation {
  return new Conversation(0, root, async (question) => respond(question));
}

async function folder<T>(use: (root: string) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'serval-'));
  try {
    const root = join(scratch, 'site');
    await mkdir(root);
    await writeFixture(root);
    return await use(root);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

test('file servers: there are at least 60 cases, each with its own title within its group and with what it rests on', () => {
  assert.ok(all.length >= 60, `${all.length}`);
  for (const { cases } of CASES) assert.equal(new Set(cases.map(({ title }) => title)).size, cases.length);
  for (const { rule } of all) {
    assert.match(rule, /^(?:(?:MUST|SHOULD|MAY) RFC \d{4} §[\d.]+|expected(?: RFC \d{4} §[\d.]+)?)$/);
  }
});

/** These do not ask which octets come, but what comes with them. */
const ABOUT_NO_OCTETS = [
  /^HEAD of (?!what is not there)/,
  /: not to the host /,
  /: no line of the client’s$/,
  /: as without$/,
  /^a file rewritten /,
];

test('file servers: no case finds an error, silence or a file that was not asked for right', async () => {
  const respond: [who: string, respond: (question: Question) => Answer][] = [
    ['only errors', () => answer('500 Internal Server Error\nDate: Sun, 06 Nov 1994 08:49:37 GMT')],
    ['silence', () => answer('x')],
    ['cut off', () => answer('200 OK\nContent-Length: 5', 'abc')],
    ['another file', () => answer('200 OK\nContent-Type: text/html', 'this-must-not-leave-the-house')],
  ];
  // Side by side: some cases wait for a file to become older.
  const examined = respond.map(([who, how]) =>
    folder(async (root) => {
      for (const one of all) {
        const { kind } = await examine(one, pretending(how, root));
        // Without an ETag, there is nothing to ask some with.
        const excused = who === 'another file' && ABOUT_NO_OCTETS.some((pattern) => pattern.test(one.title));
        assert.ok(kind === 'wrong' || kind === 'not asked' || excused, `${who}: ${one.title}`);
      }
    }),
  );
  await Promise.all(examined);
});

const unchanged: [title: string, field: string, present: string, status: string, kind: string][] = [
  ['the current tag: 304', 'If-None-Match', '"v1"', '304 Not Modified', 'right'],
  ['the current tag: 304', 'If-None-Match', '"v1"', '200 OK', 'wrong'],
  [
    'compared weakly: the other form of the tag, `W/` or not: 304',
    'If-None-Match',
    'W/"v1"',
    '304 Not Modified',
    'right',
  ],
  ['another tag: 412', 'If-Match', '"not-this-one"', '412 Precondition Failed', 'right'],
  ['another tag: 412', 'If-Match', '"not-this-one"', '304 Not Modified', 'wrong'],
  ['compared strongly: the weak form of the tag: 412', 'If-Match', 'W/"v1"', '200 OK', 'wrong'],
];

for (const [title, field, present, status, kind] of unchanged) {
  test(`file servers: "${title}" asks with ${field}: ${present}, and ${status} is ${kind}`, async () => {
    const asked: string[] = [];
    const to = pretending(({ fields = [] }) => {
      asked.push(...fields);
      const conditional = fields.some((line) => line.startsWith('If-'));
      return answer(
        `${conditional ? status : '200 OK'}\nETag: "v1"`,
        status.startsWith('304') && conditional ? '' : octetsOf(SMALL),
      );
    });
    assert.equal((await examine(called(title), to)).kind, kind);
    assert.ok(asked.includes(`${field}: ${present}`), asked.join('; '));
  });
}

test('file servers: weak tags are no fault, and what needs a strong one is not asked', async () => {
  const to = pretending(() => answer('200 OK\nETag: W/"v1"', octetsOf(SMALL)));
  assert.deepEqual(await examine(called('the current strong tag: 200'), to), {
    kind: 'not asked',
    reason: 'its entity tags are weak',
  });
  assert.equal((await examine(called('a file has an ETag, and in the grammar'), to)).kind, 'right');
});

test('file servers: a file rewritten may keep a weak tag, and may not keep a strong one', async () => {
  const examined = [
    ['"same"', 'wrong'],
    ['W/"same"', 'right'],
  ].map(([tag, kind]) =>
    folder(async (root) => {
      let version = 0;
      const to = pretending(() => answer(`200 OK\nETag: ${tag}`, `version ${version++}`), root);
      const one = called('a file rewritten within the second has another strong ETag');
      assert.equal((await examine(one, to)).kind, kind);
    }),
  );
  await Promise.all(examined);
});

test('file servers: HEAD with another length than GET is wrong, without a length it is right', async () => {
  const one = called('HEAD of a file: the fields of GET, no content');
  for (const [head, kind] of [
    [`200 OK\nETag: "v1"\nContent-Length: ${octetsOf(SMALL).length}`, 'right'],
    ['200 OK\nETag: "v1"', 'right'],
    ['200 OK\nETag: "v1"\nContent-Length: 0', 'wrong'],
    ['200 OK', 'wrong'],
    ['404 Not Found\nETag: "v1"', 'wrong'],
  ] as const) {
    const to = pretending(({ method }) =>
      method === 'HEAD' ? answer(head, '', 'HEAD') : answer('200 OK\nETag: "v1"', octetsOf(SMALL)),
    );
    assert.equal((await examine(one, to)).kind, kind, head);
  }
});

test('file servers: a redirect to another host is wrong, however it is written', async () => {
  const one = called('`//folder`: not to the host `folder`');
  for (const [location, kind] of [
    ['/folder/', 'right'],
    ['http://127.0.0.1:4221/folder/', 'right'],
    ['//folder/', 'wrong'],
    ['/\\folder/', 'wrong'],
    ['http://folder/', 'wrong'],
  ] as const) {
    const to = new Conversation(4221, '', async () => answer(`301 Moved Permanently\nLocation: ${location}`));
    assert.equal((await examine(one, to)).kind, kind, location);
  }
});

test('file servers: Serval is right in every case', async () => {
  await folder(async (root) => {
    const server = serve(files(root), { port: 0, hostname: '127.0.0.1' });
    try {
      await server.ready;
      const [listener] = server;
      const to = new Conversation(listener!.address.port, root);
      for (const one of all) {
        assert.deepEqual([one.title, await examine(one, to)], [one.title, { kind: 'right' }]);
      }
    } finally {
      await server.close();
    }
  });
});

test('file servers: the page counts what it lists, and what servers say is no Markdown', () => {
  const [right, wrong, other] = ['a', 'b', 'c'].map(
    (title): Case => ({ title, rule: 'MUST RFC 9110 §1', examine: async () => undefined }),
  ) as [Case, Case, Case];
  const group = { title: 'Some', cases: [right, wrong, other] };
  const result: Result = {
    server: SERVAL,
    version: '1.2.3',
    outcomes: new Map([
      [right, { kind: 'right' }],
      [wrong, { kind: 'wrong', fault: '200 | <b>\nmore' }],
      [other, { kind: 'not asked', reason: 'it need not' }],
    ]),
  };
  assert.deepEqual(countOf(result, group.cases), { right: 1, wrong: 1, notAsked: 1 });
  const text = page([group], [result], '2026-11-23', 'Node');
  assert.match(text, /^\| b \| MUST RFC 9110 §1 \| ✗ 200 \\\| &lt;b> more \|$/m);
  assert.match(text, /^\| \*\*right\*\* \| \*\*1\*\* \|$/m);
  assert.match(text, /^\| c \| MUST RFC 9110 §1 \| – \|$/m);
});
