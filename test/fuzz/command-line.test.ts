/** What `npm run fuzz` says to a command line: its usage, and never a stack. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

const run = (...words: string[]) => spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8' });

test('--help prints the usage', () => {
  for (const word of ['--help', '-h']) {
    const { status, stdout, stderr } = run(word);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^usage: npm run fuzz -- \[--minutes N\].*\|hpack\|/);
  }
});

test('an unknown option or value is one line, and the usage', () => {
  for (const [words, message] of [
    [['--frob'], "fuzz: Unknown option '--frob'"],
    [['--minutes'], "fuzz: Option '--minutes <value>' argument missing"],
    [['word'], "fuzz: Unexpected argument 'word'"],
    [['--minutes', '0'], 'fuzz: --minutes: expected a number above 0, got "0"'],
    [['--seed', 'x'], 'fuzz: --seed: expected an integer, got "x"'],
    [['--jobs', '0'], 'fuzz: --jobs: expected an integer from 1, got "0"'],
    [['--mode', 'x'], 'fuzz: --mode: expected one of those below, got "x"'],
    [['--corpus', '/nonexistent'], 'fuzz: --corpus: "/nonexistent" does not exist'],
  ] as const) {
    const { status, stderr } = run(...words);
    const [line, usage, ...rest] = stderr.split('\n');
    assert.deepEqual([status, line, rest], [2, message, ['']], stderr);
    assert.match(usage!, /^usage: npm run fuzz/);
  }
});
