/**
 * Whatever a client sends, right or wrong, the pieces in which it arrives change nothing: generated messages, damaged at
 * random places, sent whole and octet by octet to servers that must give the same answers and call the same handlers.
 * What does come back is always well formed.
 */
import assert from 'node:assert/strict';
import process from 'node:process';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { type SendOptions, withConnection } from '../support/raw-client.ts';
import { parseResponses } from '../support/response-parser.ts';
import { startBothFlavours } from '../support/server-process.ts';
import type { ConnectionRecord } from '../support/servers/routes.ts';

/** Routes that answer only once the content is complete, or without looking at it: nothing they do depends on time. */
const REQUEST_LINES = [
  'GET / HTTP/1.1',
  'HEAD / HTTP/1.1',
  'GET / HTTP/1.0',
  'GET /stream HTTP/1.1',
  'GET /stream HTTP/1.0',
  'HEAD /stream HTTP/1.1',
  'POST /echo HTTP/1.1',
  'POST /echo HTTP/1.0',
  'POST /discard HTTP/1.1',
  'PUT /status?code=204 HTTP/1.1',
  'OPTIONS * HTTP/1.1',
];
const FIELD_LINES = [
  'Host: a',
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: 10',
  'Transfer-Encoding: chunked',
  'Connection: close',
  'Connection: keep-alive',
  'Connection: upgrade',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'X:',
  'X : y',
];
const CONTENTS = [
  '',
  'hello',
  'helloworld',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n',
  '0\r\n\r\n',
  '5\r\nhello',
  '\r\n',
];
const DAMAGE = ['', '\r', '\n', '\r\n', '\r\n\r\n', '\0', ' ', '\t', ':', ';', '0', 'a', '\x80', '\xff'];

const request = fc
  .record({
    line: fc.constantFrom(...REQUEST_LINES),
    host: fc.constantFrom('Host: a\r\n', 'Host: a\r\n', 'Host: a\r\n', ''),
    fields: fc.array(fc.constantFrom(...FIELD_LINES), { maxLength: 3 }),
    content: fc.constantFrom(...CONTENTS),
  })
  .map(
    ({ line, host, fields, content }) =>
      `${line}\r\n${host}${fields.map((field) => `${field}\r\n`).join('')}\r\n${content}`,
  );

/** Octets from `at` (a fraction of the message) are replaced. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  removed: fc.integer({ min: 0, max: 1 }),
  inserted: fc.constantFrom(...DAMAGE),
});

const message = fc
  .tuple(fc.array(request, { minLength: 1, maxLength: 3 }), fc.array(damage, { maxLength: 2 }))
  .map(([requests, damages]) =>
    damages.reduce((raw, { at, removed, inserted }) => {
      const offset = Math.floor(at * raw.length);
      return raw.slice(0, offset) + inserted + raw.slice(offset + removed);
    }, requests.join('')),
  );

/** Bounded, as each run opens two connections. `SERVAL_SEED` and `SERVAL_RUNS` try others. */
const { SERVAL_SEED: seed = '9112', SERVAL_RUNS: numRuns = '300' } = process.env;

const servers = await startBothFlavours('routes', { serve: { halfOpen: true } });
after(() => Promise.all(servers.map(([, server]) => server.stop())));

for (const [flavour, server] of servers) {
  const outcome = (raw: string, options: SendOptions) =>
    withConnection(server, async (connection) => {
      await connection.send(raw, options);
      connection.finish();
      const received = await connection.receiveAll();
      const { handled } = await server.command<ConnectionRecord>('connection', connection.localPort);
      assert.equal(received.end, 'fin', connection.transcript());
      // What the handler saw tells which of the answers are to a HEAD; a refusal follows the last of them, and is one to a
      // HEAD if it has nothing behind its head.
      const refused = received.text.endsWith('\r\n\r\n') ? 'HEAD' : 'GET';
      const methods = [...handled.map((seen) => seen.split(' ', 1)[0]!), refused];
      const answers = parseResponses(received.octets, methods, true).map(({ status, text }) => [
        status,
        text,
      ]);
      return { handled, answers };
    });

  describe(`pieces, with the ${flavour} Response`, () => {
    test('RFC 9112 §2.2: a message gets the same answers whole and octet by octet, however damaged it is', async () => {
      await fc.assert(
        fc.asyncProperty(message, async (raw) => {
          const whole = await outcome(raw, {});
          const octets = await outcome(raw, { pieces: 'octets' });
          assert.deepEqual(octets, whole);
        }),
        { seed: Number(seed), numRuns: Number(numRuns) },
      );
    });
  });
}
