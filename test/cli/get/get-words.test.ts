import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGetWords } from '../../../src/cli/get/get-words.ts';

test('serval get: --no-<option> turns a flag off again, as with curl', () => {
  const read = (line: string) => readGetWords([...line.split(' '), 'a.test']);
  for (const [line, member] of [
    ...([
      ['-v --no-verbose', 'verbose'],
      ['-L --no-location', 'follow'],
      ['-f --no-fail', 'fail'],
    ] as const),
    ...([
      ['-s --no-silent', 'silent'],
      ['-i --no-include', 'include'],
      ['--compressed --no-compressed', 'compressed'],
    ] as const),
  ]) {
    assert.equal(read(line)[member], false, line);
    assert.equal(read(line.split(' ')[0]!)[member], true, line);
  }
  assert.equal(read('--no-http2').http2, false);
  assert.equal(read('--no-http1.1').http2, true);
  assert.equal(read('-k --no-insecure').tls.insecure, false);
  assert.throws(() => read('--no-user'), /unknown option "--no-user" of "get"/);
});
