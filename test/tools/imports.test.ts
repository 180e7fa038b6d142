import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circlesAmong, type Source, sourcesBelow } from '../../tools/imports.ts';

const source = (file: string, ...imports: string[]): Source => ({ file, text: '', imports });

test('import circles: a tree of imports has none', () => {
  assert.deepEqual(
    circlesAmong([source('a.ts', 'b.ts', 'c.ts'), source('b.ts', 'c.ts'), source('c.ts')]),
    [],
  );
});

test('import circles: files that import each other are one circle, whatever else they import', () => {
  const sources = [
    source('a.ts', 'b.ts', 'node:fs'),
    source('b.ts', 'c.ts'),
    source('c.ts', 'a.ts', 'd.ts'),
    source('d.ts', 'e.ts'),
    source('e.ts'),
  ];
  assert.deepEqual(
    circlesAmong(sources).map((circle) => circle.sort()),
    [['a.ts', 'b.ts', 'c.ts']],
  );
});

test('import circles: type imports count', () => {
  const file = sourcesBelow('bench').find((one) => one.file === 'bench/end-to-end/undisturbed.ts');
  assert.match(file!.text, /import type .* from '.\/measured.ts'/);
  assert.deepEqual(file!.imports, ['bench/end-to-end/measured.ts']);
});
