/** Frameworks catch what a handler throws. What the client did wrong is not their 500. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { H3 } from 'h3';
import { Hono } from 'hono';
import type { Handler } from '../../src/index.ts';
import { message, withServer } from '../server/with-server.ts';

const GROWS = message('POST /', ['Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n');
const BROKEN = message('POST /', ['Transfer-Encoding: chunked'], 'x\r\n');

const APPLICATIONS: Readonly<Record<string, () => Handler>> = {
  Hono: () => new Hono().post('/', async (c) => c.text(await c.req.text())),
  h3: () => new H3({ silent: true }).post('/', (event) => event.req.text()),
};

describe('a fault of the client', () => {
  for (const [name, make] of Object.entries(APPLICATIONS)) {
    test(`keeps its status in ${name}`, () =>
      withServer(
        make(),
        async ({ ask }) => {
          assert.equal((await ask(GROWS)).status, 413);
          assert.equal((await ask(BROKEN)).status, 400);
        },
        { limits: { maxRequestBodySize: 4 } },
      ));
  }

  test('is an error with a status that the application can use', () =>
    withServer(
      async (request) => {
        const error = await request.text().catch((thrown) => thrown);
        assert.deepEqual(Object.keys(error).sort(), ['code', 'status']);
        return new Response(String(error.status), { status: error.status });
      },
      async ({ ask }) => {
        const { status, text } = await ask(GROWS);
        assert.deepEqual([status, text], [413, '413']);
      },
      { limits: { maxRequestBodySize: 4 } },
    ));
});
