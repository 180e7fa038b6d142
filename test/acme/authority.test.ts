import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AccountKey } from '../../src/acme/account-key.ts';
import { AcmeError } from '../../src/acme/acme-error.ts';
import { Authority, type Fetch } from '../../src/acme/authority.ts';

const DIRECTORY = 'https://ca.test/dir';
const URLS = {
  newNonce: 'https://ca.test/nonce',
  newAccount: 'https://ca.test/account',
  newOrder: 'https://ca.test/order',
  renewalInfo: 'https://ca.test/ari',
};

interface Given {
  readonly status?: number;
  readonly fields?: Record<string, string>;
  readonly text?: string;
}

/** An authority that answers what a test says, and notes what it was asked. */
function authorityThat(answer: (url: string, turn: number) => Given, directory: object = URLS) {
  const asked: string[] = [];
  let nonces = 0;
  const fetch: Fetch = async (url, { method }) => {
    asked.push(`${method} ${url}`);
    const given: Given =
      url === DIRECTORY
        ? { text: JSON.stringify(directory) }
        : url === URLS.newNonce
          ? {}
          : answer(url, asked.length);
    const fields: Record<string, string> = { 'replay-nonce': `n${++nonces}`, ...given.fields };
    return {
      status: given.status ?? 200,
      headers: { get: (name) => fields[name] ?? null },
      text: async () => given.text ?? '{}',
    };
  };
  return { authority: new Authority(DIRECTORY, fetch), asked };
}

const problem = (type: string, status: number, fields: Record<string, string> = {}): Given => ({
  ...{ status, fields },
  text: JSON.stringify({
    type: `urn:ietf:params:acme:error:${type}`,
    detail: 'because',
    subproblems: [{ detail: 'of this' }],
  }),
});

describe('an authority (RFC 8555 §6)', () => {
  test('an account is made once; a nonce comes from the answer before', async () => {
    const { authority, asked } = authorityThat(() => ({
      status: 201,
      fields: { location: 'https://ca.test/acct/1' },
    }));
    assert.equal(await authority.logIn(new AccountKey(), { email: 'a@b.test' }), 'https://ca.test/acct/1');
    await authority.post('https://ca.test/x', {});
    const expected = [`GET ${DIRECTORY}`, `POST ${URLS.newAccount}`, 'POST https://ca.test/x'];
    assert.deepEqual(
      asked.filter((line) => !line.startsWith('HEAD')),
      expected,
    );
    assert.ok(asked.filter((line) => line.startsWith('HEAD')).length <= 1);
  });

  test('a refusal says type, details and when to come back', async () => {
    const { authority } = authorityThat(() => problem('rateLimited', 429, { 'retry-after': '120' }));
    await authority.logIn(new AccountKey(), { account: 'https://ca.test/acct/1' });
    await assert.rejects(authority.post('https://ca.test/x', {}), (error: AcmeError) => {
      assert.ok(error instanceof AcmeError);
      assert.equal(error.message, 'POST https://ca.test/x: rateLimited: because; of this');
      assert.deepEqual([error.type, error.status, error.retryAfter], ['rateLimited', 429, 120_000]);
      return true;
    });
  });

  test('an old nonce is replaced, but not for ever (§6.5)', async () => {
    const once = authorityThat((_url, turn) => (turn < 4 ? problem('badNonce', 400) : {}));
    await once.authority.logIn(new AccountKey(), { account: 'kid' });
    await once.authority.post('https://ca.test/x', {});
    const always = authorityThat(() => problem('badNonce', 400));
    await always.authority.logIn(new AccountKey(), { account: 'kid' });
    await assert.rejects(always.authority.post('https://ca.test/x', {}), /badNonce/);
    assert.ok(always.asked.length < 15);
  });

  test('an authority that wants to know its customers, and answers that are none', async () => {
    const external = authorityThat(() => ({}), { ...URLS, meta: { externalAccountRequired: true } });
    await assert.rejects(external.authority.logIn(new AccountKey(), {}), /set options\.externalAccount/);
    const page = authorityThat(() => ({ status: 502, text: '<html>' }));
    await page.authority.logIn(new AccountKey(), { account: 'kid' });
    await assert.rejects(page.authority.post('https://ca.test/x', {}), /status 502/);
    const text = authorityThat(() => ({ text: 'hello' }));
    await text.authority.logIn(new AccountKey(), { account: 'kid' });
    await assert.rejects(text.authority.postForJson('https://ca.test/x', {}), /no JSON/);
  });

  test('renewal information, where there is some, and where it makes sense (RFC 9773 §4.2)', async () => {
    const window = { start: '2026-01-02T00:00:00Z', end: '2026-01-03T00:00:00Z' };
    const infoOf = (suggestedWindow: object, directory: object = URLS) =>
      authorityThat(
        () => ({ text: JSON.stringify({ suggestedWindow }), fields: { 'retry-after': '3600' } }),
        directory,
      );
    const { authority, asked } = infoOf(window);
    assert.deepEqual(await authority.renewalInfo('aki.serial'), {
      ...{ start: Date.parse(window.start), end: Date.parse(window.end), retryAfter: 3_600_000 },
    });
    assert.equal(asked.at(-1), 'GET https://ca.test/ari/aki.serial');
    const { renewalInfo: _, ...without } = URLS;
    assert.equal(await infoOf(window, without).authority.renewalInfo('a'), undefined);
    assert.equal(
      await infoOf({ start: window.end, end: window.start }).authority.renewalInfo('a'),
      undefined,
    );
    assert.equal(await infoOf({}).authority.renewalInfo('a'), undefined);
  });
});
