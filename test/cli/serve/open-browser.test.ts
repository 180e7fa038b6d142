import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../../support/until.ts';
import { ServalProcess } from '../serval-process.ts';

const skip = process.platform !== 'linux' && 'the opener of this system is not one that a test can replace';

describe('--open', { skip }, () => {
  let base: string;
  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'serval-open-'));
  });
  after(() => rm(base, { recursive: true }));

  /** An environment in which `xdg-open` is this script. */
  async function withOpener(script: string): Promise<Record<string, string>> {
    const file = join(base, 'xdg-open');
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return { PATH: `${base}:/usr/bin:/bin` };
  }

  it('opens the browser at the first URL', async () => {
    const seen = join(base, 'seen');
    await using serval = await ServalProcess.serve(
      [base, '--open'],
      await withOpener(`echo "$#:$1" > ${seen}`),
    );
    await until('it is opened', () =>
      readFile(seen, 'utf8').then(
        (text) => text.endsWith('\n'),
        () => false,
      ),
    );
    assert.equal(await readFile(seen, 'utf8'), `1:${serval.origin}/\n`);
    assert.equal(serval.stderr, '');
  });

  it('does not by itself', async () => {
    const seen = join(base, 'unseen');
    await using serval = await ServalProcess.serve([base], await withOpener(`echo "$1" > ${seen}`));
    assert.equal((await fetch(`${serval.origin}/xdg-open`)).status, 200);
    await assert.rejects(readFile(seen));
  });

  it('says in one line that it failed, and goes on', async () => {
    const failures: [Record<string, string>, string][] = [
      [await withOpener('exit 3'), 'xdg-open exited with 3'],
      [{ PATH: '/nowhere' }, 'xdg-open is not installed'],
    ];
    for (const [env, why] of failures) {
      await using serval = await ServalProcess.serve([base, '--open'], env);
      assert.equal(
        await serval.complaint(),
        `serval: cannot open a browser (${why}); open ${serval.origin}/ yourself\n`,
      );
      assert.equal((await fetch(`${serval.origin}/xdg-open`)).status, 200);
    }
  });
});
