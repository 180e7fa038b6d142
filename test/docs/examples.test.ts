/**
 * Every `ts` block of README.md and `docs/` compiles against the sources.
 *
 * A block may use names that it does not declare: `<!-- declare NAME: TYPE -->` on the line before the block declares one.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = join(ROOT, 'build/examples-of-docs');
const BLOCK = /((?:^<!-- declare [^\n]* -->\n)*)^```ts\n(.*?)^```$/gms;

interface Example {
  /** `OPERATING-2.ts`, the second block of its page. */
  readonly file: string;
  readonly code: string;
}

function examplesOf(page: string): Example[] {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(BLOCK)].map(
    ([, comments = '', code = ''], index) => {
      const declared = comments.replace(/^<!-- (declare )(.*) -->$/gm, '$1const $2;');
      return { file: `${basename(page, '.md')}-${index + 1}.ts`, code: `${code}\n${declared}\nexport {};\n` };
    },
  );
}

function exportsOfPackage(): Record<string, readonly string[]> {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { types: string }>;
  };
  const paths = Object.entries(exports).flatMap(([name, target]) => {
    if (typeof target === 'string') return [];
    const source = target.types.replace('./dist/', 'src/').replace('.d.ts', '.ts');
    return [[name.replace(/^\./, 'serval'), [join(ROOT, source)]] as const];
  });
  return Object.fromEntries(paths);
}

test('README.md and docs/: every ts block compiles', () => {
  const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
  const examples = pages.filter((page) => page.endsWith('.md')).flatMap(examplesOf);
  assert.ok(examples.length > 8, `${examples.length} examples`);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { file, code } of examples) writeFileSync(join(FOLDER, file), code);
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { paths: exportsOfPackage() },
    include: ['*.ts'],
  };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [compiler, '-p', FOLDER], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout);
  }
});
