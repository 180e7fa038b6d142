import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as types from '../../../src/http2/frame/frame-types.ts';
import { FieldLines } from '../../../src/semantics/field-lines.ts';
import { limited, type Respond, responseStart, TestServer } from '../../http2/conversation.ts';
import { block, data, type Fields, get, headers, post, request } from '../../http2/frames.ts';
import { gives, resets } from '../http2-requirement.ts';

const { END_HEADERS, END_STREAM } = types;
const silent: Respond = () => {};

/** The head that comes of these fields. */
function headOf(fields: Fields, flags = END_STREAM | END_HEADERS) {
  const server = TestServer.opened(undefined, silent).receive(headers(1, fields, flags));
  const stream = server.streams.get(1);
  assert.ok(stream, server.answers.join());
  return stream.head!;
}

function fieldsOf(fields: Fields): string[] {
  const { names, values } = headOf(fields).fields;
  return names.map((name, i) => `${name}: ${values[i]}`);
}

// --- §8.1 ---

gives('RFC 9113 §8.1: trailers end a request', [post(1), data(1, 'x', 0), headers(1, [['digest', 'abc']])], {
  answers: ['request 1 POST /', 'content 1 x', 'end 1 digest=abc'],
});

gives(
  'RFC 9113 §8.1: a request may have trailers and no content',
  [post(1), headers(1, [['digest', 'abc']])],
  {
    answers: ['request 1 POST /', 'end 1 digest=abc'],
  },
);

gives(
  'RFC 9110 §6.5.1: trailers that come too late to matter are dropped',
  [
    post(1),
    headers(1, [
      ['content-length', '3'],
      ['host', 'b'],
      ['x', 'y'],
    ]),
  ],
  {
    answers: ['request 1 POST /', 'end 1 x=y'],
  },
);

resets(
  'RFC 9113 §8.1: a second HEADERS without END_STREAM is a stream error PROTOCOL_ERROR',
  [post(1), headers(1, [['x', 'y']], END_HEADERS)],
  1,
  'TrailersWithoutEnd',
);
resets(
  'RFC 9113 §8.1: trailers with a pseudo-field are a stream error PROTOCOL_ERROR',
  [post(1), headers(1, [[':method', 'GET']])],
  1,
  'PseudoFieldInTrailers',
);
resets(
  'RFC 9113 §8.1: trailers with an unknown pseudo-field are a stream error PROTOCOL_ERROR',
  [post(1), headers(1, [[':x', 'y']])],
  1,
  'PseudoFieldInTrailers',
);
resets(
  'RFC 9113 §8.1: trailers with a malformed field are a stream error PROTOCOL_ERROR',
  [post(1), headers(1, [['X', 'y']])],
  1,
  'FieldNameSyntax',
);
resets(
  'RFC 9113 §8.2.2: trailers with a field about the connection are a stream error PROTOCOL_ERROR',
  [post(1), headers(1, [['connection', 'close']])],
  1,
  'ConnectionField',
);

test('RFC 9113 §8.1: after the whole response, a request whose content was refused is reset with NO_ERROR', () => {
  const server = TestServer.opened(undefined, silent).receive(post(1), data(1, 'abc', 0));
  const { connection } = server;
  const stream = server.streams.get(1)!;
  connection.refuseContent(stream);
  connection.sendResponse(stream, responseStart({ contentLength: 2 }), 'no');
  assert.deepEqual(server.sent(), [
    'HEADERS 1 :status=200 content-length=2',
    'DATA 1 END_STREAM no',
    'RST_STREAM 1 NO_ERROR',
  ]);
  server.receive(data(1, 'more'));
  assert.deepEqual(server.answers, ['request 1 POST /', 'content 1 abc']);
  assert.equal(connection.running, 0);
});

test('RFC 9113 §8.1: content that is refused after the response is reset with NO_ERROR, too', () => {
  const server = TestServer.opened(undefined, silent).receive(post(1));
  const { connection } = server;
  const stream = server.streams.get(1)!;
  connection.sendResponse(stream, responseStart(), 'no');
  assert.deepEqual(server.sent(), ['HEADERS 1 :status=200', 'DATA 1 END_STREAM no']);
  connection.refuseContent(stream);
  assert.deepEqual(server.sent(), ['RST_STREAM 1 NO_ERROR']);
});

