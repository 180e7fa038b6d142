import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbuseGuard } from '../../src/http2/abuse.ts';
import { EARNED_BY_DATA, EARNED_BY_REQUEST, RATES, type RateName } from '../../src/http2/limits.ts';

/** How often it may happen now. */
function allowed(guard: AbuseGuard, name: RateName): number {
  let times = 0;
  while (guard.note(name) === undefined) times++;
  return times;
}

test('each bucket holds its burst, and then what is wrong is said', () => {
  const guard = new AbuseGuard();
  for (const name of Object.keys(RATES) as RateName[]) {
    assert.equal(allowed(guard, name), RATES[name].burst);
    assert.match(guard.note(name)!.reason, /^TooMany/);
  }
});

test('a bucket fills with time, and never above its burst', () => {
  const guard = new AbuseGuard();
  guard.now = 5_000;
  allowed(guard, 'resets');
  guard.now = 6_000;
  assert.equal(allowed(guard, 'resets'), 33);
  guard.now = 1_000_000;
  assert.equal(allowed(guard, 'resets'), 1_000);
});

test('parts of a token add up', () => {
  const guard = new AbuseGuard();
  allowed(guard, 'settings');
  for (let now = 100; now < 1_000; now += 100) {
    guard.now = now;
    assert.notEqual(guard.note('settings'), undefined);
  }
  guard.now = 1_001;
  assert.equal(guard.note('settings'), undefined);
});

test('requests and content that is sent give tokens back, to what they account for', () => {
  const guard = new AbuseGuard();
  for (const name of ['windowUpdates', 'priorities', 'pings'] as const) allowed(guard, name);
  guard.onRequest();
  assert.deepEqual(
    [allowed(guard, 'windowUpdates'), allowed(guard, 'priorities'), allowed(guard, 'pings')],
    [EARNED_BY_REQUEST, EARNED_BY_REQUEST, 0],
  );
  guard.onDataSent();
  assert.deepEqual([allowed(guard, 'windowUpdates'), allowed(guard, 'priorities')], [EARNED_BY_DATA, 0]);
});

test('a request that is sent gives tokens back for what the peer may do to it', () => {
  const guard = new AbuseGuard();
  const names = ['windowUpdates', 'resets', 'streamErrors', 'pings', 'settings'] as const;
  for (const name of names) allowed(guard, name);
  guard.onRequestSent();
  assert.deepEqual(
    names.map((name) => allowed(guard, name)),
    [EARNED_BY_REQUEST, 1, 1, 0, 0],
  );
});
