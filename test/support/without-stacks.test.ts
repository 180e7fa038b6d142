import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutStacks } from './without-stacks.ts';

test('withoutStacks: errors have no stack while it runs, and have one again behind it', () => {
  const framesOf = (error: Error) => error.stack?.split('\n    at ').slice(1) ?? [];
  withoutStacks(() => assert.deepEqual(framesOf(new Error('x')), []));
  assert.notDeepEqual(framesOf(new Error('x')), []);
});

test('withoutStacks: what it throws tells where it was called', () => {
  const fail = () =>
    withoutStacks(() => {
      throw new RangeError('U+1');
    });
  assert.throws(
    fail,
    ({ message, stack }: Error) => message === 'U+1' && /without-stacks\.test/.test(stack!),
  );
  assert.ok(Error.stackTraceLimit > 0);
});
