import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Fetch } from '../../src/acme/authority.ts';
import { resolveAcme } from '../../src/acme/options.ts';
import { Renewal } from '../../src/acme/renewal.ts';
import { Storage } from '../../src/acme/storage.ts';
import { HandClock } from '../io/hand-clock.ts';
import { certificateAuthority } from '../support/certificates.ts';

const root = mkdtempSync(join(tmpdir(), 'serval-renewal-'));
after(() => rmSync(root, { recursive: true, force: true }));
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DIRECTORY = 'https://ca.test/dir';

class Clock extends HandClock {
  offset = 0;
  override date(): number {
    return Date.now() + this.offset;
  }
}

/** A certificate in the storage, and an authority that suggests a window and takes no order. */
async function withSuggestion(
  window: { start: number; end: number } | undefined,
  failure: object,
  status = 429,
) {
  const folder = mkdtempSync(join(root, 'folder-'));
  const settings = resolveAcme({ names: ['a.test'], directory: DIRECTORY, folder });
  const storage = new Storage(folder, DIRECTORY, 'a.test');
  const { cert, key } = certificateAuthority().issue(['a.test']);
  await storage.setCertificate(cert, key);
  const asked: string[] = [];
  const iso = (time: number) => new Date(time).toISOString();
  const fetch: Fetch = async (url, { method }) => {
    asked.push(`${method} ${url.replace(/ari\/.*/, 'ari')}`);
    const directory = {
      ...{
        newNonce: 'https://ca.test/nonce',
        newAccount: 'https://ca.test/account',
        newOrder: 'https://ca.test/order',
      },
      ...(window && { renewalInfo: 'https://ca.test/ari' }),
    };
    const suggestedWindow = window && { start: iso(window.start), end: iso(window.end) };
    const body = url === DIRECTORY ? directory : url.includes('/ari/') ? { suggestedWindow } : failure;
    const isFailure = url.endsWith('/order');
    const fields: Record<string, string> = {
      'replay-nonce': 'n',
      location: 'https://ca.test/acct/1',
      ...(isFailure && { 'retry-after': '7200' }),
    };
    return {
      status: isFailure ? status : 200,
      headers: { get: (name) => fields[name] ?? null },
      text: async () => JSON.stringify(body),
    };
  };
  const clock = new Clock();
  const renewal = new Renewal(settings, storage, fetch, clock, new AbortController().signal);
  return { renewal, storage, clock, asked };
}

const LIMITED = { type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many' };

test('RFC 9773: a window that lies ahead is kept for some hours, and nothing is ordered', async () => {
  const start = Date.now() + 5 * DAY;
  const { renewal, storage, clock, asked } = await withSuggestion({ start, end: start + DAY }, LIMITED);
  await renewal.run();
  const { renewAt, suggestedUntil } = await storage.state();
  assert.ok(renewAt! >= start && renewAt! <= start + DAY);
  assert.ok(Math.abs(suggestedUntil! - Date.now() - 6 * HOUR) < 60_000);
  assert.equal(await renewal.mayBeDue(), false);
  await renewal.run();
  assert.deepEqual(asked, [`GET ${DIRECTORY}`, 'GET https://ca.test/ari']);
  clock.offset = 7 * HOUR;
  assert.equal(await renewal.mayBeDue(), true, 'the authority is asked again');
});

test('RFC 9773: a window that has begun, as after a mistake of the authority, renews at once', async () => {
  const start = Date.now() - DAY;
  const { renewal, storage, clock, asked } = await withSuggestion({ start, end: start + HOUR }, LIMITED);
  await assert.rejects(renewal.run(), /rateLimited: too many/);
  assert.ok(asked.includes('POST https://ca.test/order'));
  const { failures, nextAttempt } = await storage.state();
  assert.equal(failures, 1);
  assert.ok(nextAttempt - Date.now() > 1.9 * HOUR, 'not before the authority wants to be asked');
  assert.equal(await renewal.mayBeDue(), false);
  clock.offset = 2.1 * HOUR;
  assert.equal(await renewal.mayBeDue(), true);
});

test('without suggestions it is renewed after two thirds of its lifetime', async () => {
  const { renewal, clock, asked } = await withSuggestion(undefined, LIMITED);
  await renewal.run();
  clock.offset = 19 * DAY;
  await renewal.run();
  assert.ok(asked.every((line) => line === `GET ${DIRECTORY}`));
  clock.offset = 21 * DAY;
  await assert.rejects(renewal.run(), /rateLimited/);
});

test('an account that the authority has forgotten is made again', async () => {
  const unknown = { type: 'urn:ietf:params:acme:error:accountDoesNotExist' };
  const { renewal, storage, clock } = await withSuggestion(undefined, unknown, 400);
  clock.offset = 21 * DAY;
  await assert.rejects(renewal.run(), /accountDoesNotExist/);
  const account = await storage.account();
  assert.ok(account?.key !== undefined && account.url === undefined);
});
