/**
 * The rules of the code base that a compiler does not check: which folder may import which, how long a file may be, and
 * that it has a test. All of it is read from the tree; no file is named here.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { circlesAmong, type Source, sourcesBelow, TREES } from '../tools/imports.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Octets in, messages out: these import nothing of a runtime, and `npm run purity` compiles them without one. */
const PURE = ['octets', 'semantics', 'http1', 'hpack', 'http2', 'proxy-protocol'];

/** The folders below the features, each with those that it may import. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  octets: [],
  options: [],
  platform: [],
  semantics: ['octets'],
  'proxy-protocol': ['octets', 'semantics'],
  http1: ['octets', 'semantics'],
  hpack: ['octets', 'semantics'],
  http2: ['octets', 'semantics', 'hpack'],
  io: ['options', 'platform', ...PURE],
  fetch: ['options', 'platform', ...PURE, 'io'],
  tls: ['options', 'platform', ...PURE, 'io'],
  websocket: ['options', 'platform', ...PURE, 'io', 'fetch'],
  html: [],
  'error-pages': [...PURE, 'fetch', 'html'],
  server: ['options', 'platform', ...PURE, 'io', 'fetch', 'tls', 'websocket', 'error-pages'],
  client: ['options', 'platform', ...PURE, 'io', 'fetch', 'tls', 'websocket'],
};

/** The folders of the server in the order of a request: each may import those behind it, never one before it. */
const WAY_OF_A_REQUEST = ['listening', 'admission', 'connection', 'exchange', 'proxy'];

/** The runtime's own HTTP implementations. */
const FORBIDDEN_MODULES = /^(node:)?(http|https|http2|_http_\w+)$/;
const FORBIDDEN_NAMES = /^(utils?|helpers?|common|misc|types|manager|core)\.ts$/;

const MOST_LINES = 400;
const MOST_FILES = 20;
const MOST_README_LINES = 120;

const sources = sourcesBelow('src');
const byFile = new Map(sources.map((source) => [source.file, source]));

test('architecture: the check sees the sources', () => {
  assert.ok(sources.length > 100, `${sources.length} files`);
  assert.ok(sources.some((source) => source.imports.some((target) => byFile.has(target))));
});

test('architecture: a folder imports only the folders below it', () => {
  const wrong = importsWhere(({ file }, target) => {
    const allowed = MAY_IMPORT[folderOf(file)];
    if (allowed === undefined || !target.startsWith('src/')) return false;
    return ![folderOf(file), ...allowed].includes(folderOf(target));
  });
  assert.deepEqual(wrong, []);
});

test('architecture: the pure folders import no package and nothing of a runtime', () => {
  const wrong = importsWhere(
    ({ file }, target) => PURE.includes(folderOf(file)) && !target.startsWith('src/'),
  );
  assert.deepEqual(wrong, []);
});

test('architecture: inside the server nothing points back along the way of a request', () => {
  const place = (file: string): number => WAY_OF_A_REQUEST.indexOf(file.split('/')[2] ?? '');
  const wrong = importsWhere(
    ({ file }, target) =>
      folderOf(file) === 'server' &&
      folderOf(target) === 'server' &&
      place(target) >= 0 &&
      place(target) < place(file),
  );
  assert.deepEqual(wrong, []);
});

test('architecture: a feature reaches into no folder inside the server or the client', () => {
  const wrong = importsWhere(({ file }, target) => {
    const isFeature = folderOf(file) !== '' && MAY_IMPORT[folderOf(file)] === undefined;
    return isFeature && ['server', 'client'].includes(folderOf(target)) && target.split('/').length > 3;
  });
  assert.deepEqual(wrong, []);
});

test('architecture: no file imports an HTTP implementation', () => {
  assert.deepEqual(
    importsWhere((_source, target) => FORBIDDEN_MODULES.test(target)),
    [],
  );
});

test('architecture: every relative import names a file that exists', () => {
  const wrong = importsWhere((_source, target) => target.startsWith('src/') && !byFile.has(target));
  assert.deepEqual(wrong, []);
});

for (const tree of TREES) {
  test(`architecture: there is no import circle in ${tree}, type imports counted`, () => {
    assert.deepEqual(circlesAmong(sourcesBelow(tree)), []);
  });
}

test('architecture: a file is named after what it holds', () => {
  const wrong = sources.map(({ file }) => file).filter((file) => FORBIDDEN_NAMES.test(posix.basename(file)));
  assert.deepEqual(wrong, []);
});

test(`architecture: no source file has more than ${MOST_LINES} lines`, () => {
  const wrong = sources
    .map(({ file, text }) => ({ file, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MOST_LINES);
  assert.deepEqual(wrong, []);
});

test(`architecture: no folder of src holds more than ${MOST_FILES} files`, () => {
  const counts = new Map<string, number>();
  for (const { file } of sources) counts.set(posix.dirname(file), (counts.get(posix.dirname(file)) ?? 0) + 1);
  assert.deepEqual(
    [...counts].filter(([, count]) => count > MOST_FILES),
    [],
  );
});

test('architecture: each file of the pure folders that has code to run has a test of the same name', () => {
  const lacking = sources
    .filter(({ file, text }) => PURE.includes(folderOf(file)) && hasCode(text))
    .map(({ file }) => file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts'))
    .filter((file) => !existsSync(join(ROOT, file)));
  assert.deepEqual(lacking, []);
});

test(`architecture: the README has at most ${MOST_README_LINES} lines`, () => {
  const lines = readFileSync(join(ROOT, 'README.md'), 'utf8').trimEnd().split('\n').length;
  assert.ok(lines <= MOST_README_LINES, `${lines} lines`);
});

function importsWhere(isWrong: (source: Source, target: string) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports.filter((target) => isWrong(source, target)).map((target) => `${source.file} → ${target}`),
  );
}

/** `http1` for `src/http1/persistence.ts`; empty for `src/index.ts` and for what is not a source of the project. */
function folderOf(file: string): string {
  const [top, folder, ...rest] = file.split('/');
  return top === 'src' && rest.length > 0 ? (folder ?? '') : '';
}

/** Types, constants and tables are tested by the code that uses them. */
function hasCode(text: string): boolean {
  return /^(export )?(abstract )?(async )?(function|class) /m.test(text) || /=>/.test(text);
}
