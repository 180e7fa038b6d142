import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ACME_TLS } from '../../src/tls/alpn.ts';
import { type Asked, type Choice, SecureContexts } from '../../src/tls/contexts.ts';
import type { TlsOptions } from '../../src/tls/options.ts';
import type { TlsSource } from '../../src/tls/source.ts';
import { TICKET_PERIOD_MS, TicketKeys } from '../../src/tls/ticket-keys.ts';
import { certificateAuthority } from '../support/certificates.ts';

const authority = certificateAuthority();
const pair = (...names: string[]) => {
  const { cert, key } = authority.issue(names);
  return { cert, key };
};
const [a, b, wild] = [pair('a.test'), pair('b.test'), pair('*.b.test', 'b.test')];

let now = Date.now();
const faults: string[] = [];

function contextsOf(options: TlsOptions | TlsSource): SecureContexts {
  faults.length = 0;
  return new SecureContexts(
    options,
    new TicketKeys(now),
    () => now,
    (error) => faults.push((error as Error).message),
  );
}

const asked = (serverName: string | null, ...protocols: string[]): Asked => ({ serverName, protocols });

/** The subject of the certificate that is chosen. */
async function chosen(contexts: SecureContexts, serverName: string | null): Promise<string | undefined> {
  return (await contexts.choose(asked(serverName)))?.identity.subject;
}

describe('which certificate', () => {
  test('by exact name, by wildcard, and the unnamed one for all others', async () => {
    const contexts = contextsOf({ ...a, sni: { 'b.test': b, '*.b.test': wild } });
    assert.equal(await chosen(contexts, 'b.test'), 'CN=b.test');
    assert.equal(await chosen(contexts, 'x.b.test'), 'CN=*.b.test');
    for (const name of ['x.y.b.test', 'a.test', null])
      assert.equal(await chosen(contexts, name), 'CN=a.test');
  });

  test('none where there is no unnamed one', async () => {
    const contexts = contextsOf({ sni: { 'b.test': b } });
    assert.equal(await chosen(contexts, 'a.test'), undefined);
    assert.equal(await chosen(contexts, null), undefined);
  });

  test('what a callback returns, at once or later; the unnamed one when it returns nothing', async () => {
    const names: string[] = [];
    const contexts = contextsOf({
      ...a,
      sni(name) {
        names.push(name);
        return name === 'b.test'
          ? { ...b }
          : name === 'later.test'
            ? Promise.resolve({ ...wild })
            : undefined;
      },
    });
    assert.equal(await chosen(contexts, 'b.test'), 'CN=b.test');
    assert.equal(await chosen(contexts, 'later.test'), 'CN=*.b.test');
    assert.equal(await chosen(contexts, 'other.test'), 'CN=a.test');
    assert.equal(await chosen(contexts, null), 'CN=a.test');
    assert.deepEqual(names, ['b.test', 'later.test', 'other.test']);
  });

  test('a callback that throws, or returns what is no certificate', async () => {
    const contexts = contextsOf({
      ...a,
      sni: (name) => (name === 'x.test' ? ({ cert: 7 } as never) : Promise.reject(7)),
    });
    assert.throws(
      () => contexts.choose(asked('x.test')),
      /^TypeError: options\.tls\.sni\("x\.test"\)\.cert: expected PEM/,
    );
    await assert.rejects(
      async () => contexts.choose(asked('y.test')),
      (error) => error === 7,
    );
  });
});

describe('contexts of OpenSSL', () => {
  test('one for each certificate, also where a callback gives it anew; another when it changes', async () => {
    let given = b;
    const contexts = contextsOf({ ...a, sni: (name) => (name === 'b.test' ? { ...given } : undefined) });
    const contextOf = async (name: string | null) => ((await contexts.choose(asked(name))) as Choice).context;
    assert.equal(await contextOf(null), await contextOf('a.test'));
    const before = await contextOf('b.test');
    assert.equal(await contextOf('b.test'), before);
    given = wild;
    assert.notEqual(await contextOf('b.test'), before);
  });

  test('others when the ticket keys change', async () => {
    const contexts = contextsOf(a);
    const contextOf = async () => ((await contexts.choose(asked(null))) as Choice).context;
    const before = await contextOf();
    assert.equal(await contextOf(), before);
    now += TICKET_PERIOD_MS;
    assert.notEqual(await contextOf(), before);
    now -= TICKET_PERIOD_MS;
  });
});

describe('options that change', () => {
  test('from a source; what it may not be changed to leaves everything as it is', async () => {
    let onChange = () => {};
    let subscribers = 0;
    const source = {
      tls: a as TlsOptions,
      subscribe(listener: () => void) {
        onChange = listener;
        subscribers++;
        return () => subscribers--;
      },
    };
    const contexts = contextsOf(source);
    assert.equal(await chosen(contexts, null), 'CN=a.test');
    source.tls = b;
    onChange();
    assert.equal(await chosen(contexts, null), 'CN=b.test');
    source.tls = { cert: a.cert, key: b.key };
    onChange();
    assert.equal(await chosen(contexts, null), 'CN=b.test');
    assert.equal(faults.length, 1);
    contexts.close();
    assert.equal(subscribers, 0);
  });

  test('an authority’s question is answered from the source, and with its protocol alone (RFC 8737 §3)', async () => {
    const source: TlsSource = {
      tls: a,
      subscribe: () => () => {},
      tlsChallenge: (name) => (name === 'b.test' ? b : undefined),
    };
    const contexts = contextsOf(source);
    const answer = await contexts.choose(asked('b.test', ACME_TLS));
    assert.deepEqual([answer?.identity.subject, answer?.alpn], ['CN=b.test', [ACME_TLS]]);
    assert.equal(await contexts.choose(asked('a.test', ACME_TLS)), undefined);
    const mixed = (await contexts.choose(asked('b.test', ACME_TLS, 'http/1.1'))) as Choice;
    assert.equal(mixed.identity.subject, 'CN=a.test');
    assert.ok(!mixed.alpn.includes(ACME_TLS));
  });
});

test('RFC 9113 §9.1.2: a host is misdirected where another certificate is for it, and this one is not', async () => {
  const contexts = contextsOf({ ...a, sni: { 'b.test': b, '*.b.test': wild } });
  const identityOf = async (name: string) => (await contexts.choose(asked(name)))!.identity;
  const [ofA, ofB, ofWild] = [
    await identityOf('a.test'),
    await identityOf('b.test'),
    await identityOf('x.b.test'),
  ];
  assert.ok(contexts.isMisdirected(ofA, 'b.test') && contexts.isMisdirected(ofA, 'x.b.test'));
  assert.ok(contexts.isMisdirected(ofB, 'a.test') && contexts.isMisdirected(ofWild, 'a.test'));
  assert.ok(!contexts.isMisdirected(ofA, 'a.test') && !contexts.isMisdirected(ofWild, 'b.test'));
  assert.ok(!contexts.isMisdirected(ofA, 'unknown.test'), 'there is no better certificate');
});
