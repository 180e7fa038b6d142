import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parsePasswordHash, verifyPassword } from '../../src/site/password-hash.ts';
import { parseUser } from '../../src/site/users.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

function run(
  words: string[],
  input: string | Buffer,
): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'hash', ...words], {
    input,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

describe('serval hash', () => {
  it('reads a password from a pipe, with the end of the line or without', async () => {
    for (const input of ['me ow', 'me ow\n', 'me ow\r\n']) {
      const { code, stdout, stderr } = run([], input);
      assert.equal(code, 0);
      assert.equal(stderr, '');
      assert.equal(await verifyPassword('me ow', parsePasswordHash(stdout.replace(/\n$/, ''))), true);
    }
  });

  it('puts the name in front', async () => {
    const { name, hash } = parseUser(run(['ann'], 'süß').stdout.trimEnd());
    assert.equal(name, 'ann');
    assert.equal(await verifyPassword('süß', hash), true);
  });

  it('refuses what is no password, in one line that does not have it', () => {
    for (const input of ['', '\n', 'two\nlines\n', 'nul\0', 'x'.repeat(1025)]) {
      const { code, stdout, stderr } = run([], input);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /^serval: [^\n]*password[^\n]*\.\n$/);
      assert.ok(!stderr.includes('two'));
    }
    assert.equal(run([], 'x'.repeat(1024)).code, 0);
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
        const questions = shown.match(/(Password for ann|Once more): /g)?.length ?? 0;
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
      assert.match(shown, /two different passwords/);
      assert.ok(!shown.includes('open'), shown);
    });

    it('is ended by Ctrl-C', async () => {
      const { shown, code } = await type('op\x03');
      assert.equal(code, 1);
      assert.match(shown, /interrupted/);
    });
  });
});
