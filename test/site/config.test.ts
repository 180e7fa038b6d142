import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { configProblems, readConfig, type SiteConfig, withOptions } from '../../src/site/config.ts';
import { ConfigError } from '../../src/site/config-error.ts';
import { CONFIG_SCHEMA } from '../../src/site/config-schema.ts';
import { type Schema, schemaProblems } from '../../src/site/schema-check.ts';

const HASH = `scrypt.15.8.3.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`;

/** Everything that can be said, with the forms that each thing can have. */
const FULL: SiteConfig = {
  $schema: './node_modules/serval/schema/serval.schema.json',
  root: 'dist',
  index: 'home.html',
  spa: 'app.html',
  cleanUrls: true,
  notFound: 'missing.html',
  listing: true,
  dotfiles: true,
  symlinks: 'anywhere',
  cacheControl: 'max-age=60',
  mediaTypes: { gltf: 'model/gltf+json' },
  compress: false,
  precompressed: false,
  headers: [{ source: '/**', headers: { 'X-A': 'b', Expires: null } }],
  redirects: [{ source: '/a/:b', destination: '/c/:b', status: 308 }],
  cors: { origins: ['https://app.example'], credentials: true, maxAge: 60 },
  auth: [`ann:${HASH}`],
  upload: { overwrite: true, maxSize: '1.5 GiB' },
};

const complaints = (value: unknown): string[] =>
  configProblems(value).map(({ path, message }) => `${path}: ${message}`);

describe('a config', () => {
  it('may say everything', () => {
    assert.deepEqual(complaints(FULL), []);
    assert.deepEqual(Object.keys(CONFIG_SCHEMA.properties!).sort(), Object.keys(FULL).sort());
  });

  it('may say nothing, or each thing in its other forms', () => {
    for (const config of [
      {},
      { spa: true, cors: true, upload: false, index: false, cacheControl: false, symlinks: 'within' },
      { cors: {}, upload: {}, headers: [], redirects: [], mediaTypes: {} },
      { cors: { origins: '*' } },
    ]) {
      assert.deepEqual(complaints(config), []);
    }
  });

  const wrong: [unknown, string[]][] = [
    [[], [': expected an object, but there is an empty list']],
    ['x', [': expected an object, but there is "x"']],
    [{ redirect: [] }, ['redirect: unknown; did you mean "redirects"?']],
    [{ cleanURLs: true }, ['cleanURLs: unknown; did you mean "cleanUrls"?']],
    [{ spa: '' }, ['spa: expected a text that is not empty, but there is ""']],
    [{ index: true }, ['index: expected the name of a file or false, but there is true']],
    [{ symlinks: true }, ['symlinks: expected "within" or "anywhere", but there is true']],
    [
      { redirects: [{ source: '/a', destination: '/b', status: 300 }, { source: '/a' }] },
      [
        'redirects[0].status: expected 301, 302, 303, 307 or 308, but there is 300',
        'redirects[1].destination: missing',
      ],
    ],
    [
      {
        redirects: [
          { source: 'a', destination: '/b' },
          { source: '/a', destination: '//b' },
        ],
      },
      [
        'redirects[0].source: a path begins with "/"; "/**/a" is "a" in every folder',
        'redirects[1].destination: not a path that begins with one "/", and not a URL that begins with http:// or https://',
      ],
    ],
    [
      { headers: [{ source: '/', headers: { 'Content-Length': '1', 'a b': 'c' } }] },
      [
        'headers[0].headers.Content-Length: Content-Length belongs to the connection, and the server sets it',
        'headers[0].headers["a b"]: "a b" is not the name of a field',
      ],
    ],
    [
      { headers: [{ source: '/', headers: { a: 1 } }] },
      ['headers[0].headers.a: expected a text or null, but there is 1'],
    ],
    [
      { headers: [{ source: '/(a)', headers: {} }] },
      ['headers[0].source: "(" means nothing here; there are *, **, :name, :name* and {a,b}'],
    ],
    [{ cors: { origins: 'x' } }, ['cors.origins: expected "*" or a list of origins, but there is "x"']],
    [{ cors: { credentials: true } }, ['cors.credentials: only with a list of origins']],
    [
      { cors: { origins: ['a'] } },
      ['cors.origins[0]: "a" is not an origin; one looks like https://app.example'],
    ],
    [{ cors: { maxAge: -1 } }, ['cors.maxAge: expected a whole number from 0 to 31536000, but there is -1']],
    [
      { auth: 'ann:opensesame' },
      ['auth: expected a list of name:hash, as "serval hash name" prints it, but there is something else'],
    ],
    [
      { auth: ['ann:opensesame'] },
      [
        'auth[0]: behind "ann:" is not a hash as "serval hash" prints it; "serval hash ann" makes one of a password',
      ],
    ],
    [{ auth: [`ann:${HASH}`, `ann:${HASH}`] }, ['auth[1]: the user "ann" is there twice']],
    [
      { auth: [] },
      ['auth: expected a list of name:hash, as "serval hash name" prints it, but there is something else'],
    ],
    [{ mediaTypes: { x: 'text' } }, ['mediaTypes.x: "text" is not a media type']],
    [{ cacheControl: 'a\nb' }, ["cacheControl: it has characters that can't be sent"]],
    [
      { upload: { maxSize: 'much' } },
      ['upload.maxSize: expected a size such as "500MB" or "2GiB", but there is "much"'],
    ],
    [{ upload: { maxSize: '0' } }, ['upload.maxSize: "0" is not a size']],
    [JSON.parse('{"__proto__": 1}'), [`__proto__: unknown; there are ${Object.keys(FULL).join(', ')}`]],
  ];
  for (const [value, expected] of wrong) {
    it(`is not ${JSON.stringify(value)}`, () => assert.deepEqual(complaints(value), expected));
  }

  it('is added to by the command line, which counts more', () => {
    const config = { spa: true, listing: true, upload: { maxSize: '5M' } };
    assert.deepEqual(withOptions(config, { spa: 'a.html', upload: { overwrite: true } }), {
      spa: 'a.html',
      listing: true,
      upload: { maxSize: '5M', overwrite: true },
    });
    assert.deepEqual(withOptions({ upload: true }, {}), { upload: true });
    assert.deepEqual(withOptions({ upload: false }, { upload: {} }), { upload: {} });
  });
});

