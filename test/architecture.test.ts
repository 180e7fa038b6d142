/**
 * The rules of the house that a compiler does not check: which layer may know which, what a file may be called, how
 * long it may be, and that it has a test. An exemption stands here, with its reason, or it does not exist.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Import {
  /** A path below the root, `src/http1/content/framing.ts`, or the specifier of a package or built-in module. */
  readonly target: string;
  readonly typeOnly: boolean;
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Each layer with the layers it may import; the core is listed from the octets up. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  semantics: [],
  http1: ['semantics'],
  server: ['semantics', 'http1'],
  client: ['semantics', 'http1', 'server'],
};

/** What the client shares with the server: files about a socket, time, octets or errors that know neither end of it. */
const SHARED_WITH_CLIENT = new Set(
  [
    ...[
      'body-conversions',
      'clock',
      'collected-octets',
      'deadline',
      'driven-socket',
      'errors',
      'fields-init',
      'handler',
    ],
    ...['latin1', 'outbound', 'request-content', 'request-headers', 'response'],
  ].map((name) => `src/server/${name}.ts`),
);

/** What a feature may take from the server: its public face. Everything else in there is the server's own. */
const PUBLIC_FACE = new Set([
  'src/index.ts',
  // Options that are numbers are refused in the same words everywhere.
  '../src/options/checks.ts',
  'src/io/descriptor-limit.ts',
  'src/server/api.ts',
  // Where workers meet the server: they fill the one, and drain what is in the other.
  'src/server/listening/inherited-sockets.ts',
  'src/server/open-servers.ts',
  // ... and bind the sockets that it listens on.
  'src/io/unix-socket.ts',
  'src/fetch/octet-source.ts',
  'src/fetch/prepared.ts',
  'src/fetch/response.ts',
  'src/server/status.ts',
]);

/** Modules that would make Serval something else: the runtime's own HTTP servers. */
const FORBIDDEN_MODULES = /^(node:)?(http|https|http2|_http_\w+)$/;

const FORBIDDEN_NAMES = /^(utils?|helpers?|common|misc|types|manager|core)\.ts$/;

const MAX_SOURCE_LINES = 400;
const MAX_README_LINES = 150;

/** Files of the pure layers without a test of their own, and why. */
const WITHOUT_A_TEST: Record<string, string> = {
  'src/http1/limits.ts': 'constants; each is tested at N and N+1 where it is kept',
  'src/http1/rejections.ts': 'a table; each row is tested by the message that it rejects',
  'src/http1/response-rejections.ts': 'a table; each row is tested by the response that it rejects',
  'src/octets/results.ts': 'types and constants',
};

/** Quoted specifiers of static imports and re-exports, and of `import()` with a literal. */
const STATIC_IMPORT = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

const sources = filesBelow('src')
  .filter((file) => file.endsWith('.ts'))
  .map(read);
const byFile = new Map(sources.map((source) => [source.file, source]));

test('architecture: the check sees the sources', () => {
  assert.ok(sources.length > 10, `${sources.length} files`);
  assert.ok(sources.some((source) => source.imports.some((to) => byFile.has(to.target))));
});

test('architecture: semantics ← http1 ← server, and nothing looks up', () => {
  const wrong = importsWhere((source, target) => {
    const allowed = MAY_IMPORT[layerOf(source.file)];
    const layer = layerOf(target);
    return (
      target.startsWith('src/') &&
      allowed !== undefined &&
      ![layerOf(source.file), ...allowed].includes(layer)
    );
  });
  assert.deepEqual(wrong, []);
});

test('architecture: semantics and http1 import no package and nothing of the runtime', () => {
  const wrong = importsWhere(
    (source, target) => ['semantics', 'http1'].includes(layerOf(source.file)) && !target.startsWith('src/'),
  );
  assert.deepEqual(wrong, []);
});