test('RFC 9113 §8.1: a request that has ended is not reset', () => {
  const server = TestServer.opened(undefined, silent).receive(get(1));
  server.connection.refuseContent(server.streams.get(1)!);
  server.connection.sendResponse(server.streams.get(1)!, responseStart(), 'ok');
  assert.deepEqual(server.sent(), ['HEADERS 1 :status=200', 'DATA 1 END_STREAM ok']);
});

// --- §8.1.1 ---

resets(
  'RFC 9113 §8.1.1: more DATA than Content-Length is a stream error PROTOCOL_ERROR',
  [post(1, '/', ['content-length', '3']), data(1, 'ab', 0), data(1, 'cd', 0)],
  1,
  'ContentLengthMismatch',
);
resets(
  'RFC 9113 §8.1.1: less DATA than Content-Length is a stream error PROTOCOL_ERROR',
  [post(1, '/', ['content-length', '3']), data(1, 'ab')],
  1,
  'ContentLengthMismatch',
);
resets(
  'RFC 9113 §8.1.1: no DATA and a Content-Length is a stream error PROTOCOL_ERROR',
  get(1, '/', ['content-length', '3']),
  1,
  'ContentLengthMismatch',
);
resets(
  'RFC 9113 §8.1.1: less DATA than Content-Length before trailers is a stream error PROTOCOL_ERROR',
  [post(1, '/', ['content-length', '3']), data(1, 'ab', 0), headers(1, [['x', 'y']])],
  1,
  'ContentLengthMismatch',
);
resets(
  'RFC 9113 §8.1.1: DATA and a Content-Length of 0 is a stream error PROTOCOL_ERROR',
  [post(1, '/', ['content-length', '0']), data(1, 'a')],
  1,
  'ContentLengthMismatch',
);

gives(
  'RFC 9113 §8.1.1: DATA of several frames may make up the Content-Length',
  [post(1, '/', ['content-length', '4']), data(1, 'ab', 0), data(1, 'cd', 0), data(1, '')],
  {
    answers: ['request 1 POST /', 'content 1 abcd', 'end 1'],
  },
);

gives('RFC 9113 §8.1.1: a Content-Length of 0 without DATA is fine', get(1, '/', ['content-length', '0']), {
  answers: ['request 1 GET /'],
});

for (const value of [
  '',
  '-1',
  '+1',
  '0x1',
  '1.0',
  '1 ',
  '1, 1',
  'abc',
  '99999999999999999999',
  '9007199254740993',
]) {
  test(`RFC 9113 §8.1.1: Content-Length "${value}" is a stream error PROTOCOL_ERROR`, () => {
    const server = TestServer.opened().receive(post(1, '/', ['content-length', value]));
    assert.match(server.answers[0]!, /^reset - PROTOCOL_ERROR (ContentLengthSyntax|FieldValueSyntax)$/);
  });
}

resets(
  'RFC 9113 §8.1.1: two Content-Length fields are a stream error PROTOCOL_ERROR, even equal ones',
  post(1, '/', ['content-length', '1'], ['content-length', '1']),
  1,
  'ContentLengthSyntax',
);

// --- §8.2 and §8.2.1 ---

for (const [title, name] of [
  ['RFC 9113 §8.2.1: a field name in upper case is a stream error PROTOCOL_ERROR', 'X-Test'],
  ['RFC 9113 §8.2.1: an empty field name is a stream error PROTOCOL_ERROR', ''],
  ['RFC 9113 §8.2.1: a field name with a space is a stream error PROTOCOL_ERROR', 'x test'],
  ['RFC 9113 §8.2.1: a field name with a colon is a stream error PROTOCOL_ERROR', 'x:test'],
  ['RFC 9113 §8.2.1: a field name with CR is a stream error PROTOCOL_ERROR', 'x\rtest'],
  ['RFC 9113 §8.2.1: a field name with LF is a stream error PROTOCOL_ERROR', 'x\ntest'],
  ['RFC 9113 §8.2.1: a field name with NUL is a stream error PROTOCOL_ERROR', 'x\0test'],
  ['RFC 9113 §8.2.1: a field name with DEL is a stream error PROTOCOL_ERROR', 'x\x7ftest'],
  ['RFC 9113 §8.2.1: a field name with an octet above 0x7f is a stream error PROTOCOL_ERROR', 'x\xe9'],
] as const)
  resets(title, get(1, '/', [name, 'v']), 1, 'FieldNameSyntax');

