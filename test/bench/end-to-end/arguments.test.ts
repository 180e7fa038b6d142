import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments, UsageError } from '../../../bench/end-to-end/arguments.ts';

test('without arguments: everything, five rounds, 2 s of warm-up and 4 s counted', () => {
  const { cases, peers, runtimes, rounds, quick, merge, warmUp, counted } = parseArguments([]);
  assert.deepEqual(
    { cases, peers, runtimes, rounds },
    { cases: [], peers: undefined, runtimes: [], rounds: 5 },
  );
  assert.deepEqual({ quick, merge, warmUp, counted }, { quick: false, merge: false, warmUp: 2, counted: 4 });
});

test('names are separated by commas or passed one by one', () => {
  const { cases, peers, runtimes } = parseArguments([
    '--case=hello,json',
    '--case',
    'idle',
    '--peers=bare',
    '--runtimes=node20,bun=/opt/bun',
  ]);
  assert.deepEqual(cases, ['hello', 'json', 'idle']);
  assert.deepEqual(peers, ['bare']);
  assert.deepEqual(runtimes, ['node20', 'bun=/opt/bun']);
});

test('"none" means no peers; --quick means two shorter rounds by default', () => {
  assert.deepEqual(parseArguments(['--peers', 'none']).peers, []);
  const { rounds, warmUp, counted } = parseArguments(['--quick']);
  assert.deepEqual({ rounds, warmUp, counted }, { rounds: 2, warmUp: 1, counted: 3 });
  assert.equal(parseArguments(['--quick', '--rounds=7']).rounds, 7);
});

test('invalid arguments are reported', () => {
  for (const words of [
    ['--rounds=0'],
    ['--rounds=x'],
    ['--seconds=1.5'],
    ['--rounds=1001'],
    ['--fast'],
    ['hello'],
  ]) {
    assert.throws(() => parseArguments(words), UsageError, words.join(' '));
  }
});