test('architecture: the client takes from the server only what belongs to either end', () => {
  const wrong = importsWhere(
    (source, target) =>
      layerOf(source.file) === 'client' && layerOf(target) === 'server' && !SHARED_WITH_CLIENT.has(target),
  );
  assert.deepEqual(wrong, []);
});

test('architecture: features know only the public face of the server', () => {
  const wrong = importsWhere((source, target) => {
    const layer = layerOf(source.file);
    const isFeature = layer !== '' && MAY_IMPORT[layer] === undefined;
    return isFeature && layerOf(target) === 'server' && !PUBLIC_FACE.has(target);
  });
  assert.deepEqual(wrong, []);
});

test('architecture: nobody imports an HTTP implementation', () => {
  assert.deepEqual(
    importsWhere((_source, target) => FORBIDDEN_MODULES.test(target)),
    [],
  );
});

test('architecture: every relative import names a file that exists', () => {
  const wrong = importsWhere((_source, target) => target.startsWith('src/') && !byFile.has(target));
  assert.deepEqual(wrong, []);
});

test('architecture: there are no cycles between modules', () => {
  const cycles: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at !== -1) cycles.push([...path.slice(at), file].join(' → '));
    if (at !== -1 || done.has(file)) return;
    path.push(file);
    for (const { target, typeOnly } of byFile.get(file)?.imports ?? []) {
      if (!typeOnly && byFile.has(target)) visit(target);
    }
    path.pop();
    done.add(file);
  };
  for (const { file } of sources) visit(file);
  assert.deepEqual(cycles, []);
});

test('architecture: no file is named after the fact that nobody knew where to put something', () => {
  const wrong = sources.map(({ file }) => file).filter((file) => FORBIDDEN_NAMES.test(posix.basename(file)));
  assert.deepEqual(wrong, []);
});

test(`architecture: no source file has more than ${MAX_SOURCE_LINES} lines`, () => {
  const wrong = sources
    .map(({ file, text }) => ({ file, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MAX_SOURCE_LINES);
  assert.deepEqual(wrong, []);
});

test('architecture: each file of semantics and http1 has a test of the same name', () => {
  const pure = sources
    .map(({ file }) => file)
    .filter((file) => ['semantics', 'http1'].includes(layerOf(file)));
  const lacking = pure.filter(
    (file) =>
      posix.basename(file) !== 'index.ts' &&
      !Object.hasOwn(WITHOUT_A_TEST, file) &&
      !existsSync(join(ROOT, file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts'))),
  );
  assert.deepEqual(lacking, []);
});

test('architecture: every exemption is for a file that exists', () => {
  const stale = [...Object.keys(WITHOUT_A_TEST), ...PUBLIC_FACE, ...SHARED_WITH_CLIENT].filter(
    (file) => !byFile.has(file),
  );
  assert.deepEqual(stale, []);
});

test(`architecture: the README has at most ${MAX_README_LINES} lines`, () => {
  const lines = readFileSync(join(ROOT, 'README.md'), 'utf8').trimEnd().split('\n').length;
  assert.ok(lines <= MAX_README_LINES, `${lines} lines`);
});

function importsWhere(isWrong: (source: Source, target: string) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter(({ target }) => isWrong(source, target))
      .map(({ target }) => `${source.file} → ${target}`),
  );
}

/** `http1` for `src/http1/content/framing.ts`; empty for `src/index.ts` and for what is not ours. */
function layerOf(file: string): string {
  const [top, layer, ...rest] = file.split('/');
  return top === 'src' && rest.length > 0 ? (layer ?? '') : '';
}

function read(file: string): Source {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const imports: Import[] = [];
  for (const [, type, specifier = ''] of text.matchAll(STATIC_IMPORT)) {
    imports.push({ target: resolve(file, specifier), typeOnly: type !== undefined });
  }
  for (const [, specifier = ''] of text.matchAll(DYNAMIC_IMPORT)) {
    imports.push({ target: resolve(file, specifier), typeOnly: false });
  }
  return { file, text, imports };
}

function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
