/** The table "Error handling" of the draft, the rows of `connect()`. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FALL_THROUGH, Response } from '../../../src/index.ts';
import { answered, handlerOf, OFFER, type Rows, secret } from '../../fetch/error-rows.ts';
import { until } from '../../support/until.ts';
import { assertProtocolError, gate, reasonOf, withServer } from '../with-server.ts';

describe('connect()', () => {
  const fails = () => Promise.reject(secret());
  answered(
    'that rejects is a 502, and reported',
    { connect: fails },
    { status: 502, text: 'Bad Gateway\n', faults: 1 },
    true,
  );
  answered(
    'that returns undefined and has done nothing is a 502',
    { connect: () => undefined },
    { status: 502, faults: 1 },
    true,
  );
  answered(
    'that rejects is answered by error()',
    { connect: fails, error: () => new Response('x') },
    { status: 200, text: 'x' },
    true,
  );
  answered(
    'that rejects, with an error() that throws, is a 502',
    { connect: fails, error: fails },
    { status: 502, faults: 2 },
    true,
  );
  answered(
    'that returns a Response: it is sent',
    { connect: () => new Response('no', { status: 403 }) },
    { status: 403, text: 'no' },
    true,
  );
  answered(
    'that falls through and returns undefined: fetch() answers',
    { connect: async (ctx) => ctx.deny(FALL_THROUGH), fetch: () => new Response('from fetch') },
    { status: 200, text: 'from fetch' },
    true,
  );
  answered(
    'that falls through and rejects is a 502, and fetch() is not called',
    {
      connect: (ctx) => {
        ctx.deny(FALL_THROUGH);
        return fails();
      },
    },
    { status: 502, faults: 1 },
    true,
  );
  for (const [what, value] of Object.entries({
    'a string': 'SECRET',
    'a Response': new Response('SECRET'),
  })) {
    answered(
      `that falls through and returns ${what} is a 502, and fetch() is not called`,
      {
        connect: (ctx) => {
          ctx.deny(FALL_THROUGH);
          return value;
        },
      },
      { status: 502, faults: 1 },
      true,
    );
  }
  answered(
    'that fell through to a fetch() that fails is a 500',
    { connect: (ctx) => ctx.deny(FALL_THROUGH), fetch: fails },
    { status: 500, faults: 1 },
    true,
  );

  test('that fails after accept(): the tunnel is aborted with ERR_HTTP_CONNECT_ERROR', async () => {
    const accepted = gate<void | Promise<void>>();
    const rows: Rows = {
      connect: async (ctx) => {
        const tunnel = await ctx.accept();
        accepted.open(tunnel.closed);
        throw secret();
      },
      error: () => assert.fail('error() was called'),
    };
    await withServer(handlerOf(rows), async ({ connect }) => {
      const connection = await connect();
      await connection.send(OFFER);
      const closed = reasonOf(
        'tunnel.closed',
        accepted.opened.then((promise) => promise),
      );
      assertProtocolError(await closed, 'ERR_HTTP_CONNECT_ERROR');
      const { text, end } = await connection.receiveAll();
      assert.notEqual(end, 'timeout', 'the client sees the end');
      assert.doesNotMatch(text, /SECRET/);
    });
  });

  test('that returns a Response after accept(): reported, and not sent into the tunnel', async () => {
    const rows: Rows = {
      connect: async (ctx) => {
        const tunnel = await ctx.accept();
        tunnel.readable.pipeTo(tunnel.writable).catch(() => {});
        return new Response('SECRET');
      },
    };
    await withServer(handlerOf(rows), async ({ connect, faults }) => {
      const connection = await connect();
      await connection.send(OFFER);
      await until('reported', () => faults.length > 0);
      connection.finish();
      const { text } = await connection.receiveAll();
      assert.doesNotMatch(text, /SECRET/);
    });
  });
});