for (const [title, value] of [
  ['RFC 9113 §8.2.1: a field value with NUL is a stream error PROTOCOL_ERROR', 'a\0b'],
  ['RFC 9113 §8.2.1: a field value with CR is a stream error PROTOCOL_ERROR', 'a\rb'],
  ['RFC 9113 §8.2.1: a field value with LF is a stream error PROTOCOL_ERROR', 'a\nb'],
  ['RFC 9110 §5.5: a field value with another control octet is a stream error PROTOCOL_ERROR', 'a\x01b'],
  ['RFC 9110 §5.5: a field value with DEL is a stream error PROTOCOL_ERROR', 'a\x7fb'],
  ['RFC 9113 §8.2.1: a field value that begins with a space is a stream error PROTOCOL_ERROR', ' a'],
  ['RFC 9113 §8.2.1: a field value that ends with a space is a stream error PROTOCOL_ERROR', 'a '],
  ['RFC 9113 §8.2.1: a field value that begins with a tab is a stream error PROTOCOL_ERROR', '\ta'],
  ['RFC 9113 §8.2.1: a field value that ends with a tab is a stream error PROTOCOL_ERROR', 'a\t'],
] as const)
  resets(title, get(1, '/', ['x', value]), 1, 'FieldValueSyntax');

test('RFC 9113 §8.2.1: a value that would split a request when it is passed on over HTTP/1 is malformed, in each field', () => {
  for (const name of ['x', 'host', ':path', ':authority', ':method', 'cookie', 'te', 'content-length']) {
    const fields = [...request().filter(([other]) => other !== name), [name, 'a\r\nHost: evil'] as const];
    const ordered = [
      ...fields.filter(([other]) => other.startsWith(':')),
      ...fields.filter(([other]) => !other.startsWith(':')),
    ];
    const server = TestServer.opened().receive(headers(1, ordered));
    assert.match(server.answers[0]!, /^reset - PROTOCOL_ERROR/, name);
  }
});

test('RFC 9113 §8.2.1: spaces and tabs inside a value, and octets above 0x7f, are fine; so is an empty value', () => {
  assert.deepEqual(fieldsOf(request('GET', '/', ['x', 'a \t b\xe9'], ['y', ''])), [
    'host: a',
    'x: a \t b\xe9',
    'y: ',
  ]);
});

// --- §8.2.2 ---

for (const [title, name, value] of [
  ['RFC 9113 §8.2.2: Connection is a stream error PROTOCOL_ERROR', 'connection', 'keep-alive'],
  ['RFC 9113 §8.2.2: Proxy-Connection is a stream error PROTOCOL_ERROR', 'proxy-connection', 'keep-alive'],
  ['RFC 9113 §8.2.2: Keep-Alive is a stream error PROTOCOL_ERROR', 'keep-alive', 'timeout=5'],
  ['RFC 9113 §8.2.2: Transfer-Encoding is a stream error PROTOCOL_ERROR', 'transfer-encoding', 'chunked'],
  ['RFC 9113 §8.2.2: Upgrade is a stream error PROTOCOL_ERROR', 'upgrade', 'h2c'],
] as const)
  resets(title, get(1, '/', [name, value]), 1, 'ConnectionField');

for (const [title, value] of [
  ['RFC 9113 §8.2.2: TE other than trailers is a stream error PROTOCOL_ERROR', 'gzip'],
  ['RFC 9113 §8.2.2: TE of trailers and more is a stream error PROTOCOL_ERROR', 'trailers, deflate;q=0.5'],
  ['RFC 9113 §8.2.2: an empty TE is a stream error PROTOCOL_ERROR', ''],
] as const)
  resets(title, get(1, '/', ['te', value]), 1, 'TESyntax');

test('RFC 9113 §8.2.2: TE of trailers is fine', () => {
  assert.equal(headOf(request('GET', '/', ['te', 'trailers'])).fields.get('te'), 'trailers');
});

// --- §8.2.3 ---

test('RFC 9113 §8.2.3: cookies that come in pieces are put together with a semicolon', () => {
  const fields = fieldsOf(
    request('GET', '/', ['cookie', 'a=1'], ['x', 'y'], ['cookie', 'b=2'], ['cookie', 'c=3']),
  );
  assert.deepEqual(fields, ['host: a', 'cookie: a=1; b=2; c=3', 'x: y']);
});

// --- §8.3 ---

