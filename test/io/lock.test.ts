import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { takeLock } from '../../src/io/lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'serval-lock-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a lock is held by one, and free again when it is released', async () => {
  const file = join(folder, 'a', 'lock');
  const held = await Promise.all(Array.from({ length: 10 }, () => takeLock(file)));
  const [holder, ...others] = held.filter((lock) => lock !== undefined);
  assert.deepEqual(others, []);
  assert.equal(await takeLock(file), undefined);
  await holder!.release();
  assert.ok(!existsSync(file));
  const next = await takeLock(file);
  assert.ok(next);
  await holder!.release();
  assert.ok(existsSync(file), 'a lock that is no longer ours is left alone');
  await next.release();
});

test('a lock whose holder has died is free after a minute, for one', async () => {
  const file = join(folder, 'lock');
  writeFileSync(file, '1 dead');
  const age = (seconds: number) => utimesSync(file, new Date(), new Date(Date.now() - seconds * 1_000));
  age(50);
  assert.equal(await takeLock(file), undefined);
  age(70);
  const held = await Promise.all(Array.from({ length: 10 }, () => takeLock(file)));
  const taken = held.filter((lock) => lock !== undefined);
  assert.equal(taken.length, 1);
  await taken[0]!.release();
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('lock')),
    [],
  );
});
