import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UsageError } from '../../../src/cli/options/usage-error.ts';
import { tlsSettings } from '../../../src/cli/serve/tls-settings.ts';
import { ConfigError } from '../../../src/site/config/config-error.ts';
import type { TlsConfig } from '../../../src/site/config/tls-config.ts';

type Command = Parameters<typeof tlsSettings>[0];

const NONE: Command = { encryption: undefined, redirectHttp: undefined, hsts: undefined, unix: undefined };
const PLAIN = { encryption: undefined, redirectHttp: undefined, hsts: undefined };
const FILES: TlsConfig = { cert: '/c.pem', key: '/k.pem', redirectHttp: 80, hsts: { maxAge: 5 } };

describe('tlsSettings: serval.json and the command line', () => {
  test('without either it is plain HTTP', () => assert.deepEqual(tlsSettings(NONE, {}), PLAIN));

  test('the members of serval.json', () => {
    const encryption = { kind: 'files', cert: '/c.pem', key: '/k.pem' };
    assert.deepEqual(tlsSettings(NONE, FILES), { encryption, redirectHttp: 80, hsts: { maxAge: 5 } });
    assert.deepEqual(tlsSettings(NONE, { tls: true }).encryption, { kind: 'development' });
    assert.deepEqual(tlsSettings(NONE, { tls: false }).encryption, undefined);
    const acme = { names: ['a.test'], email: 'a@a.test' };
    assert.deepEqual(tlsSettings(NONE, { acme, redirectHttp: 80 }).encryption, { kind: 'acme', ...acme });
  });

  test('acme without a port for plain HTTP proves the names in the TLS handshake only (RFC 8555 §8.3)', () => {
    const acme = { names: ['a.test'] };
    assert.deepEqual(tlsSettings(NONE, { acme }).encryption, {
      ...{ kind: 'acme', ...acme },
      challenges: ['tls-alpn-01'],
    });
  });

  test('an option takes precedence, and --no-tls is plain HTTP', () => {
    const encryption = { kind: 'acme', names: ['a.test'] } as const;
    const command = { ...NONE, encryption, redirectHttp: 8080, hsts: 300 };
    assert.deepEqual(tlsSettings(command, FILES), { encryption, redirectHttp: 8080, hsts: 300 });
    assert.deepEqual(tlsSettings({ ...NONE, encryption: 'none' }, FILES), PLAIN);
  });

  test('with the development certificate browsers are not told to use HTTPS for localhost only', () => {
    const development = { ...NONE, encryption: { kind: 'development' } } as const;
    assert.equal(tlsSettings(development, FILES).hsts, undefined);
    assert.throws(
      () => tlsSettings({ ...development, hsts: 300 }, {}),
      /: --hsts: cannot be combined with --tls/,
    );
    assert.throws(() => tlsSettings(NONE, { tls: true, hsts: 300 }), ConfigError);
  });

  for (const [command, config, message] of [
    [{ redirectHttp: 80 }, {}, /^UsageError: --redirect-http: requires --tls, --cert or --acme$/],
    [{ hsts: 300 }, {}, /^UsageError: --hsts: requires --tls, --cert or --acme$/],
    [{ hsts: 300, encryption: 'none' }, FILES, /^UsageError: --hsts: requires/],
    [{}, { redirectHttp: 80 }, /^ConfigError: serval\.json: redirectHttp: requires "tls", "cert" or "acme"$/],
    [{}, { hsts: 300 }, /^ConfigError: serval\.json: hsts: requires/],
    [
      { unix: { path: 'x' } },
      FILES,
      /^ConfigError: serval\.json: redirectHttp: cannot be combined with --unix$/,
    ],
  ] as const)
    test(`refused: ${JSON.stringify(command)} with ${JSON.stringify(config)}`, () => {
      assert.throws(
        () => tlsSettings({ ...NONE, ...command } as Command, config),
        (error: Error) =>
          (error instanceof UsageError || error instanceof ConfigError) &&
          message.test(`${error.constructor.name}: ${error.message}`),
      );
    });
});