for (const [title, fields, reason] of [
  [
    'RFC 9113 §8.3: an unknown pseudo-field is a stream error PROTOCOL_ERROR',
    [[':test', 'x'], ...request()],
    'PseudoFieldUnknown',
  ],
  [
    'RFC 9113 §8.3: a pseudo-field of a response in a request is a stream error PROTOCOL_ERROR',
    [...request(), [':status', '200']],
    'PseudoFieldUnknown',
  ],
  [
    'RFC 9113 §8.3: a pseudo-field in upper case is a stream error PROTOCOL_ERROR',
    [[':Method', 'GET'], ...request().slice(1)],
    'PseudoFieldUnknown',
  ],
  [
    'RFC 9113 §8.3: a colon alone is a stream error PROTOCOL_ERROR',
    [[':', 'x'], ...request()],
    'PseudoFieldUnknown',
  ],
  [
    'RFC 9113 §8.3: a pseudo-field behind a regular field is a stream error PROTOCOL_ERROR',
    [...request().slice(0, 3), ['x', 'y'], ...request().slice(3)],
    'PseudoFieldLate',
  ],
  [
    'RFC 9113 §8.3: two :method are a stream error PROTOCOL_ERROR',
    [...request(), [':method', 'GET']],
    'PseudoFieldRepeated',
  ],
  [
    'RFC 9113 §8.3: two :path are a stream error PROTOCOL_ERROR',
    [...request(), [':path', '/']],
    'PseudoFieldRepeated',
  ],
  [
    'RFC 9113 §8.3: two :scheme are a stream error PROTOCOL_ERROR',
    [...request(), [':scheme', 'http']],
    'PseudoFieldRepeated',
  ],
  [
    'RFC 9113 §8.3: two :authority are a stream error PROTOCOL_ERROR',
    [...request(), [':authority', 'a']],
    'PseudoFieldRepeated',
  ],
  ['RFC 9113 §8.3.1: no :method is a stream error PROTOCOL_ERROR', request().slice(1), 'PseudoFieldMissing'],
  [
    'RFC 9113 §8.3.1: no :scheme is a stream error PROTOCOL_ERROR',
    request().filter(([name]) => name !== ':scheme'),
    'PseudoFieldMissing',
  ],
  ['RFC 9113 §8.3.1: no :path is a stream error PROTOCOL_ERROR', request().slice(0, 3), 'PseudoFieldMissing'],
  ['RFC 9113 §8.3.1: no fields at all are a stream error PROTOCOL_ERROR', [], 'PseudoFieldMissing'],
  ['RFC 9113 §8.3.1: an empty :path is a stream error PROTOCOL_ERROR', request('GET', ''), 'PathSyntax'],
  [
    'RFC 9113 §8.3.1: a :path without a leading slash is a stream error PROTOCOL_ERROR',
    request('GET', 'index.html'),
    'PathSyntax',
  ],
  [
    'RFC 9113 §8.3.1: an absolute :path is a stream error PROTOCOL_ERROR',
    request('GET', 'http://a/'),
    'PathSyntax',
  ],
  [
    'RFC 9113 §8.3.1: a :path with a fragment is a stream error PROTOCOL_ERROR',
    request('GET', '/#top'),
    'PathSyntax',
  ],
  [
    'RFC 9113 §8.3.1: a :path with a space is a stream error PROTOCOL_ERROR',
    request('GET', '/a b'),
    'PathSyntax',
  ],
  [
    'RFC 9113 §8.3.1: a :path with an octet above 0x7f is a stream error PROTOCOL_ERROR',
    request('GET', '/\xe9'),
    'PathSyntax',
  ],
  [
    'RFC 3986 §3.3: a :path with a backslash is a stream error PROTOCOL_ERROR',
    request('GET', '/a\\b'),
    'PathSyntax',
  ],
  [
    'RFC 9113 §8.3.1: a :path of * is a stream error PROTOCOL_ERROR but for OPTIONS',
    request('GET', '*'),
    'PathSyntax',
  ],
  ['RFC 9113 §8.3.1: an empty :method is a stream error PROTOCOL_ERROR', request(''), 'MethodSyntax'],
  [
    'RFC 9113 §8.3.1: a :method that is no token is a stream error PROTOCOL_ERROR',
    request('G T'),
    'MethodSyntax',
  ],
  [
    'RFC 9113 §8.3.1: an empty :scheme is a stream error PROTOCOL_ERROR',
    [[':method', 'GET'], [':scheme', ''], ...request().slice(2)],
    'SchemeSyntax',
  ],
  [
    'RFC 9113 §8.3.1: a :scheme with a colon is a stream error PROTOCOL_ERROR',
    [[':method', 'GET'], [':scheme', 'http://'], ...request().slice(2)],
    'SchemeSyntax',
  ],
] as const satisfies readonly (readonly [string, Fields, string])[])
  resets(title, headers(1, fields), 1, reason);

