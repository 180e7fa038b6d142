/**
 * Runs every compiled test whose source exists, with node's test runner.
 *
 *     npm test                       everything
 *     npm test -- http1 framing      the files whose path contains one of these
 *     npm test -- '!browser'         without files whose path contains this
 *     npm test -- --reporter=dot     node's other reporters
 *
 * `--test` of Node 20 accepts no globs, so this program lists the files. `node --test` prints its counts last.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUILD = join(ROOT, 'build');
/** Folders of the build that mirror source folders; stale files there would be tested or imported. */
const MIRRORED = ['src', 'test', 'tools', 'examples', 'bench', 'deploy'];
/**
 * Folders whose files share one process. A process of its own costs half a second, which is longer than most of these files take.
 * The other files measure or end their process, or run for long.
 */
const TOGETHER = [
  'bench',
  'cli/get',
  'client',
  'compression',
  'conformance',
  'fetch',
  'files/listing',
  'files/lookup',
  'files/resource',
  'files/uploads',
  'health',
  'hpack',
  'error-pages',
  'html',
  'http1',
  'http2',
  'io',
  'limit',
  'octets',
  'options',
  'proxy-protocol',
  'semantics',
  'server',
  'site',
  'support',
  'systemd',
  'timeouts',
  'websocket',
  'wrapping',
];
/** A file or test that takes longer has hung. */
const TEST_TIMEOUT_MS = 240_000;

const words = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const filters = words.filter((word) => !word.startsWith('!'));
const excluded = words.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
const reporter = process.argv.find((argument) => argument.startsWith('--reporter='))?.slice(11) ?? 'spec';

for (const folder of MIRRORED) removeStale(join(BUILD, folder));
const files = filesBelow(join(BUILD, 'test'))
  .filter((file) => file.endsWith('.test.js'))
  .filter((file) => filters.length === 0 || filters.some((filter) => relative(BUILD, file).includes(filter)))
  .filter((file) => !excluded.some((word) => relative(BUILD, file).includes(word)))
  .sort();

if (files.length === 0) {
  console.error(`No test file matches ${words.join(' ') || 'build/test/**/*.test.js'}`);
  process.exit(1);
}

const child = spawn(
  process.execPath,
  [
    '--test',
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    // Tests that wait leave room for a third file. More would disturb those that measure time or memory.
    `--test-concurrency=${Math.min(3, availableParallelism() + 1)}`,
    '--enable-source-maps',
    ...inProcesses(files),
  ],
  { cwd: ROOT, stdio: 'inherit' },
);
child.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
child.on('close', (code) => process.exit(code ?? 1));

/**
 * @returns the files that each run in a process: separate files, and for each folder a file that imports its files, largest first,
 *   so that the last one is short.
 */
function inProcesses(all: readonly string[]): string[] {
  const groups = TOGETHER.map((folder) => ({
    folder,
    members: all.filter((file) => file.startsWith(join(BUILD, 'test', folder, sep))),
  })).filter(({ members }) => members.length > 1);
  groups.sort((a, b) => b.members.length - a.members.length);
  const grouped = new Set(groups.flatMap(({ members }) => members));
  return [
    ...all.filter((file) => !grouped.has(file)),
    ...groups.map(({ folder, members }) => {
      const group = join(BUILD, 'test', `${folder.replace('/', '-')}.group.js`);
      const imports = members.map((file) => `import ${JSON.stringify(pathToFileURL(file))};\n`);
      writeFileSync(group, imports.join(''));
      return group;
    }),
  ];
}

/** Removes compiled files whose source has been renamed or deleted. */
function removeStale(folder: string): void {
  for (const file of filesBelow(folder)) {
    const source = join(ROOT, relative(BUILD, file)).replace(/\.js(\.map)?$/, '.ts');
    if (source.endsWith('.ts') && !existsSync(source)) rmSync(file);
  }
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}${sep}${entry.name}`);
}
