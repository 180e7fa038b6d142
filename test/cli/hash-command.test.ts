import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { parsePasswordHash, verifyPassword } from '../../src/site/access/password-hash.ts';
import { parseUser } from '../../src/site/access/users.ts';
import type { Outcome } from './command-lines.ts';
import { MAIN } from './serval-process.ts';

function run(words: string[], input: string): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, 'hash', ...words]);
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
    });
  }
  // Who has read enough may be gone before all is written.
  child.stdin.on('error', () => {}).end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, ...written })));
}

// Two at a time: each is a process that starts.
describe('serval hash', { concurrency: 2 }, () => {
  const longest = 'x'.repeat(1024);
  for (const [title, words, input, password] of [
    ['with the end of the line', [], 'me ow\n', 'me ow'],
    ['with the end of the line as Windows has it, and puts the name in front', ['ann'], 'süß\r\n', 'süß'],
    ['without one, of 1,024 octets', [], longest, longest],
  ] as [string, string[], string, string][]) {
    it(`reads a password from a pipe, ${title}`, async () => {
      const { code, stdout, stderr } = await run(words, input);
      assert.deepEqual([code, stderr], [0, '']);
      const [, name, hash] = /^(?:(ann):)?(.*)\n$/.exec(stdout)!;
      assert.equal(name, words[0]);
      assert.equal(await verifyPassword(password, parsePasswordHash(hash!)), true);
    });
  }

  it('refuses what is no password, in one line that does not have it', async () => {
    for (const input of ['', '\n', 'two\nlines\n', 'nul\0', `${longest}x`]) {
      const { code, stdout, stderr } = await run([], input);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /^serval: [^\n]*password[^\n]*\n$/);
      assert.ok(!stderr.includes('two'));
    }
  });

  const script = spawnSync('script', ['--version']).error === undefined && process.platform === 'linux';
  describe('on a terminal', { skip: !script && 'script(1) is not here to make a terminal' }, () => {
    /** What is typed when the question is there, and all that the terminal shows. */
    async function type(...answers: string[]): Promise<{ shown: string; code: number | null }> {
      const child = spawn('script', ['-qefc', `"${process.execPath}" "${MAIN}" hash ann`, '/dev/null']);
      let shown = '';
      let asked = 0;
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        shown += text;
        const questions = shown.match(/(Password for ann|Repeat it): /g)?.length ?? 0;
        for (; asked < questions; asked++) {
          const answer = answers[asked];
          if (answer !== undefined) child.stdin.write(answer);
        }
      });
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
      return { shown, code };
    }

    it('asks twice and shows nothing of the answers', async () => {
      const { shown, code } = await type('opn\x7fen\r', 'wrong\x15open\r');
      assert.equal(code, 0);
      assert.ok(!shown.includes('open') && !shown.includes('opn'), shown);
      const { hash } = parseUser(/ann:scrypt\S+/.exec(shown)![0]);
      assert.equal(await verifyPassword('open', hash), true);
    });

    it('takes both answers at once, as a paste brings them', async () => {
      const { shown, code } = await type('open\ropen\r');
      assert.equal(code, 0, shown);
    });

    it('says that the two differ', async () => {
      const { shown, code } = await type('open\r', 'opne\r');
      assert.equal(code, 1);
      assert.match(shown, /the two passwords differ/);
      assert.ok(!shown.includes('open'), shown);
    });

    it('is ended by Ctrl-C', async () => {
      const { shown, code } = await type('op\x03');
      assert.equal(code, 1);
      assert.match(shown, /interrupted/);
    });
  });
});