/** A request for this authority, with these fields. */
const forAuthority = (authority: string | undefined, ...fields: Fields): Fields => [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  ...(authority === undefined ? [] : ([[':authority', authority]] as const)),
  ...fields,
];

for (const [title, fields, reason] of [
  [
    'RFC 9113 §8.3.1: neither :authority nor Host is a stream error PROTOCOL_ERROR',
    forAuthority(undefined),
    'AuthorityMissing',
  ],
  [
    'RFC 9113 §8.3.1: an empty :authority is a stream error PROTOCOL_ERROR',
    forAuthority(''),
    'AuthoritySyntax',
  ],
  [
    'RFC 9113 §8.3.1: an :authority with userinfo is a stream error PROTOCOL_ERROR',
    forAuthority('user@a'),
    'AuthoritySyntax',
  ],
  [
    'RFC 9113 §8.3.1: an :authority with a path is a stream error PROTOCOL_ERROR',
    forAuthority('a/b'),
    'AuthoritySyntax',
  ],
  [
    'RFC 9113 §8.3.1: an :authority of two hosts is a stream error PROTOCOL_ERROR',
    forAuthority('a,b'),
    'AuthoritySyntax',
  ],
  [
    'RFC 9113 §8.3.1: an :authority with a port over 65,535 is a stream error PROTOCOL_ERROR',
    forAuthority('a:65536'),
    'AuthoritySyntax',
  ],
  [
    'RFC 9113 §8.3.1: an empty Host is a stream error PROTOCOL_ERROR',
    forAuthority('a', ['host', '']),
    'AuthoritySyntax',
  ],
  [
    'RFC 9113 §8.3.1: a Host that differs from :authority is a stream error PROTOCOL_ERROR',
    forAuthority('a', ['host', 'b']),
    'HostMismatch',
  ],
  [
    'RFC 9113 §8.3.1: a Host with another port is a stream error PROTOCOL_ERROR',
    forAuthority('a', ['host', 'a:81']),
    'HostMismatch',
  ],
  [
    'RFC 9113 §8.3.1: two Host fields are a stream error PROTOCOL_ERROR',
    forAuthority('a', ['host', 'a'], ['host', 'a']),
    'HostRepeated',
  ],
] as const)
  resets(title, headers(1, fields), 1, reason);

test('RFC 9113 §8.3.1: a Host that is equal to :authority is accepted', () => {
  for (const host of ['a.example', 'A.example', 'a.example:80', 'a.example:'])
    assert.equal(headOf(forAuthority('a.example', ['host', host])).authority, 'a.example');
});

test('RFC 9113 §8.3.1: without :authority, Host is used', () => {
  assert.equal(headOf(forAuthority(undefined, ['host', 'a:81'])).authority, 'a:81');
});

test('RFC 9113 §8.3.1: an application finds the authority in Host, where HTTP/1.1 has it', () => {
  assert.deepEqual(fieldsOf(forAuthority('a', ['x', 'y'])), ['host: a', 'x: y']);
  assert.deepEqual(fieldsOf(forAuthority('a', ['x', 'y'], ['host', 'A'])), ['x: y', 'host: A']);
});

test('RFC 9113 §8.3.1: OPTIONS may ask for *', () => {
  assert.equal(headOf(request('OPTIONS', '*')).path, '*');
});

test('RFC 9113 §8.3.1: a method is taken as it is, a scheme in lower case', () => {
  const head = headOf([
    [':method', 'get'],
    [':scheme', 'HTTPS'],
    [':path', '/?q="<>^`{|}\\[]'],
    [':authority', 'a'],
  ]);
  assert.deepEqual([head.method, head.scheme, head.path], ['get', 'https', '/?q="<>^`{|}\\[]']);
});

