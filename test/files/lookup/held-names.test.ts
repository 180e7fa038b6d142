import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { describe, test } from 'node:test';
import { HeldNames, type NameSource } from '../../../src/files/lookup/held-names.ts';

/** A file system of these folders; `fold` is how it compares names. */
class Folders implements NameSource {
  readonly #folders: Record<string, string[]>;
  readonly #fold: (name: string) => string;
  looks = 0;

  constructor(folders: Record<string, string[]>, fold: (name: string) => string) {
    this.#folders = folders;
    this.#fold = fold;
  }

  async lstat(path: string): Promise<unknown> {
    this.looks++;
    const names = await this.#list(dirname(path));
    if (names.some((name) => this.#fold(name) === this.#fold(basename(path)))) return {};
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  }

  async readdir(path: string): Promise<string[]> {
    this.looks++;
    return this.#list(path);
  }

  async #list(path: string): Promise<string[]> {
    return this.#folders[path] ?? [];
  }
}

const EXACT = (name: string) => name;
const CASELESS = (name: string) =>
  name.toLowerCase().normalize('NFC').replace('ſ', 's').replace('\u00ad', '');
const TREE = {
  '/r': ['conf', 'README', '日本', '2024'],
  '/r/conf': ['serval.json', 'été.html'],
  '/r/日本': ['1'],
  '/r/2024': ['01'],
};

describe('HeldNames', () => {
  test('where names are compared without case, gives the names that are held', async () => {
    const names = new HeldNames(new Folders(TREE, CASELESS));
    for (const [asked, held] of [
      [
        ['CONF', 'SERVAL.JSON'],
        ['conf', 'serval.json'],
      ],
      [
        ['conf', 'serval.json'],
        ['conf', 'serval.json'],
      ],
      [
        ['Conf', '\u017ferval.json'],
        ['conf', 'serval.json'],
      ],
      [
        ['conf', 'ser\u00adval.json'],
        ['conf', 'serval.json'],
      ],
      [
        ['conf', 'e\u0301te\u0301.html'],
        ['conf', 'été.html'],
      ],
      [['readme'], ['README']],
      [
        ['README', ''],
        ['README', ''],
      ],
      [
        ['日本', '1'],
        ['日本', '1'],
      ],
      [[], []],
    ] as const) {
      assert.deepEqual(await names.of('/r', asked), held, asked.join('/'));
    }
  });

  test('a name that finds something and is not listed is none', async () => {
    const short = (name: string) => name.toLowerCase().replace('conf~1', 'conf');
    assert.equal(await new HeldNames(new Folders(TREE, short)).of('/r', ['CONF~1']), undefined);
  });

  test('where names are compared exactly, looks once at each folder in ten seconds', async () => {
    let now = 0;
    const folders = new Folders({ ...TREE, '/r': [...TREE['/r'], 'readme'] }, EXACT);
    const names = new HeldNames(folders, () => now);
    for (let times = 0; times < 10; times++) {
      assert.deepEqual(await names.of('/r', ['conf', 'serval.json']), ['conf', 'serval.json']);
      assert.deepEqual(await names.of('/r', ['2024', '01']), ['2024', '01']);
    }
    assert.equal(folders.looks, 3, 'the last has no letters, so its names are read');
    now = 10_001;
    assert.deepEqual(await names.of('/r', ['conf', 'serval.json']), ['conf', 'serval.json']);
    assert.equal(folders.looks, 5);
  });

  test('two files whose names differ in case only are two', async () => {
    const names = new HeldNames(new Folders({ '/r': ['readme', 'README'] }, EXACT));
    assert.deepEqual(await names.of('/r', ['readme']), ['readme']);
    assert.deepEqual(await names.of('/r', ['README']), ['README']);
  });
});
