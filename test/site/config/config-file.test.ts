import assert from 'node:assert/strict';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isConfigFile } from '../../../src/site/config/config-file.ts';

describe('isConfigFile', () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'serval-config-')));
  const config = join(base, 'conf', 'serval.json');
  mkdirSync(join(base, 'conf'));
  writeFileSync(config, '{}');
  after(() => rmSync(base, { recursive: true }));

  const identityOf = (path: string) => {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  };

  test('compares files by device and inode: other names of the same file', () => {
    linkSync(config, join(base, 'SERVAL~1.JSO'));
    writeFileSync(join(base, 'other.json'), '{}');
    const isConfig = isConfigFile(config);
    assert.equal(isConfig(join(base, 'SERVAL~1.JSO'), identityOf(join(base, 'SERVAL~1.JSO'))), true);
    assert.equal(isConfig(join(base, 'other.json'), identityOf(join(base, 'other.json'))), false);
  });

  test('compares paths in a form that is the same for every spelling, of folders as well', () => {
    for (const file of [config, join(base, 'conf', 'missing.json')]) {
      const isConfig = isConfigFile(file);
      for (const spelled of [
        file,
        file.toUpperCase(),
        file.replace('conf', 'Conf'),
        file.replace('.json', '.j\u017fon'),
        file.replace('.json', '.js\u00adon'),
        `${file}.`,
      ]) {
        assert.equal(isConfig(spelled), true, spelled);
      }
      assert.equal(isConfig(join(base, 'serval.json')), false, 'of another folder');
      assert.equal(isConfig(`${file}5`), false);
    }
  });

  test('knows the file that it links to', () => {
    const link = join(base, 'linked.json');
    symlinkSync(config, link);
    for (const path of [link, config]) assert.equal(isConfigFile(link)(path), true, path);
  });
});