test('RFC 9113 §8.3.1: pseudo-fields may come in any order, and the head can be read as it was', () => {
  const head = headOf([
    [':path', '/p'],
    [':authority', 'a'],
    [':scheme', 'http'],
    [':method', 'PUT'],
    ['cookie', 'a=1'],
    ['cookie', 'b=2'],
  ]);
  assert.deepEqual([head.method, head.path, head.version], ['PUT', '/p', '2']);
  assert.equal(
    head.text,
    ':path: /p\r\n:authority: a\r\n:scheme: http\r\n:method: PUT\r\ncookie: a=1\r\ncookie: b=2\r\n\r\n',
  );
});

// --- §8.1 with RFC 9110 §10.1.1 ---

test('RFC 9110 §10.1.1: Expect of 100-continue is heard where content follows', () => {
  const expects = (value: string, flags?: number) =>
    headOf(request('POST', '/', ['expect', value]), flags).expectsContinue;
  assert.equal(expects('100-continue', END_HEADERS), true);
  assert.equal(expects('100-Continue, ,100-continue', END_HEADERS), true);
  assert.equal(expects('', END_HEADERS), false);
  assert.equal(expects('100-continue'), false);
});

gives(
  'RFC 9110 §10.1.1: any other expectation is answered 417',
  [headers(1, request('POST', '/', ['expect', 'a-miracle']), END_HEADERS), data(1, 'x')],
  {
    answers: ['refused 1 417 ExpectationFailed'],
  },
);

// --- limits ---

test('RFC 6585 §5: a field section of the size allowed is taken, one octet more is answered 431', () => {
  const fields = (more: number) => request('GET', '/', ['x', 'y'.repeat(100 + more)]);
  const size = fields(0).reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
  for (const more of [0, 1]) {
    const server = TestServer.opened(limited({ fieldSection: size })).receive(headers(1, fields(more)));
    assert.deepEqual(
      server.answers,
      more === 0 ? ['request 1 GET /'] : ['refused 1 431 FieldSectionTooLarge'],
    );
  }
});

test('RFC 6585 §5: the answer to a request whose fields are too large comes before RST_STREAM NO_ERROR', () => {
  const server = TestServer.opened(limited({ fieldSection: 300 }));
  server.receive(
    headers(1, request('POST', '/', ['x', 'y'.repeat(300)]), END_HEADERS),
    data(1, 'content'),
    get(3),
  );
  assert.deepEqual(server.answers, ['refused 1 431 FieldSectionTooLarge', 'request 3 GET /']);
  const sent = server.sent();
  assert.match(sent[0]!, /^HEADERS 1 :status=431 content-type=text\/plain content-length=\d+$/);
  assert.match(sent[1]!, /^DATA 1 END_STREAM \(\d+\)$/);
  assert.deepEqual(sent.slice(2), [
    'RST_STREAM 1 NO_ERROR',
    'HEADERS 3 END_STREAM :status=200 content-length=0',
  ]);
});

test('RFC 9110 §9.3.2: the refusal of a HEAD has no content', () => {
  const server = TestServer.opened(limited({ fieldSection: 300 }));
  const sent = server.receive(headers(1, request('HEAD', '/', ['x', 'y'.repeat(300)]))).sent();
  assert.equal(sent.length, 1);
  assert.match(sent[0]!, /^HEADERS 1 END_STREAM :status=431 content-type=text\/plain content-length=\d+$/);
});

test('RFC 6585 §5: as many fields as allowed are taken, one more is answered 431', () => {
  for (const more of [0, 1]) {
    const fields = Array.from({ length: 10 + more }, (_, i) => [`x${i}`, ''] as const);
    const server = TestServer.opened(limited({ fieldLines: 10 })).receive(get(1, '/', ...fields));
    assert.deepEqual(server.answers, more === 0 ? ['request 1 GET /'] : ['refused 1 431 TooManyFieldLines']);
  }
});

test('RFC 9110 §15.5.15: a path of the length allowed is taken, one octet more is answered 414', () => {
  for (const more of [0, 1]) {
    const server = TestServer.opened(limited({ requestLine: 103 })).receive(
      get(1, `/${'p'.repeat(99 + more)}`),
    );
    assert.equal(server.answers[0]!.slice(0, 13), more === 0 ? 'request 1 GET' : 'refused 1 414');
  }
});

