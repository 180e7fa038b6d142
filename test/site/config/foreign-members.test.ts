import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CONFIG_SCHEMA } from '../../../src/site/config/config-schema.ts';
import { foreignMemberAdvice } from '../../../src/site/config/foreign-members.ts';
import type { Schema } from '../../../src/site/config/schema-check.ts';

/** Members that each program has in its configuration and `serval.json` has not. */
const PROGRAMS: Record<string, Record<string, string[]>> = {
  'serve and Vercel': {
    '': ['public', 'rewrites', 'directoryListing', 'renderSingle', 'trailingSlash', 'unlisted', 'etag'],
    'redirects[0]': ['type', 'statusCode', 'permanent', 'has'],
    'headers[3]': ['has'],
  },
  Netlify: {
    '': ['publish', 'build'],
    'redirects[1]': ['from', 'to', 'force'],
    'headers[0]': ['for', 'values'],
  },
  nginx: {
    '': [
      'listen',
      'server_name',
      'location',
      'try_files',
      'autoindex',
      'gzip',
      'expires',
      'add_header',
      'return',
    ],
  },
  'nginx with TLS': {
    '': [
      ...[
        'ssl',
        'ssl_certificate',
        'ssl_certificate_key',
        'server',
        'http',
        'alias',
        'upstream',
        'proxy_pass',
      ],
      ...['sendfile', 'limit_req', 'error_log', 'log_format', 'default_type'],
    ],
  },
  'http-server': {
    '': [
      ...['p', 'a', 'd', 'i', 'g', 'b', 'e', 'ext', 's', 'silent', 'o', 'c', 't', 'U', 'P', 'S', 'C', 'K'],
      ...['proxy', 'username', 'password', 'robots', 'showDir', 'autoIndex', 'showDotfiles', 'https'],
    ],
  },
  Caddy: {
    '': [
      ...[
        'browse',
        'file_server',
        'reverse_proxy',
        'encode',
        'redir',
        'respond',
        'handle',
        'handle_path',
        'uri',
      ],
      ...[
        'handle_errors',
        'templates',
        'basic_auth',
        'basicauth',
        'bind',
        'php_fastcgi',
        'hide',
        'import',
        'apps',
      ],
    ],
  },
  Firebase: { '': ['hosting', 'ignore'] },
};

describe('foreignMemberAdvice', () => {
  for (const [program, places] of Object.entries(PROGRAMS)) {
    it(`knows the members of ${program}`, () => {
      for (const [path, names] of Object.entries(places))
        for (const name of names) assert.ok(foreignMemberAdvice(path, name), `${path}.${name}`);
    });
  }

  it('has no advice for others, nor for members of objects', () => {
    assert.equal(foreignMemberAdvice('', 'whatever'), undefined);
    assert.equal(foreignMemberAdvice('cors', 'public'), undefined);
    assert.equal(foreignMemberAdvice('', 'constructor'), undefined);
  });

  it('names only members that serval.json has', () => {
    const known = new Set<string>();
    const walk = (schema: Schema): void => {
      for (const [name, inner] of Object.entries(schema.properties ?? {})) {
        known.add(name);
        walk(inner);
      }
      for (const inner of [schema.items, ...(schema.anyOf ?? [])]) if (inner) walk(inner);
    };
    walk(CONFIG_SCHEMA);
    for (const [path, names] of Object.values(PROGRAMS).flatMap((places) => Object.entries(places)))
      for (const name of names)
        for (const [, member] of foreignMemberAdvice(path, name)!.matchAll(/use "(\w+)"/g))
          assert.ok(known.has(member!), member);
  });
});
