/** Every `ts` block of README.md and `docs/` compiles against the sources, and runs. Its servers answer. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { certificatePair } from '../support/certificates.ts';
import { type Example, examplesOfDocs, ROOT } from './examples.ts';
import type { Ran } from './run-examples.ts';

const FOLDER = join(ROOT, 'build/examples-of-docs');
const RUN = fileURLToPath(new URL('./run-examples.js', import.meta.url));

const examples = examplesOfDocs();

test('README.md and docs/: every ts block compiles', () => {
  assert.ok(examples.length > 8, `${examples.length} examples`);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, code } of examples) writeFileSync(join(FOLDER, `${name}.ts`), code);
  const paths = Object.fromEntries(
    Object.entries(entries()).map(([entry, file]) => [entry, [join(ROOT, 'src', `${file}.ts`)]]),
  );
  const config = { extends: '../../tsconfig.json', compilerOptions: { paths }, include: ['*.ts'] };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [compiler, '-p', FOLDER], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout);
  }
});

test('README.md and docs/: every ts block runs, and its servers answer', async (t) => {
  const working = mkdtempSync(join(tmpdir(), 'serval-docs-'));
  // Beside the modules that they import.
  const scripts = join(ROOT, 'build/examples-of-docs-run');
  const chosen = examples.filter(({ isRun }) => isRun);
  try {
    rmSync(scripts, { recursive: true, force: true });
    mkdirSync(scripts, { recursive: true });
    furnish(working);
    await compile(chosen, scripts, working);
    const files = chosen.map(({ name }) => join(scripts, `${name}.js`));
    const printed = execFileSync(process.execPath, [RUN, ...files], {
      cwd: working,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    const all = printed
      .split('\n')
      .flatMap((line) => (line.startsWith('{"name"') ? [JSON.parse(line) as Ran] : []));
    for (const { name, code } of chosen)
      await t.test(name, () => {
        const ran = all.find((other) => other.name === name);
        assert.ok(ran, printed);
        assert.deepEqual(ran.faults, []);
        assert.ok(
          ran.statuses.every((status) => status < 500),
          String(ran.statuses),
        );
        if (/\bport: \d/.test(code)) assert.ok(ran.statuses.length > 0, 'no server listens');
      });
  } finally {
    rmSync(working, { recursive: true });
  }
});

/** What a user's folder has when the examples are run in it. */
function furnish(folder: string): void {
  const { cert, key } = certificatePair('localhost', '127.0.0.1');
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key);
  // In place of /run.
  mkdirSync(join(folder, 'serval'));
  for (const site of ['dist', 'public']) {
    mkdirSync(join(folder, site));
    writeFileSync(join(folder, site, 'index.html'), '<!doctype html><title>Site</title>');
  }
}

/** Turns the examples into JavaScript that imports the compiled sources, and listens at any free port of this machine. */
async function compile(chosen: readonly Example[], scripts: string, working: string): Promise<void> {
  const names = entries();
  for (const { name, code } of chosen) {
    const local = code
      .replace(/\b(port|redirectHttp): (process\.env\['PORT'\] \?\? )?\d+/g, '$1: 0')
      .replace(/hostname: '[^']*'/g, "hostname: '127.0.0.1'")
      .replaceAll("'/run/", `'${working}/`);
    writeFileSync(join(scripts, `${name}.ts`), local);
  }
  const bundle = await rolldown({
    input: Object.fromEntries(chosen.map(({ name }) => [name, join(scripts, `${name}.ts`)])),
    platform: 'node',
    logLevel: 'silent',
    plugins: [
      {
        name: 'packages stay outside',
        resolveId(id, importer) {
          if (importer === undefined || id.startsWith('.')) return null;
          const file = names[id];
          return { id: file === undefined ? id : join(ROOT, 'build/src', `${file}.js`), external: true };
        },
      },
    ],
  });
  await bundle.write({ dir: scripts });
}

/** The entries of the package: `serval/files` is `files/index`. */
function entries(): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { types: string }>;
  };
  return Object.fromEntries(
    Object.entries(exports).flatMap(([name, target]) =>
      typeof target === 'string'
        ? []
        : [[name.replace(/^\./, 'serval'), target.types.replace(/^\.\/dist\/(.*)\.d\.ts$/, '$1')]],
    ),
  );
}
