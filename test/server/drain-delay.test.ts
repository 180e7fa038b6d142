/** `drain({ delay })`: what goes on as before, what ends it early, and what it does not take. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response, serve } from '../../src/index.ts';
import { checkDrainOptions } from '../../src/server/drain-options.ts';
import { get, reasonOf, within, withServer } from './with-server.ts';

const hello = () => new Response('hello');

describe('drain: delay', () => {
  test('when it has passed, nothing more is accepted and the server closes', () =>
    withServer(hello, async ({ ask, server }) => {
      const closed = server.drain({ delay: 60_000, grace: 0 });
      assert.deepEqual([server.draining, server.listening], [true, true]);
      assert.equal((await ask(get())).text, 'hello');
      // Told once more, because nobody knows how long asking takes.
      void server.drain({ delay: 1, grace: 0 });
      assert.equal(server.listening, true);
      await within('closed', closed, 10_000);
      assert.equal(server.listening, false);
    }));

  test('drain() during the delay begins at once', () =>
    withServer(hello, async ({ server }) => {
      const closed = server.drain({ delay: 60_000 });
      assert.equal(server.drain(), closed);
      await within('closed', closed);
    }));

  test('so does close(); and no listener can be added any more', () =>
    withServer(hello, async ({ server }) => {
      const closed = server.drain({ delay: 60_000 });
      const late = (await reasonOf('listen', server.listen())) as Error;
      assert.equal(late.name, 'InvalidStateError');
      await within('close', server.close());
      await within('closed', closed);
    }));

  test('destroy() ends it, and its timer does not keep the process', () =>
    withServer(hello, async ({ server }) => {
      const closed = server.drain({ delay: 60_000 });
      const reason = new Error('enough');
      server.destroy(reason);
      assert.equal(await reasonOf('closed', closed), reason);
      assert.deepEqual([server.draining, server.listening], [true, false]);
    }));

  test('drain() after close() or destroy() changes nothing', async () => {
    const server = serve(hello, { hostname: '127.0.0.1' });
    await server.ready;
    await server.close();
    await within('drain', server.drain({ delay: 60_000 }));
  });

  test('a delay or a grace that is none is refused at once, and nothing ends', async () => {
    const server = serve(hello);
    for (const delay of [-1, Number.NaN, Infinity, 2 ** 31, '5' as unknown as number]) {
      assert.throws(() => server.drain({ delay }), /^RangeError: drain: delay: /);
    }
    for (const grace of [-1, Number.NaN, 2 ** 31, null as unknown as number]) {
      assert.throws(() => server.drain({ grace }), /^RangeError: drain: grace: /);
    }
    assert.equal(server.draining, false);
    checkDrainOptions({ delay: 2 ** 31 - 1, grace: Infinity });
    await server.close();
  });
});
