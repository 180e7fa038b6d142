import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { excerptOf, pagesWithExcerpts, withExcerpts } from '../../tools/docs/source-excerpts.ts';

const SOURCE = `/** The file. */
const LIMIT = 3;

/** What it is. */
export function first(
  a: number,
): number {
  if (a > LIMIT) {
    second();
  }
  return a;
}

class Thing {
  readonly #list: string[] = [];

  // Why.
  #member(a: number): void {
    switch (a) {
      case ONE: {
        first(a);
        break;
      }
    }
  }
}
`;

const excerpt = (choice: Parameters<typeof excerptOf>[2]): string => excerptOf(SOURCE, 'a.ts', choice);

test('an excerpt: a declaration with its comment, to its end', () => {
  assert.equal(
    excerpt({ name: 'first' }),
    '/** What it is. */\nexport function first(\n  a: number,\n): number {\n  if (a > LIMIT) {\n    second();\n  }\n  return a;\n}',
  );
  assert.equal(excerpt({ name: 'LIMIT' }), '/** The file. */\nconst LIMIT = 3;');
});

test('an excerpt: a member, without its indentation', () => {
  assert.match(
    excerpt({ name: '#member' }),
    /^\/\/ Why\.\n#member\(a: number\): void \{\n {2}switch.*\n\}$/s,
  );
  assert.equal(excerpt({ name: '#list' }), 'readonly #list: string[] = [];');
});

test('an excerpt: a branch, and chosen lines', () => {
  assert.equal(excerpt({ name: 'case ONE' }), 'case ONE: {\n  first(a);\n  break;\n}');
  assert.equal(excerpt({ name: 'first', from: 'if (a', to: '}' }), 'if (a > LIMIT) {\n  second();\n}');
});

test('an excerpt: the whole file', () => assert.equal(excerpt({}), SOURCE.trimEnd()));

test('an excerpt that is not there, or too long, is a mistake', () => {
  assert.throws(() => excerpt({ name: 'second' }), /a\.ts: expected one declaration of second, found 0/);
  assert.throws(() => excerpt({ name: 'first', from: 'nowhere' }), /first has no line with nowhere/);
  const body = (lines: number): string => `function long() {\n${'  a();\n'.repeat(lines - 2)}}\n`;
  assert.equal(excerptOf(body(24), 'b.ts', { name: 'long' }).split('\n').length, 24);
  assert.throws(
    () => excerptOf(body(25), 'b.ts', { name: 'long' }),
    /long takes 25 lines, expected at most 24/,
  );
});

test('a page is filled from the source, and a comment without a block is a mistake', () => {
  const root = mkdtempSync(join(tmpdir(), 'serval-excerpts-'));
  try {
    mkdirSync(join(root, 'docs/tour'), { recursive: true });
    writeFileSync(join(root, 'a.ts'), SOURCE);
    writeFileSync(join(root, 'docs/none.md'), 'Text\n');
    const page = (code: string): string =>
      `# A\n\n<!-- source: a.ts #case ONE -->\n\`\`\`ts\n${code}\`\`\`\n\nText\n`;
    writeFileSync(join(root, 'docs/tour/a.md'), page('old();\n'));
    assert.deepEqual(pagesWithExcerpts(root), ['docs/tour/a.md']);
    assert.equal(withExcerpts(root, 'docs/tour/a.md'), page('case ONE: {\n  first(a);\n  break;\n}\n'));
    writeFileSync(join(root, 'docs/tour/a.md'), '<!-- source: a.ts #first -->\n\nText\n');
    assert.throws(() => withExcerpts(root, 'docs/tour/a.md'), /has no ts block below it/);
  } finally {
    rmSync(root, { recursive: true });
  }
});
