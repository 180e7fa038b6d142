/** The call forms of Bun, Deno and the adapters of Node: each works, or says what to write. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROTOCOL_MARKER, Response, type Server, serve } from '../../src/index.ts';
import { exchange } from '../support/raw-client.ts';
import { get } from './with-server.ts';

const WHERE = { hostname: '127.0.0.1', port: 0 };
const hello = () => new Response('hello');

async function answer(server: Server): Promise<string> {
  await server.ready;
  try {
    const { text } = await exchange({ port: server.port! }, get('/', 'Connection: close'));
    return text.slice(text.indexOf('\r\n\r\n') + 4);
  } finally {
    await server.close();
  }
}

/** As JavaScript calls it. */
const call = serve as (...args: unknown[]) => Server;

describe('serve, called as in Bun: one object', () => {
  test('it listens, and fetch has the object as this', async () => {
    const application = {
      ...WHERE,
      text: 'own',
      fetch() {
        return new Response(this.text);
      },
    };
    assert.equal(await answer(serve(application)), 'own');
  });

  test('options beside it come first', async () => {
    const server = serve({ ...WHERE, port: 1, fetch: hello }, { port: 0 });
    await server.ready;
    assert.notEqual(server.port, 1);
    assert.equal(await answer(server), 'hello');
  });

  test('error is an option then, with the context first', async () => {
    const application = {
      ...WHERE,
      fetch() {
        throw new Error('broken');
      },
      error(ctx: { path: string }, error: unknown) {
        return new Response(`${ctx.path} ${(error as Error).message} ${this === application}`);
      },
    };
    assert.equal(await answer(call(application)), '/ broken true');
    const ofBun = { ...WHERE, fetch: hello, error: (error: Error) => new Response(error.message) };
    assert.throws(() => call(ofBun), { message: /^options\.error: .*\(ctx, error\) => …; Bun passes/ });
  });

  test('the same for an object with the draft’s marker', async () => {
    assert.equal(await answer(call({ ...WHERE, [PROTOCOL_MARKER]: 1, fetch: hello })), 'hello');
  });

  test('what Serval has under another name, or not at all, is told', () => {
    for (const [member, instead] of [
      ...([
        ['unix', 'options.path'],
        ['idleTimeout', 'options.timeouts.idle'],
      ] as const),
      ...([
        ['maxRequestBodySize', 'options.limits.maxRequestBodySize'],
        ['development', 'leave it out'],
      ] as const),
      ...([
        ['websocket', 'ctx.upgradeWebSocket'],
        ['routes', 'Hono'],
        ['onListen', 'server.ready'],
      ] as const),
    ]) {
      const refused = (error: Error) =>
        error instanceof TypeError &&
        error.message.startsWith(`options.${member}: there is no such option; `) &&
        error.message.includes(instead);
      assert.throws(() => call({ ...WHERE, fetch: hello, [member]: {} }), refused);
      assert.throws(() => call(hello, { ...WHERE, [member]: {} }), refused);
    }
  });

  test('without fetch it is told how to write it', () => {
    assert.throws(() => call({ port: 0, routes: {} }), {
      message: /^handler\.fetch: expected a function, got undefined; write serve\(\(request\) =>/,
    });
  });

  test('members of an application without options are its own, and so are those of a class', async () => {
    const own = call({ fetch: hello, routes: [], websocket: {} });
    assert.equal(own.listening, false);
    class Framework {
      port = 'left';
      fetch = hello;
    }
    const framework = call(new Framework());
    await framework.ready;
    assert.equal(framework.listening, false);
    await Promise.all([own.close(), framework.close()]);
  });
});

describe('serve, called as in Deno: options first', () => {
  test('it listens', async () => {
    assert.equal(await answer(serve(WHERE, hello)), 'hello');
    assert.equal(await answer(serve(WHERE, { fetch: hello })), 'hello');
  });

  test('the options are checked as ever', () => {
    assert.throws(() => call({ port: '80a' }, hello), { message: /^options\.port: expected/ });
    assert.throws(() => call({ ...WHERE, onListen() {} }, hello), {
      message: /^options\.onListen: .*server\.ready/,
    });
    assert.throws(() => call({ ...WHERE, handler: hello }), { message: /^handler\.fetch: .*write serve\(/ });
  });
});

describe('serve, called as in the adapters of Node', () => {
  test('a callback, a port or a host in place of the options is refused, with what to write', () => {
    assert.throws(() => call({ fetch: hello, ...WHERE }, () => {}), {
      message: /^options: expected an object, got a function; .*await server\.ready/,
    });
    assert.throws(() => call(hello, () => {}), { message: /^options: expected an object, got a function/ });
    assert.throws(() => call(hello, 8080), {
      message: 'options: expected an object, got 8080; write serve(handler, { port: 8080 })',
    });
    assert.throws(() => call(8080, hello), {
      message: /^handler: expected a function .*, got 8080; write serve\(handler, \{ port: 8080 \}\)/,
    });
    assert.throws(() => call(hello, null), { message: 'options: expected an object, got null' });
  });
});