test('RFC 9110 §15.5.14: content of the length allowed is taken, one octet more is answered 413', () => {
  for (const declared of [true, false]) {
    for (const more of [0, 1]) {
      const length = declared ? ([['content-length', String(5 + more)]] as const) : [];
      const server = TestServer.opened(limited({ content: 5 }));
      server.receive(post(1, '/', ...length), data(1, 'x'.repeat(5), 0), data(1, 'x'.repeat(more)));
      assert.equal(server.answers.at(-1), more === 0 ? 'end 1' : 'refused 1 413 ContentTooLarge');
      assert.match(server.sent()[0]!, more === 0 ? /:status=200/ : /:status=413/);
    }
  }
});

test('RFC 6585 §5: trailers of the size allowed are taken, one octet more is answered 431', () => {
  for (const more of [0, 1]) {
    const server = TestServer.opened(limited({ trailerSection: 100 }));
    server.receive(post(1), headers(1, [['x', 'y'.repeat(67 + more)]]));
    assert.equal(server.answers[1]!.slice(0, 13), more === 0 ? `end 1 x=${'y'.repeat(5)}` : 'refused 1 431');
  }
});

// --- §8.4, §8.5, §8.6 ---

test('RFC 9113 §8.5: CONNECT has an authority with a port, and nothing else', () => {
  const head = headOf(
    [
      [':method', 'CONNECT'],
      [':authority', 'a:443'],
    ],
    END_HEADERS,
  );
  assert.deepEqual(
    [head.connect, head.path, head.scheme, head.authority],
    [{ protocol: null }, '', undefined, 'a:443'],
  );
  assert.equal(head.hasContent, false);
});

for (const [title, fields] of [
  [
    'RFC 9113 §8.5: CONNECT with a :path is a stream error PROTOCOL_ERROR',
    [
      [':method', 'CONNECT'],
      [':authority', 'a:443'],
      [':path', '/'],
    ],
  ],
  [
    'RFC 9113 §8.5: CONNECT with a :scheme is a stream error PROTOCOL_ERROR',
    [
      [':method', 'CONNECT'],
      [':authority', 'a:443'],
      [':scheme', 'http'],
    ],
  ],
  [
    'RFC 9113 §8.5: CONNECT without a port is a stream error PROTOCOL_ERROR',
    [
      [':method', 'CONNECT'],
      [':authority', 'a'],
    ],
  ],
  ['RFC 9113 §8.5: CONNECT without an :authority is a stream error PROTOCOL_ERROR', [[':method', 'CONNECT']]],
] as const satisfies readonly (readonly [string, Fields])[])
  resets(title, headers(1, fields, END_HEADERS), 1, 'ConnectTarget');

test('RFC 9113 §8.5: in a tunnel DATA goes both ways, and END_STREAM ends one', () => {
  const server = TestServer.opened(undefined, silent);
  server.receive(
    headers(
      1,
      [
        [':method', 'CONNECT'],
        [':authority', 'a:443'],
      ],
      END_HEADERS,
    ),
  );
  const { connection } = server;
  const stream = server.streams.get(1)!;
  connection.acceptTunnel(stream, 200, new FieldLines());
  server.receive(data(1, 'hello', 0));
  connection.sendData(stream, 'welcome');
  server.receive(data(1, ''));
  connection.sendData(stream, 'bye', true);
  assert.deepEqual(server.answers, ['request 1 CONNECT ', 'content 1 hello', 'end 1']);
  assert.deepEqual(server.sent(), ['HEADERS 1 :status=200', 'DATA 1 welcome', 'DATA 1 END_STREAM bye']);
  assert.equal(stream.isClosed, true);
});

test('RFC 9113 §8.5: HEADERS in a tunnel are a stream error', () => {
  const server = TestServer.opened(undefined, silent);
  server.receive(
    headers(
      1,
      [
        [':method', 'CONNECT'],
        [':authority', 'a:443'],
      ],
      END_HEADERS,
    ),
    headers(1, block([['x', 'y']])),
  );
  assert.deepEqual(server.answers, ['request 1 CONNECT ', 'reset 1 PROTOCOL_ERROR HeadersInTunnel']);
});

test('RFC 9110 §9.3.6: what goes through a tunnel is not bounded like content', () => {
  const server = TestServer.opened(limited({ content: 5 }), silent);
  server.receive(
    headers(
      1,
      [
        [':method', 'CONNECT'],
        [':authority', 'a:443'],
      ],
      END_HEADERS,
    ),
    data(1, 'longer than that', 0),
  );
  assert.deepEqual(server.answers, ['request 1 CONNECT ', 'content 1 longer than that']);
});