describe('the schema', () => {
  it('has examples and defaults that fit it', () => {
    let count = 0;
    const walk = (schema: Schema): void => {
      const samples = [...(schema.examples ?? []), ...('default' in schema ? [schema.default] : [])];
      for (const sample of samples) assert.deepEqual(schemaProblems(schema, sample), []);
      count += samples.length;
      const { items, additionalProperties, anyOf = [], properties = {} } = schema;
      for (const inner of [
        items,
        additionalProperties || undefined,
        ...anyOf,
        ...Object.values(properties),
      ]) {
        if (inner !== undefined) walk(inner);
      }
    };
    walk(CONFIG_SCHEMA);
    assert.ok(count > 20, `${count}`);
  });

  it('explains every member', () => {
    for (const [name, { description }] of Object.entries(CONFIG_SCHEMA.properties!))
      assert.ok(description, name);
  });
});

describe('readConfig', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serval-config-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function read(text: string): Promise<SiteConfig> {
    const file = join(folder, 'serval.json');
    await writeFile(file, text);
    return readConfig(file);
  }

  it('takes the root from where the file is', async () => {
    assert.equal((await read('{ "root": "dist" }')).root, join(folder, 'dist'));
    assert.equal((await read('\ufeff{ "root": "/srv" }')).root, '/srv');
    assert.equal((await read('{}')).root, undefined);
  });

  it('says where there is no JSON', async () => {
    await assert.rejects(read('{\n  "spa": true,\n}'), (error: Error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /serval\.json:3:1 is not JSON: /);
      return true;
    });
    await assert.rejects(read(''), /serval\.json.* is not JSON: /);
  });

  it('says that a file is missing, and what can not be read', async () => {
    await assert.rejects(
      readConfig(join(folder, 'missing.json')),
      /^Error: there is no config file .*missing\.json$/,
    );
    await assert.rejects(readConfig(folder), ConfigError);
  });

  it('says one mistake in one line, and several in one each', async () => {
    await assert.rejects(
      read('{ "spa": 1 }'),
      /serval\.json: spa: expected true or false or a text that is not empty, but there is 1$/,
    );
    await assert.rejects(
      read('{ "spa": 1, "listing": 2 }'),
      /serval\.json has 2 mistakes:\n {2}spa: .*\n {2}listing: .*$/,
    );
  });

  it('is told by the schema that is published', async () => {
    const published = JSON.parse(
      await readFile(new URL('../../../schema/serval.schema.json', import.meta.url), 'utf8'),
    );
    assert.equal(published.$schema, 'http://json-schema.org/draft-07/schema#');
    assert.deepEqual(published.properties, JSON.parse(JSON.stringify(CONFIG_SCHEMA.properties)));
  });
});
