/**
 * A form as the body of a response, given up before its end. The runtime's own stream of a form throws where nobody can
 * catch it when it is cancelled while it reads (Node 24 and 26): no client may be able to bring that about.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../src/index.ts';
import { get, message, withServer } from '../server/with-server.ts';
import { until } from '../support/until.ts';

const FILE = new Blob([new Uint8Array(2 ** 22)], { type: 'text/x' });

function form(): FormData {
  const data = new FormData();
  for (let i = 0; i < 16; i++) data.append(`file${i}`, FILE, 'a.txt');
  return data;
}

for (const [flavour, Answer] of Object.entries({ serval: Response, native: globalThis.Response })) {
  describe(`a form in a ${flavour} Response`, () => {
    test('asked for with HEAD harms nobody', () =>
      withServer(
        () => new Answer(form()),
        async ({ ask }) => {
          const { fields } = await ask(message('HEAD /'));
          assert.ok(
            fields.some(([name, value]) => /^content-type$/i.test(name) && value.startsWith('multipart/')),
          );
        },
      ));

    test('harms nobody when its client vanishes at any moment', () =>
      withServer(
        () => new Answer(form()),
        async ({ connect }) => {
          for (let i = 0; i < 30; i++) {
            const connection = await connect();
            await connection.send(get());
            await until('it flows', () => connection.receivedOctets > i * 100_000);
            connection.reset();
          }
        },
      ));
  });
}
