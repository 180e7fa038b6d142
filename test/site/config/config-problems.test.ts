import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configProblems } from '../../../src/site/config/config-problems.ts';
import { CONFIG_SCHEMA } from '../../../src/site/config/config-schema.ts';
import type { SiteConfig } from '../../../src/site/config/site-config.ts';

const HASH = `scrypt.15.8.3.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`;

/** Every member with a value, but `acme`, which can't be combined with `cert`. */
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
  timeouts: { idle: '620s', headers: '500ms', receive: '1.5m', send: '0' },
  limits: {
    maxRequestLineSize: '16K',
    maxHeaderSize: '64 KiB',
    maxConnections: 1,
    maxRequestsPerConnection: 9,
  },
  tls: false,
  cert: 'cert.pem',
  key: 'key.pem',
  redirectHttp: 80,
  hsts: { maxAge: 31_536_000, includeSubDomains: true, preload: true },
};
const ACME = { names: ['a.example', 'b.example'], email: 'ann@a.example', directory: 'letsencrypt-staging' };

const complaints = (value: unknown): string[] =>
  configProblems(value).map(({ path, message }) => `${path}: ${message}`);

describe('configProblems', () => {
  it('accepts every member', () => {
    assert.deepEqual(complaints(FULL), []);
    assert.deepEqual(Object.keys(CONFIG_SCHEMA.properties!).sort(), [...Object.keys(FULL), 'acme'].sort());
  });

  it('accepts no members, and the other forms of each', () => {
    for (const config of [
      {},
      { spa: true, cors: true, upload: false, index: false, cacheControl: false, symlinks: 'within' },
      { cors: {}, upload: {}, headers: [], redirects: [], mediaTypes: {} },
      { cors: { origins: '*' } },
      { acme: ACME, hsts: 300 },
      { tls: true, redirectHttp: 0 },
    ]) {
      assert.deepEqual(complaints(config), []);
    }
  });

  const wrong: [unknown, string[]][] = [
    [{ tls: true, acme: ACME }, ['tls: cannot be combined with "acme"']],
    [{ cert: 'c.pem' }, ['cert: requires "key", the file of the private key']],
    [{ key: 'k.pem' }, ['key: requires "cert", the file of the certificate']],
    [{ tls: 'yes' }, ['tls: expected true or false, got "yes"']],
    [{ acme: {} }, ['acme.names: required']],
    [{ acme: { names: [] } }, ['acme.names: expected a non-empty array, got an empty array']],
    [{ redirectHttp: 65_536 }, ['redirectHttp: expected an integer from 0 to 65535, got 65536']],
    [
      { hsts: 'long' },
      ['hsts: expected a number of seconds, or an object such as { "maxAge": 31536000 }, got "long"'],
    ],
    [
      { hsts: { maxAge: 5, preload: true } },
      ['hsts.preload: requires includeSubDomains and a maxAge of at least 31536000, got 5'],
    ],
    [[], [': expected an object, got an empty array']],
    ['x', [': expected an object, got "x"']],
    [{ redirect: [] }, ['redirect: unknown member; did you mean "redirects"?']],
    [{ cleanURLs: true }, ['cleanURLs: unknown member; did you mean "cleanUrls"?']],
    [{ spa: '' }, ['spa: expected a non-empty string, got ""']],
    [{ index: true }, ['index: expected a file name or false, got true']],
    [{ symlinks: true }, ['symlinks: expected "within" or "anywhere", got true']],
    [
      { redirects: [{ source: '/a', destination: '/b', status: 300 }, { source: '/a' }] },
      [
        'redirects[0].status: expected 301, 302, 303, 307 or 308, got 300',
        'redirects[1].destination: required',
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
        'redirects[0].source: expected a path that begins with "/", got "a"; "/**/a" matches "a" in every folder',
        'redirects[1].destination: expected a path that begins with a single "/", or a URL with http:// or https://',
      ],
    ],
    [
      { headers: [{ source: '/', headers: { 'Content-Length': '1', 'a b': 'c' } }] },
      [
        'headers[0].headers.Content-Length: Content-Length belongs to the connection: the server sets it',
        'headers[0].headers["a b"]: expected a header name, got "a b"',
      ],
    ],
    [
      { headers: [{ source: '/', headers: { a: 1 } }] },
      ['headers[0].headers.a: expected a string or null, got 1'],
    ],
    [
      { headers: [{ source: '/(a)', headers: {} }] },
      ['headers[0].source: "(" is not supported; use *, **, :name, :name* or {a,b}'],
    ],
    [{ cors: { origins: 'x' } }, ['cors.origins: expected "*" or an array of origins, got "x"']],
    [{ cors: { credentials: true } }, ['cors.credentials: requires an array of origins']],
    [
      { cors: { origins: ['a'] } },
      [
        'cors.origins[0]: expected an origin such as https://app.example, https://*.app.example or capacitor://localhost, got "a"',
      ],
    ],
    [{ cors: { maxAge: -1 } }, ['cors.maxAge: expected an integer from 0 to 31536000, got -1']],
    [
      { auth: 'ann:opensesame' },
      ['auth: expected an array of name:hash, as "serval hash name" prints it, got another value'],
    ],
    [
      { auth: ['ann:opensesame'] },
      [
        'auth[0]: user "ann": not a hash that "serval hash" printed; "serval hash ann" makes a hash from a password',
      ],
    ],
    [{ auth: [`ann:${HASH}`, `ann:${HASH}`] }, ['auth[1]: duplicate user "ann"']],
    [
      { auth: [] },
      ['auth: expected an array of name:hash, as "serval hash name" prints it, got another value'],
    ],
    [{ mediaTypes: { x: 'text' } }, ['mediaTypes.x: expected a media type, got "text"']],
    [{ cacheControl: 'a\nb' }, ['cacheControl: contains characters that a header value cannot contain']],
    [
      { upload: { maxSize: 'much' } },
      ['upload.maxSize: expected a size such as "500MB" or "2GiB", got "much"'],
    ],
    [{ upload: { maxSize: '0' } }, ['upload.maxSize: expected a size of at least 1 byte, got "0"']],
    [{ timeouts: { idle: 65 } }, ['timeouts.idle: expected a time such as "65s" or "500ms", got 65']],
    [
      { timeouts: { idle: '5 days' } },
      ['timeouts.idle: expected a time such as "65s" or "500ms", got "5 days"'],
    ],
    [{ timeouts: { idle: '999h' } }, ['timeouts.idle: expected a time of at most 24 days, got "999h"']],
    [
      { limits: { maxHeaderSize: '0' } },
      ['limits.maxHeaderSize: expected a size of at least 1 byte, got "0"'],
    ],
    [{ limits: { maxConnections: 0 } }, ['limits.maxConnections: expected an integer from 1, got 0']],
    [{ public: 'dist' }, ['public: unknown member; use "root"']],
    [
      { port: 80, rewrites: [] },
      ['port: unknown member; use --port', 'rewrites: unknown member; for a single-page app use "spa"'],
    ],
    [
      { redirects: [{ from: '/a', to: '/b', permanent: true, source: '/a', destination: '/b' }] },
      [
        'redirects[0].from: unknown member; use "source"',
        'redirects[0].to: unknown member; use "destination"',
        'redirects[0].permanent: unknown member; use "status": 308, or 307 for false',
      ],
    ],
    [
      { headers: [{ for: '/a', source: '/a', headers: [{ key: 'A', value: 'b' }] }] },
      [
        'headers[0].for: unknown member; use "source"',
        'headers[0].headers: expected an object such as { "X-Frame-Options": "DENY" }, got an array',
      ],
    ],
    [
      JSON.parse('{"__proto__": 1}'),
      [`__proto__: unknown member; known members: ${Object.keys(CONFIG_SCHEMA.properties!).join(', ')}`],
    ],
  ];
  for (const [value, expected] of wrong) {
    it(`refuses ${JSON.stringify(value)}`, () => assert.deepEqual(complaints(value), expected));
  }
});
