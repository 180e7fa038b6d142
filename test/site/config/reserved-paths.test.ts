import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isReservedPath } from '../../../src/site/config/reserved-paths.ts';

describe('isReservedPath', () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'serval-reserved-')));
  after(() => rmSync(base, { recursive: true }));

  test('nothing without paths', () => assert.equal(isReservedPath({})(join(base, 'a')), false));

  test('files, in every spelling', () => {
    const isReserved = isReservedPath({ files: [join(base, 'serval.json'), join(base, 'site.key')] });
    for (const name of ['serval.json', 'site.key', 'SITE.KEY'])
      assert.equal(isReserved(join(base, name)), true, name);
    for (const name of ['site.key2', 'a/site.key']) assert.equal(isReserved(join(base, name)), false, name);
  });

  test('folders with everything in them, and by the name that they link to', () => {
    mkdirSync(join(base, 'real'));
    writeFileSync(join(base, 'real', 'authority.key'), '');
    symlinkSync('real', join(base, 'link'));
    const isReserved = isReservedPath({ folders: [join(base, 'link')] });
    for (const name of ['real', 'real/authority.key', 'Real/acme/a/certificate.pem'])
      assert.equal(isReserved(join(base, name)), true, name);
    for (const name of ['real2', 'realm/a', 'a/real'])
      assert.equal(isReserved(join(base, name)), false, name);
  });
});
