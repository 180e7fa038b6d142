import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ClientConnection } from '../../src/http1/client-connection.ts';
import { RequestFields } from '../../src/http1/head/request-fields.ts';
import { REJECTIONS } from '../../src/http1/rejections.ts';
import { RESPONSE_REJECTIONS } from '../../src/http1/response-rejections.ts';
import { ServerConnection } from '../../src/http1/server-connection.ts';
import { CONTENT, CONTENT_END, INTERIM, MESSAGE_HEAD, NEED_OCTETS } from '../../src/octets/results.ts';
import { FieldLines } from '../../src/semantics/field-lines.ts';
import { DATE } from '../http1/exchange.ts';
import { linesOf, textOf } from '../http1/incremental.ts';
import { decodeAnswer, limitedResponses } from '../http1/incremental-responses.ts';
import { RAW_RESPONSES } from '../http1/raw-responses.ts';
import { latin1 } from '../support/each-split.ts';
import { anyOctets, cuts, fieldValue, piecesOf, RUNS, token } from './arbitraries.ts';

// None of them means something to framing, and none is dropped from a trailer section.
const fields = fc.array(
  fc.tuple(
    token.map((name) => `x-${name}`),
    fieldValue,
  ),
  { maxLength: 4 },
);
const content = fc.option(
  fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }).map(textOf), { maxLength: 4 }),
  { nil: undefined },
);
const target = fc.oneof(
  fc
    .stringMatching(/^[A-Za-z0-9\-._~!$&'()*+,;=:@%/|[\]]{0,20}(\?[\x21\x22\x24-\x7e]{0,20})?$/)
    .map((rest) => `/${rest}`),
  fc.constantFrom('http://a', 'http://A:80/x?y', 'http://a/'),
);

const shown = (given: readonly (readonly [string, string])[]): string[] =>
  given.map(([name, value]) => `${name.toLowerCase()}: ${value}`);
const linesFor = (given: readonly (readonly [string, string])[]): string =>
  given.map(([name, value]) => `${name}: ${value}\r\n`).join('');

interface Sent {
  readonly framing: { readonly kind: string };
  contentEncoder(): {
    before(octets: number): string;
    readonly after: string;
    end(trailers?: string): string;
  };
}

/** Content as either end sends it behind its head. */
function encoded(sent: Sent, pieces: readonly string[], trailers: string): string {
  const encoder = sent.contentEncoder();
  const data = pieces.map((piece) => encoder.before(piece.length) + piece + encoder.after).join('');
  return data + encoder.end(sent.framing.kind === 'chunked' ? trailers : '');
}

const requests = fc.record({
  method: fc.oneof(fc.constantFrom('GET', 'HEAD', 'POST', 'PUT'), token),
  target,
  fields,
  content,
  knowsLength: fc.boolean(),
  trailers: fields,
  cuts,
});
const responses = fc.record({
  status: fc.oneof(fc.constantFrom(200, 204, 304, 404, 500), fc.integer({ min: 200, max: 599 })),
  reason: fieldValue.filter((reason) => !reason.startsWith(' ')),
  interim: fc.array(fc.constantFrom(100, 102, 103), { maxLength: 3 }),
  fields,
  content,
  knowsLength: fc.boolean(),
  trailers: fields,
  closes: fc.boolean(),
  cuts,
});

test('property: what either end encodes the other one decodes, in any pieces, exchange after exchange', () => {
  const framings = new Set<string>();
  let exchanges = 0;
  const holds = fc.property(
    fc.array(fc.tuple(requests, responses), { minLength: 1, maxLength: 3 }),
    (conversation) => {
      const client = new ClientConnection();
      const server = new ServerConnection();
      for (const [request, response] of conversation) {
        // A CONNECT that succeeds is the end of the conversation; it has a test of its own.
        if (request.method === 'CONNECT') return;
        exchanges++;
        const received = ask(client, server, request);
        framings.add(`request ${client.framing.kind}`);
        assert.deepEqual(received, {
          method: request.method,
          fields: shown(request.fields),
          content: request.content?.join('') ?? '',
          trailers: client.framing.kind === 'chunked' ? shown(request.trailers) : [],
        });
        const answered = answer(server, client, response);
        framings.add(`response ${server.framing.kind}`);
        const hasContent = server.framing.kind !== 'none' && response.status !== 205;
        assert.deepEqual(answered, {
          interim: response.interim,
          status: response.status,
          fields: shown(response.fields),
          content: hasContent ? (response.content?.join('') ?? '') : '',
          trailers: server.framing.kind === 'chunked' ? shown(response.trailers) : [],
        });
        assert.equal(client.persists, server.persists);
        if (!client.persists) return;
        assert.equal(client.isFree, true);
      }
    },
  );
  fc.assert(holds, { ...RUNS, numRuns: 3_000 });
  assert.ok(exchanges > 3_000, `${exchanges} exchanges`);
  assert.deepEqual([...framings].sort(), [
    'request chunked',
    'request length',
    'request none',
    'response chunked',
    'response length',
    'response none',
  ]);
});

type Request = typeof requests extends fc.Arbitrary<infer T> ? T : never;
type Response = typeof responses extends fc.Arbitrary<infer T> ? T : never;

const lengthOf = ({ content, knowsLength }: { content: string[] | undefined; knowsLength: boolean }) =>
  content === undefined ? 0 : knowsLength ? content.join('').length : -1;

function ask(client: ClientConnection, server: ServerConnection, request: Request) {
  const given = new RequestFields();
  for (const [name, value] of request.fields) given.add(name, value);
  const head = client.beginRequest({
    method: request.method,
    target: request.target,
    authority: 'a',
    fields: given,
    contentLength: request.content === undefined ? undefined : lengthOf(request),
    closes: false,
  });
  const raw = head + encoded(client, request.content ?? [], linesFor(request.trailers));
  client.endRequest();
  let data = '';
  for (const piece of piecesOf(raw, request.cuts)) {
    server.receive(piece);
    for (
      let result = server.next();
      result === MESSAGE_HEAD || result === CONTENT || result === CONTENT_END;
    ) {
      if (result === CONTENT) data += textOf(server.content);
      result = server.next();
    }
  }
  assert.equal(server.requestIsComplete, true, JSON.stringify(raw));
  const { method, fields: section } = server.request!;
  const isOwn = (line: string) => !/^(host|content-length|transfer-encoding): /.test(line);
  const trailers = client.framing.kind === 'chunked' ? linesOf(server.trailers) : [];
  return { method, fields: linesOf(section).filter(isOwn), content: data, trailers };
}

function answer(server: ServerConnection, client: ClientConnection, response: Response) {
  const given = new FieldLines();
  for (const [name, value] of response.fields) given.add(name, value);
  const interims = response.interim.map((status) => `HTTP/1.1 ${status} \r\nX: y\r\n\r\n`).join('');
  const head = server.beginResponse({
    status: response.status,
    reason: response.reason,
    fields: given,
    contentLength: response.status === 205 ? 0 : lengthOf(response),
    dateLine: DATE,
    serverCloses: response.closes,
  });
  const hasContent = server.framing.kind !== 'none' && response.status !== 205;
  const behind = encoded(server, hasContent ? (response.content ?? []) : [], linesFor(response.trailers));
  server.endResponse();
  const interim: number[] = [];
  let data = '';
  for (const piece of piecesOf(interims + head + behind, response.cuts)) {
    client.receive(piece);
    for (let result = client.next(); result !== NEED_OCTETS; result = client.next()) {
      assert.ok(result > 0, client.rejection?.reason);
      if (result === INTERIM) interim.push(client.response!.status);
      if (result === CONTENT) data += textOf(client.content);
    }
  }
  assert.equal(client.responseIsComplete, true);
  const { status, fields: section, reason } = client.response!;
  if (response.reason !== '') assert.equal(reason, response.reason);
  const isOwn = (line: string) => !/^(date|content-length|transfer-encoding|connection): /.test(line);
  const trailers = server.framing.kind === 'chunked' ? linesOf(client.trailers) : [];
  return { interim, status, fields: linesOf(section).filter(isOwn), content: data, trailers };
}

/** Known responses with something put in or left out. */
const responseLike = fc
  .tuple(
    fc.constantFrom(...RAW_RESPONSES.flatMap(({ raws }) => raws)),
    fc.array(
      fc.record({
        at: fc.noBias(fc.nat(9_999)),
        drop: fc.nat(2),
        put: fc.constantFrom(
          ...' \r\n:;,\0\xff05',
          '',
          '\r\n',
          'HTTP/1.1 200 OK\r\n',
          'Content-Length: 5\r\n',
          '5\r\nhello\r\n',
        ),
      }),
      { maxLength: 2 },
    ),
  )
  .map(([raw, changes]) => {
    let text = raw;
    for (const { at, drop, put } of changes) {
      const offset = Math.floor((at / 10_000) * text.length);
      text = text.slice(0, offset) + put + text.slice(offset + drop);
    }
    return text;
  });

const SMALL = limitedResponses({
  statusLine: 20,
  interimResponses: 1,
  fieldSection: 60,
  fieldLines: 2,
  content: 6,
  chunkExtension: 4,
});

test('property: any octets in any pieces are understood as they are in one piece, or refused for a reason of the list', () => {
  const reasons = [...Object.values(REJECTIONS), ...Object.values(RESPONSE_REJECTIONS)];
  const seen = { complete: 0, refused: 0 };
  const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'CONNECT');
  const input = fc.oneof({ arbitrary: responseLike, weight: 9 }, anyOctets);
  const holds = fc.property(
    input,
    cuts,
    method,
    fc.boolean(),
    fc.boolean(),
    (text, where, asked, ends, small) => {
      const limits = small ? SMALL : limitedResponses({});
      const whole = decodeAnswer([latin1(text)], { method: asked, ends, limits });
      assert.deepEqual(decodeAnswer(piecesOf(text, where), { method: asked, ends, limits }), whole);
      if (whole.rejection !== undefined) assert.ok(reasons.includes(whole.rejection));
      // With the end of the connection nothing is left to wait for.
      if (ends && whole.tunnel === undefined)
        assert.ok(whole.rejection !== undefined || whole.response?.complete === true);
      seen.complete += Number(whole.response?.complete ?? false);
      seen.refused += Number(whole.rejection !== undefined);
    },
  );
  fc.assert(holds, { ...RUNS, numRuns: 4_000 });
  assert.ok(Math.min(...Object.values(seen)) > 500, JSON.stringify(seen));
});
