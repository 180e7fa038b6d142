/** What is printed for a fault of the application. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { faultText } from '../../src/server/fault-text.ts';

const SERVAL = new URL('../../src/index.js', import.meta.url).href;

describe('faultText', () => {
  const errorWith = (...frames: string[]): Error => {
    const error = new TypeError('no such user');
    error.stack = [`TypeError: no such user`, ...frames.map((frame) => `    at ${frame}`)].join('\n');
    return error;
  };

  test('names the request and the first frame of the application', () => {
    const error = errorWith(
      'parse (file:///app/node_modules/lib/index.js:1:2)',
      'async users (file:///app/users.js:12:9)',
    );
    const text = faultText(error, 'fetch()', { method: 'GET', path: '/users/1?token=secret' });
    assert.match(
      text,
      /^GET \/users\/1: fetch\(\) at file:\/\/\/app\/users\.js:12:9\nTypeError: no such user\n/,
    );
    assert.doesNotMatch(text, /secret/);
  });

  test('leaves out the frames of the runtime', () => {
    const text = faultText(
      errorWith('JSON.parse (<anonymous>)', 'node:internal/x:1:1', 'f (node:fs:1:1)', '/app/a.js:1:1'),
      'fetch()',
    );
    assert.doesNotMatch(text, /node:/);
    assert.match(text, /\/app\/a\.js:1:1/);
  });

  test('keeps all frames if none is of the application', () => {
    const text = faultText(errorWith('f (node:fs:1:1)'), 'accepting a connection');
    assert.match(text, /^accepting a connection\nTypeError: no such user\n {4}at f \(node:fs:1:1\)/);
  });

  test('prints whatever was thrown, with causes and members', () => {
    assert.equal(faultText('oops', 'fetch()'), "fetch()\n'oops'");
    const text = faultText(
      Object.assign(new Error('a', { cause: new Error('why') }), { code: 'X' }),
      'fetch()',
    );
    assert.match(text, /why/);
    assert.match(text, /code: 'X'/);
  });

  test('shortens a long path', () => {
    const text = faultText(errorWith(), 'fetch()', { method: 'GET', path: `/${'a'.repeat(300)}` });
    assert.match(text, /^GET \/a{199}…: fetch\(\)/);
  });
});

describe('a fault of a handler', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serval-fault-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** What an application prints that is asked once. */
  async function printed(handler: string): Promise<string> {
    const file = join(folder, 'app.mjs');
    await writeFile(
      file,
      `import { serve, Response } from '${SERVAL}';
const lookUp = () => { throw new RangeError('no such user'); };
const server = serve(${handler}, { port: 0, hostname: '127.0.0.1' });
await server.ready;
const [{ address: { port } }] = [...server];
await (await fetch('http://127.0.0.1:' + port + '/users/1')).text();
await server.close();
`,
    );
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    await once(child, 'close');
    return text;
  }

  for (const [what, handler] of [
    ['throws', '() => lookUp()'],
    ['rejects', 'async () => { await null; lookUp(); }'],
  ] as const) {
    test(`that ${what} is printed with method, path and the place in its code`, async () => {
      const text = await printed(handler);
      assert.match(
        text,
        /^serval: GET \/users\/1: fetch\(\) at file:\/\/\/.*\/app\.mjs:2:30\nRangeError: no such user\n {4}at lookUp \(file:.*app\.mjs:2:30\)\n/,
      );
      assert.doesNotMatch(text, /exchange|node:internal/);
    });
  }

  test('that Serval finds has the place in the code of the application first', async () => {
    const text = await printed("() => new Response('x', { status: 99 })");
    assert.match(text, /^serval: GET \/users\/1: fetch\(\) at file:\/\/\/.*\/app\.mjs:3:\d+\nRangeError: /);
    assert.match(text.split('\n').find((line) => /^\s+at /.test(line))!, /app\.mjs:3/);
  });
});
