/** Uploads over sockets: a server in this process, raw requests and fetch as clients. */
import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { files } from '../../../src/files/index.ts';
import { isPartName } from '../../../src/files/lookup/part-name.ts';
import { plainAnswer } from '../../../src/files/plain-answer.ts';
import { fileState } from '../../../src/files/resource/file-state.ts';
import { entityTag } from '../../../src/files/resource/validators.ts';
import type { UploadOptions } from '../../../src/files/uploads/options.ts';
import { uploads } from '../../../src/files/uploads/uploads.ts';
import type { FetchFunction } from '../../../src/server/api.ts';
import { assertNoStrays, message, type Running, withServer } from '../../server/with-server.ts';
import { until } from '../../support/until.ts';

after(assertNoStrays);

describe('uploads', () => {
  let base: string;
  let root: string;
  before(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'serval-test-')));
  });
  after(() => rm(base, { recursive: true }));

  beforeEach(async () => {
    root = join(base, 'root');
    await mkdir(join(root, 'folder', '.hidden'), { recursive: true });
    await mkdir(join(root, '.well-known'));
    await mkdir(join(base, 'outside'));
    await writeFile(join(root, 'old.txt'), 'old');
    await symlink(join(base, 'outside'), join(root, 'out'));
    await symlink('folder', join(root, 'in'));
    await symlink('folder/.hidden', join(root, 'to-hidden'));
    await symlink(join(base, 'outside', 'new.txt'), join(root, 'dangling.txt'));
  });
  afterEach(async () => {
    assert.deepEqual(await readdir(join(base, 'outside')), [], 'nothing is ever written outside of the root');
    const names = await readdir(root, { recursive: true });
    assert.deepEqual(
      names.filter((name) => isPartName(name.slice(name.lastIndexOf('/') + 1))),
      [],
      'nothing is left behind',
    );
    await rm(root, { recursive: true });
    await rm(join(base, 'outside'), { recursive: true });
  });

  const serving = (
    options: UploadOptions,
    use: (running: Running) => Promise<void>,
    next: FetchFunction = (request) => plainAnswer(request.method, 405, { Allow: 'GET, HEAD' }),
  ): Promise<void> =>
    withServer(
      (request, ctx, again) => {
        handler ??= uploads(root, next, options);
        return handler(request, ctx, again);
      },
      async (running) => {
        handler = undefined;
        await use(running);
        assert.deepEqual(running.faults, []);
      },
      { limits: { maxRequestBodySize: 0 } },
    );
  let handler: FetchFunction | undefined;

  const read = (name: string) => readFile(join(root, name), 'utf8');

  describe('by PUT', () => {
    test('RFC 9110 §9.3.4: a new file is answered 201, and Location names it', async () => {
      await serving({}, async ({ ask }) => {
        const answer = await ask(message('PUT /folder/new%20%C5%BC.txt', [], 'content'));
        assert.equal(answer.status, 201);
        assert.equal(answer.field('location'), '/folder/new%20%C5%BC.txt');
        assert.equal(await read('folder/new ż.txt'), 'content');
        assert.equal((await ask(message('PUT /in/by-link.txt', [], 'x'))).status, 201);
        assert.equal(await read('folder/by-link.txt'), 'x');
        assert.equal((await ask(message('PUT /empty', ['Content-Length: 0']))).status, 201);
        assert.equal(await read('empty'), '');
      });
    });

    test('RFC 9110 §9.3.4: a file that is replaced is answered 204, if that was allowed', async () => {
      await serving({ overwrite: true }, async ({ ask }) => {
        assert.equal((await ask(message('PUT /old.txt', [], 'new'))).status, 204);
        assert.equal(await read('old.txt'), 'new');
      });
    });

    test('a name that is taken is answered 409, and nothing is replaced unless that was allowed', async () => {
      await serving({}, async ({ ask }) => {
        const answer = await ask(message('PUT /old.txt', [], 'new'));
        assert.equal(answer.status, 409);
        assert.equal(answer.text, 'There is already a file of this name.\n');
        assert.equal((await ask(message('PUT /dangling.txt', [], 'new'))).status, 409);
        assert.equal(await read('old.txt'), 'old');
      });
    });

    test('a link is replaced, and never followed', async () => {
      await serving({ overwrite: true }, async ({ ask }) => {
        assert.equal((await ask(message('PUT /dangling.txt', [], 'new'))).status, 204);
        assert.equal(await read('dangling.txt'), 'new');
      });
    });

    test('RFC 9110 §10.1.1: who is going to be refused need not send the content', async () => {
      await serving({}, async ({ connect }) => {
        const connection = await connect();
        await connection.send(message('PUT /old.txt', ['Expect: 100-continue', 'Content-Length: 1000000']));
        const [answer] = await connection.receiveResponses(['PUT']);
        assert.equal(answer?.status, 409);
      });
    });

    const conditions: [field: string, state: 'exists' | 'missing', status: number][] = [
      ['If-None-Match: *', 'exists', 412],
      ['If-None-Match: *', 'missing', 201],
      ['If-Match: *', 'exists', 204],
      ['If-Match: *', 'missing', 412],
      ['If-Match: "other"', 'exists', 412],
      ['If-Match: TAG', 'exists', 204],
      ['If-None-Match: TAG', 'exists', 412],
      ['If-None-Match: "other"', 'exists', 204],
      ['If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT', 'exists', 412],
      ['If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT', 'missing', 201],
    ];
    for (const [field, state, status] of conditions) {
      test(`RFC 9110 §13.2.2: ${field} is answered ${status} where the file ${state}`, async () => {
        await serving({ overwrite: true }, async ({ ask }) => {
          // So long that the file's own entity tag is a strong one.
          await sleep(60);
          const tag = entityTag(fileState(await lstat(join(root, 'old.txt'), { bigint: true }), Date.now()));
          const name = state === 'exists' ? 'old.txt' : 'new.txt';
          const answer = await ask(message(`PUT /${name}`, [field.replace('TAG', tag)], 'x'));
          assert.equal(answer.status, status);
          if (state === 'exists') assert.equal(await read(name), status === 412 ? 'old' : 'x');
        });
      });
    }

    test('RFC 9110 §13.1.1: If-Match counts when the file gets its name, not when the upload began', async () => {
      await serving({ overwrite: true }, async ({ connect }) => {
        const connection = await connect();
        await connection.send(`${message('PUT /old.txt', ['If-Match: *', 'Content-Length: 4'])}ab`);
        await sleep(30);
        await rm(join(root, 'old.txt'));
        await connection.send('cd');
        const [answer] = await connection.receiveResponses(['PUT']);
        assert.equal(answer?.status, 412);
        await assert.rejects(read('old.txt'), { code: 'ENOENT' });
      });
    });

    const refused: [target: string, fields: string[], status: number][] = [
      ['/folder/', [], 405],
      ['/', [], 405],
      ['/folder', [], 409],
      ['/missing/a', [], 409],
      ['/old.txt/a', [], 409],
      ['/out/new.txt', [], 409],
      ['/to-hidden/a', [], 409],
      ['/.env', [], 403],
      ['/folder/.hidden/a', [], 403],
      ['/.well-known/acme', [], 403],
      ['/%2e%2e/a', [], 409],
      ['/..%2fa', [], 400],
      ['/a%00b', [], 400],
      ['/a%5cb', [], 400],
      ['/a%0ab', [], 400],
      ['/%', [], 400],
      [`/${'a'.repeat(256)}`, [], 403],
      ['//a', [], 403],
      ['/a', ['Content-Range: bytes 0-0/2'], 400],
      ['/a', ['Content-Encoding: gzip'], 415],
    ];
    for (const [target, fields, status] of refused) {
      test(`${target.slice(0, 40)} ${fields} is answered ${status}`, async () => {
        await serving({ overwrite: true }, async ({ ask }) => {
          const before = (await readdir(root, { recursive: true })).sort();
          const answer = await ask(message(`PUT ${target}`, fields, 'x'));
          // A URL's own `..` is resolved before anybody sees it; what is left of it stays in the root.
          if (target === '/%2e%2e/a') assert.ok([201, 403, 409].includes(answer.status));
          else assert.equal(answer.status, status);
          assert.ok(answer.status === 201 || answer.text.length > 10, 'it says why');
          if (status === 415) assert.equal(answer.field('accept-encoding'), 'identity');
          if (status === 405) assert.equal(answer.field('allow'), 'GET, HEAD, POST');
          if (answer.status !== 201)
            assert.deepEqual((await readdir(root, { recursive: true })).sort(), before);
        });
      });
    }

    test('names that begin with a dot may be written where that was allowed, but none of an upload under way', async () => {
      await serving({ dotfiles: true }, async ({ ask }) => {
        assert.equal((await ask(message('PUT /.env', [], 'x'))).status, 201);
        assert.equal((await ask(message('PUT /folder/.hidden/a', [], 'x'))).status, 201);
        assert.equal((await ask(message('PUT /to-hidden/b', [], 'x'))).status, 201);
        assert.equal((await ask(message('PUT /.well-known/c', [], 'x'))).status, 201);
        const part = '.a.0123abcd-1-0123456789abcdef.part';
        assert.equal((await ask(message(`PUT /${part}`, [], 'x'))).status, 403);
      });
    });

    test('a file of maxFileSize octets is stored, one more is answered 413', async () => {
      await serving({ maxFileSize: 1000 }, async ({ ask }) => {
        const chunked = (length: number) =>
          `${message('PUT /chunked', ['Transfer-Encoding: chunked'])}${length.toString(16)}\r\n${'x'.repeat(length)}\r\n0\r\n\r\n`;
        assert.equal((await ask(message('PUT /a', [], 'x'.repeat(1001)))).status, 413);
        assert.equal((await ask(message('PUT /a', [], 'x'.repeat(1000)))).status, 201);
        assert.equal((await ask(chunked(1001))).status, 413);
        assert.equal((await ask(chunked(1000))).status, 201);
      });
    });

    test('what goes beyond the limit of the server is answered 413, and leaves nothing', async () => {
      await withServer(
        uploads(root, () => plainAnswer('GET', 404)),
        async ({ ask }) => {
          const content = `3e9\r\n${'x'.repeat(1001)}\r\n0\r\n\r\n`;
          const answer = await ask(message('PUT /a', ['Transfer-Encoding: chunked']) + content);
          assert.equal(answer.status, 413);
          await assert.rejects(read('a'), { code: 'ENOENT' });
        },
        { limits: { maxRequestBodySize: 1000 } },
      );
    });

    test('a client that goes away leaves the old file, and nothing else', async () => {
      await serving({ overwrite: true }, async ({ connect }) => {
        for (const how of ['reset', 'finish'] as const) {
          const connection = await connect();
          await connection.send(message('PUT /old.txt', ['Content-Length: 1000000']));
          await connection.send('x'.repeat(100_000));
          let names: string[] = [];
          while (!names.some(isPartName)) names = await readdir(root);
          connection[how]();
          await until(`nothing is left: ${how}`, async () => !(await readdir(root)).some(isPartName));
          assert.equal(await read('old.txt'), 'old');
        }
      });
    });

    const isRoot = process.getuid?.() === 0 && 'root may write everywhere';
    test('is answered 403 where the system refuses', { skip: isRoot }, async () => {
      await chmod(join(root, 'folder'), 0o500);
      await serving({}, async ({ ask }) => {
        assert.equal((await ask(message('PUT /folder/a', [], 'x'))).status, 403);
      });
      await chmod(join(root, 'folder'), 0o700);
    });

    test('several of one name at once: one is stored whole, and the others hear of it', async () => {
      await serving({}, async ({ origin }) => {
        const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(300_000));
        const answers = await Promise.all(
          contents.map(async (body) => {
            const response = await fetch(`${origin}/a`, { method: 'PUT', body });
            await response.text();
            return response.status;
          }),
        );
        assert.deepEqual(answers.toSorted(), [201, ...Array<number>(7).fill(409)]);
        assert.equal(await read('a'), contents[answers.indexOf(201)]);
      });
    });
  });

  describe('by a form', () => {
    const formOf = (...contents: [name: string, content: string][]): FormData => {
      const form = new FormData();
      form.append('note', 'this is no file');
      for (const [name, content] of contents) form.append('file', new File([content], name));
      return form;
    };
    const send = async (origin: string, body: FormData, accept: string, path = '/') => {
      const response = await fetch(`${origin}${path}`, {
        method: 'POST',
        body,
        headers: { Accept: accept },
        redirect: 'manual',
      });
      return { response, text: await response.text() };
    };
    const JSON_TYPE = 'application/json';
    const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

    test('all files are stored, and browsers are sent back to the folder', async () => {
      await serving({}, async ({ origin }) => {
        const form = formOf(['a.txt', 'a\r\n'], ['ż "quoted".txt', 'b'.repeat(200_000)], ['empty', '']);
        const { response } = await send(origin, form, BROWSER, '/folder/');
        assert.equal(response.status, 303);
        assert.equal(response.headers.get('location'), '/folder/');
        assert.equal(await read('folder/a.txt'), 'a\r\n');
        assert.equal(await read('folder/ż "quoted".txt'), 'b'.repeat(200_000));
        assert.equal(await read('folder/empty'), '');
      });
    });

    test('programs get a list, and Location if it is one file', async () => {
      await serving({ overwrite: true }, async ({ origin }) => {
        const one = await send(origin, formOf(['a b.txt', 'x']), JSON_TYPE);
        assert.equal(one.response.status, 201);
        assert.equal(one.response.headers.get('location'), '/a%20b.txt');
        assert.deepEqual(JSON.parse(one.text), [{ name: 'a b.txt', status: 201, location: '/a%20b.txt' }]);
        const two = await send(origin, formOf(['c', 'x'], ['old.txt', 'new']), '*/*');
        assert.equal(two.response.headers.get('location'), null);
        assert.deepEqual(JSON.parse(two.text), [
          { name: 'c', status: 201, location: '/c' },
          { name: 'old.txt', status: 204, location: '/old.txt' },
        ]);
        assert.equal(await read('old.txt'), 'new');
      });
    });

    test('a file that is refused does not take the others with it, and browsers are told in words', async () => {
      await serving({ maxFileSize: 100 }, async ({ origin }) => {
        const form = () =>
          formOf(['old.txt', 'new'], ['large', 'x'.repeat(101)], ['.env', ''], ['fits', 'x'.repeat(100)]);
        const html = await send(origin, form(), BROWSER);
        assert.equal(html.response.status, 409);
        assert.match(
          html.text,
          /<bdi>old\.txt<\/bdi><\/b\s*><span class="bad">There is already a file of this name/,
        );
        assert.match(html.text, /<bdi>large<\/bdi><\/b\s*><span class="bad">The file is too large/);
        assert.match(html.text, /<bdi>\.env<\/bdi><\/b\s*><span class="bad">A file may not have this name/);
        assert.match(html.text, /<bdi>fits<\/bdi><\/b\s*><span class="good">Stored/);
        assert.match(html.text, /Not everything was stored/);
        assert.match(
          html.response.headers.get('content-security-policy')!,
          /^default-src 'none'; style-src 'sha256-/,
        );
        assert.equal(await read('old.txt'), 'old');
        assert.equal((await read('fits')).length, 100);
        const { text } = await send(origin, form(), JSON_TYPE);
        assert.deepEqual(
          (JSON.parse(text) as { status: number }[]).map(({ status }) => status),
          [409, 413, 403, 409],
        );
      });
    });

    test('names are escaped where they are told', async () => {
      await serving({}, async ({ origin }) => {
        const { text } = await send(origin, formOf(['<img src=x>\u202e/..', 'x']), BROWSER);
        assert.match(text, /&lt;img src=x&gt;<i>U\+202E<\/i>\/\.\./);
        assert.doesNotMatch(text, /<img/);
      });
    });

    const raw = (content: string, fields: string[] = []) =>
      message('POST /', ['Content-Type: multipart/form-data; boundary=b', ...fields], content);
    const part = (name: string, content: string) =>
      `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}\r\n`;

    const refused: [what: string, request: () => string, status: number][] = [
      ['a form without a file', () => raw('--b--'), 400],
      ['a form in which no file was chosen', () => raw(`${part('', '')}--b--`), 400],
      ['a file without a name', () => raw(`${part('', 'x')}--b--`), 403],
      ['a path', () => raw(`${part('../new.txt', 'x')}--b--`), 400],
      ['a path of Windows', () => raw(`${part('C:\\new.txt', 'x')}--b--`), 400],
      ['..', () => raw(`${part('..', 'x')}--b--`), 403],
      ['what is no form', () => raw('x'.repeat(100)), 400],
      ['a form that ends too early', () => raw(part('new.txt', 'x')), 400],
      ['a form that ends in a file', () => raw(part('new.txt', 'x').slice(0, -1)), 400],
      [
        'a missing boundary',
        () => message('POST /', ['Content-Type: multipart/form-data'], `${part('new.txt', 'x')}--b--`),
        400,
      ],
      ['a coding', () => raw(`${part('new.txt', 'x')}--b--`, ['Content-Encoding: gzip']), 415],
      ['1001 parts', () => raw(`${part('', '').repeat(1001)}--b--`), 413],
      ['a folder that is missing', () => raw(`${part('a', 'x')}--b--`).replace(' / ', ' /missing/ '), 409],
      ['a folder outside', () => raw(`${part('a', 'x')}--b--`).replace(' / ', ' /out/ '), 409],
      ['a file for a folder', () => raw(`${part('a', 'x')}--b--`).replace(' / ', ' /old.txt/ '), 409],
    ];
    for (const [what, request, status] of refused) {
      test(`${what} is answered ${status}`, async () => {
        await serving({}, async ({ ask }) => {
          const before = (await readdir(root, { recursive: true })).sort();
          const answer = await ask(request());
          assert.equal(answer.status, status, answer.text);
          const after = (await readdir(root, { recursive: true })).sort();
          // A file that was complete when the form broke off is stored, and said to be.
          if (answer.text.includes('"status":201')) assert.deepEqual(after, [...before, 'new.txt'].sort());
          else assert.deepEqual(after, before);
        });
      });
    }

    test('1000 parts are taken', async () => {
      await serving({}, async ({ ask }) => {
        const answer = await ask(raw(`${part('', '').repeat(999)}${part('new.txt', 'x')}--b--`));
        assert.equal(answer.status, 201);
      });
    });

    test('the connection is kept behind a form, whatever its epilogue', async () => {
      await serving({}, async ({ connect }) => {
        const connection = await connect();
        const first = raw(`${part('a', 'x')}--b--\r\nepilogue`);
        await connection.send(first + raw(`${part('b', 'x')}--b--`));
        const answers = await connection.receiveResponses(['POST', 'POST']);
        assert.deepEqual(
          answers.map(({ status }) => status),
          [201, 201],
        );
      });
    });

    test('a client that goes away in the middle of a file leaves only those that were complete', async () => {
      await serving({}, async ({ connect }) => {
        const connection = await connect();
        const content = part('first', 'x') + part('second', 'y'.repeat(100_000)).slice(0, -2);
        await connection.send(`${raw('', ['Content-Length: 1000000'])}${content}`);
        let names: string[] = [];
        // Of the second: of the first one there may be a part beside what it has become, in one look at the folder.
        const isUnderWay = () => names.some((name) => isPartName(name) && name.includes('second'));
        while (!isUnderWay()) names = await readdir(root);
        connection.reset();
        await until('nothing is left', async () => {
          names = await readdir(root);
          return !names.some(isPartName);
        });
        assert.ok(names.includes('first') && !names.includes('second'));
      });
    });
  });

  describe('from a page of another site', () => {
    for (const field of [
      'Sec-Fetch-Site: cross-site',
      'Sec-Fetch-Site: same-site',
      'Origin: http://evil.example',
      'Origin: null',
    ]) {
      test(`${field} is answered 403, and nothing is stored`, async () => {
        await serving({ overwrite: true }, async ({ ask }) => {
          const form =
            '--b\r\nContent-Disposition: form-data; name="file"; filename="new.txt"\r\n\r\nx\r\n--b--';
          const type = 'Content-Type: multipart/form-data; boundary=b';
          assert.equal((await ask(message('POST /', [type, field], form))).status, 403);
          assert.equal((await ask(message('PUT /new.txt', [field], 'x'))).status, 403);
          await assert.rejects(read('new.txt'), { code: 'ENOENT' });
        });
      });
    }
  });

  describe('what is no upload', () => {
    test('is for the handler behind it, which is made to allow what it does not know of', async () => {
      await serving({}, async ({ ask }) => {
        const other = await ask(message('POST /', ['Content-Type: text/plain'], 'x'));
        assert.equal(other.status, 405);
        assert.equal(other.field('allow'), 'GET, HEAD, POST, PUT');
        assert.equal((await ask(message('DELETE /a'))).field('allow'), 'GET, HEAD, PUT');
      });
    });

    test('a file is served as soon as it was stored, and by its new octets when it was replaced', async () => {
      const options = { overwrite: true };
      await serving(
        options,
        async ({ origin }) => {
          for (const body of ['first', 'second', 'third']) {
            const { status } = await fetch(`${origin}/a.txt`, { method: 'PUT', body });
            assert.ok(status === 201 || status === 204);
            assert.equal(await (await fetch(`${origin}/a.txt`)).text(), body);
          }
        },
        files(root),
      );
    });
  });
});
