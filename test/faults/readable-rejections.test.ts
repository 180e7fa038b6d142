/**
 * A refusal is worth nothing when the client can't read it. Whatever is refused, the client gets the whole answer and a
 * FIN, though it is in the middle of sending, goes on to, and reads only when it is done: a close with octets unread would
 * make the kernel send RST, and that would destroy the answer (RFC 9112 §9.6).
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { REJECTIONS, type RejectionReason } from '../../src/http1/rejections.ts';
import { type RawConnection, sleep, withConnection } from '../support/raw-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

const MIB = 2 ** 20;
/** What the client sends while the refusal is on its way, and again when it has arrived. */
const PIECE = 'x'.repeat(64 * 1024);
const PIECES = 32;

const server = await startServer('routes');
const hasty = await startServer('routes', { serve: { timeouts: { headers: 150, receive: 150 } } });
/** With a handler for tunnels. */
const tunnelling = await startServer('../../faults/servers/misbehaving');
after(async () => {
  await server.stop();
  await hasty.stop();
  await tunnelling.stop();
});

const line = 'GET / HTTP/1.1\r\n';
const head = (fields: string) => `${line}Host: a\r\n${fields}\r\n\r\n`;
const chunks = (content: string) =>
  `POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${content}`;

/** For each reason the least that provokes it. What follows is sent behind it. */
const PROVOCATIONS: Record<RejectionReason, string> = {
  BareLF: 'GET / HTTP/1.1\n',
  BareCR: `${line}Host: a\rX`,
  TooManyEmptyLines: '\r\n\r\n\r\n',
  MethodSyntax: 'G@T / HTTP/1.1\r\n',
  MethodTooLong: 'M'.repeat(33),
  TargetSyntax: 'GET  / HTTP/1.1\r\n',
  PathSyntax: 'GET /a\\b HTTP/1.1\r\n',
  TargetTooLong: `GET /${'x'.repeat(9_000)}`,
  VersionSyntax: 'GET / HTTP/1.1 x\r\n',
  VersionNotSupported: 'GET / HTTP/2.0\r\n',
  ObsoleteFolding: `${line}Host: a\r\n folded\r\n`,
  FieldNameSyntax: `${line}Ho st: a\r\n`,
  FieldValueSyntax: `${line}Host: a\r\nX: \0\r\n`,
  FieldSectionTooLarge: `${line}X: ${'x'.repeat(17_000)}`,
  TooManyFieldLines: `${line}${'X: y\r\n'.repeat(101)}`,
  HostMissing: `${line}X: y\r\n\r\n`,
  HostRepeated: head('Host: a'),
  HostSyntax: `${line}Host: a b\r\n\r\n`,
  HostMismatch: 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n',
  Misdirected: 'GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n',
  ContentLengthSyntax: head('Content-Length: 5x'),
  ContentLengthRepeated: head('Content-Length: 5\r\nContent-Length: 5'),
  LengthAndCoding: head('Content-Length: 5\r\nTransfer-Encoding: chunked'),
  TransferEncodingSyntax: head('Transfer-Encoding: chunked, gzip'),
  TransferEncodingIn10: 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n',
  TransferCodingUnknown: head('Transfer-Encoding: gzip, chunked'),
  ExpectationFailed: head('Expect: something-else'),
  ConnectNotImplemented: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n',
  ConnectWithContent: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 5\r\n\r\n',
  ContentTooLarge: head(`Content-Length: ${16 * MIB + 1}`),
  ChunkSizeSyntax: chunks('+5\r\nhello\r\n'),
  ChunkExtensionSyntax: chunks('5;=\r\nhello\r\n'),
  ChunkExtensionTooLarge: chunks(`5;${'a'.repeat(5_000)}`),
  ChunkDataSyntax: chunks('5\r\nhello!!'),
  ChunkOverheadTooLarge: chunks('1\r\nx\r\n'.repeat(70_000)),
  TrailerSectionTooLarge: chunks(`0\r\nX: ${'x'.repeat(5_000)}`),
  Incomplete: '',
  HeadTimeout: `${line}Host: a\r\n`,
  ContentTimeout: 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello',
};

/** Whoever has sent FIN can't go on to send, and whoever goes on to send does not time out. */
const SENDS_NO_MORE: ReadonlySet<string> = new Set(['Incomplete', 'HeadTimeout', 'ContentTimeout']);

async function assertReadable(connection: RawConnection, reason: RejectionReason): Promise<void> {
  const { status, sentence } = REJECTIONS[reason];
  const { end } = await connection.receiveAll();
  const told = () => connection.transcript().slice(0, 1_000);
  assert.equal(end, 'fin', `a FIN and no reset\n${told()}`);
  const [answer] = await connection.receiveResponses(['GET']);
  assert.equal(answer?.status, status, told());
  assert.ok(answer.text.includes(sentence), `it says why: ${answer.text}`);
  assert.equal(answer.field('connection'), 'close');
}

describe('a refusal can be read', { concurrency: 4 }, () => {
  for (const [name, raw] of Object.entries(PROVOCATIONS)) {
    const reason = name as RejectionReason;
    if (SENDS_NO_MORE.has(reason)) continue;
    const target = reason === 'ConnectWithContent' ? tunnelling : server;
    test(`RFC 9112 §9.6: ${reason}, by a client that sends two MiB behind it and reads then`, () =>
      withConnection(target, async (connection) => {
        connection.pause();
        await connection.send(raw);
        for (let piece = 0; piece < PIECES; piece++) {
          await connection.send(PIECE);
          if (piece % 8 === 0) await sleep(1);
        }
        connection.resume();
        await assertReadable(connection, reason);
      }));

    test(`RFC 9112 §9.6: ${reason}, by a client that goes on to send when it has got it`, () =>
      withConnection(target, async (connection) => {
        await connection.send(raw);
        await connection.receiveText('\r\n\r\n');
        await connection.send(PIECE.repeat(PIECES));
        await assertReadable(connection, reason);
        // Nor does a reset come behind the FIN, while the client is at it.
        await connection.send(PIECE);
        await sleep(20);
        assert.equal(connection.ended, 'fin');
      }));
  }

  for (const [reason, target] of Object.entries({ HeadTimeout: hasty, ContentTimeout: hasty }) as [
    RejectionReason,
    ServerProcess,
  ][]) {
    test(`RFC 9112 §9.6: ${reason}, by a client that goes on to send when it has got it`, () =>
      withConnection(target, async (connection) => {
        await connection.send(PROVOCATIONS[reason]);
        await connection.receiveText('408 ');
        await connection.send(PIECE.repeat(PIECES));
        await assertReadable(connection, reason);
      }));
  }

  test('RFC 9112 §8: Incomplete, by a client that has sent FIN in its content', () =>
    withConnection(server, async (connection) => {
      await connection.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
      connection.finish();
      await assertReadable(connection, 'Incomplete');
    }));
});
