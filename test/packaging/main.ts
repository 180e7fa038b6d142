/**
 * Checks the package as a user gets it: packs the tarball, and installs it into fresh projects.
 *
 *     npm run check:package                all checks
 *     npm run check:package -- examples    only these: lint, contents, types, examples
 *
 * Prints a table with a line for each combination. Exits with 1 if something failed. It needs the network, or the caches of npm and Yarn.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { checkContents } from './contents.ts';
import { checkExamples } from './examples.ts';
import { checkLint } from './lint.ts';
import type { Outcome } from './outcome.ts';
import { packageManagers, Tools } from './package-managers.ts';
import { packTarball } from './tarball.ts';
import { COMPILERS, checkTypes } from './type-matrix.ts';

const CHECKS = ['lint', 'contents', 'types', 'examples'];

const given = process.argv.slice(2);
const unknown = given.filter((word) => !CHECKS.includes(word));
if (unknown.length > 0) {
  console.error(`check:package: unknown check ${unknown.join(', ')}; known: ${CHECKS.join(', ')}`);
  process.exit(2);
}
const chosen = new Set(given.length > 0 ? given : CHECKS);

const started = Date.now();
const scratch = mkdtempSync(join(tmpdir(), 'serval-package-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

const tools = new Tools(scratch);
const tarball = await packTarball(scratch);
await tools.install([
  ...['publint@0', '@arethetypeswrong/cli@0', 'pnpm@10', '@yarnpkg/cli-dist@4', 'esbuild@0'],
  ...COMPILERS,
]);

/** Each is a line of work of its own; they run side by side. */
const works: (() => Promise<Outcome[]>)[] = [];
if (chosen.has('lint')) works.push(() => checkLint(tools, tarball));
if (chosen.has('contents')) works.push(() => checkContents(tools, tarball, scratch));
if (chosen.has('types'))
  for (const manager of packageManagers(tools))
    for (const hasNodeTypes of [true, false])
      works.push(() => checkTypes(manager, hasNodeTypes, scratch, tools, tarball));
if (chosen.has('examples')) works.push(() => checkExamples(tarball, scratch));

const SIDE_BY_SIDE = 2;
const outcomes: Outcome[] = [];
const waiting = [...works];
await Promise.all(
  Array.from({ length: SIDE_BY_SIDE }, async () => {
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
      const found = await work();
      for (const outcome of found) console.log(lineOf(outcome));
      outcomes.push(...found);
    }
  }),
);

const failed = outcomes.filter(({ fault }) => fault !== '');
for (const { what, fault } of failed) console.log(`\n=== ${what.join(' · ')}\n${fault}`);
const seconds = Math.round((Date.now() - started) / 1000);
console.log(`\n${outcomes.length - failed.length} ok, ${failed.length} failed, in ${seconds} s`);
process.exitCode = failed.length > 0 ? 1 : 0;

function lineOf({ what, fault }: Outcome): string {
  const columns = [18, 15, 17, 9];
  return `${what.map((cell, at) => cell.padEnd(columns[at] ?? 0)).join('  ')}  ${fault === '' ? 'ok' : 'FAILED'}`;
}
