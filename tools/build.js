/**
 * `npm run build`: writes `dist/`, from empty, with one declaration file for each entry of the package.
 *
 * The compiler writes a declaration for each source. They are bundled to what the entries export, so that internals and what they
 * import do not become part of a user's program. The web's types, such as `Request`, then come from `src/platform/web-standards.ts`: the
 * declarations mean the same with the library DOM, with `@types/node`, and with neither.
 *
 * It is not TypeScript, because it runs before anything is compiled.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = join(ROOT, 'dist');
const WEB_STANDARDS = join(DIST, 'platform/web-standards.d.ts');
/** These stay as the compiler wrote them: their comments make it ignore what a project lacks. */
const KEPT = [WEB_STANDARDS, join(DIST, 'platform/node-objects.d.ts')];

process.chdir(ROOT);
rmSync(DIST, { recursive: true, force: true });
try {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  // The scripts of the inspector's page run in a browser, and have its types.
  for (const project of ['tsconfig.build.json', 'tsconfig.page.json'])
    execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
} catch {
  process.exit(1);
}
const declarations = await bundled();
for (const file of filesBelow(DIST)) if (file.endsWith('.d.ts') && !KEPT.includes(file)) rmSync(file);
for (const { fileName, code } of declarations) {
  const file = join(DIST, fileName);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
}

/** The declarations of the entries, and of what several of them have in common. */
async function bundled() {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  const entries = Object.values(exports).flatMap(({ types }) => (types ? [resolve(types)] : []));
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((file) => [relative(DIST, file).slice(0, -'.d.ts'.length), file])),
    checks: { pluginTimings: false },
    external: (id) => KEPT.includes(id) || !/^[./]/.test(id),
    plugins: [
      declarationsOfSources(),
      withoutProtectedMembers(),
      namesOfWebStandards(),
      dts({ dtsInput: true, emitDtsOnly: true }),
    ],
  });
  const { output } = await bundle.generate({
    entryFileNames: '[name].js',
    chunkFileNames: 'declarations/[name].js',
    minifyInternalExports: false,
  });
  await bundle.close();
  return output
    .filter(({ fileName }) => fileName.endsWith('.d.ts'))
    .map(({ fileName, code }) => ({ fileName, code: withoutOrigins(code) }));
}

/** `./server/api.ts` in a declaration is `./server/api.d.ts`. */
function declarationsOfSources() {
  return {
    name: 'declarations of sources',
    resolveId(id, importer) {
      if (importer === undefined || !id.startsWith('.')) return null;
      const file = join(dirname(importer), id).replace(/(\.d)?\.ts$/, '.d.ts');
      return { id: file, external: KEPT.includes(file) };
    },
  };
}

/** Nobody derives classes from those of the package, and what subclasses share leads to most of the internals. */
function withoutProtectedMembers() {
  const member = /^ {4}(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/\n {4})?protected [^\n]*;\n/gm;
  return {
    name: 'without protected members',
    transform: (code) => ({ code: code.replace(member, ''), map: null }),
  };
}

/** Imports the names of the web's types. Those that a declaration only mentions in a comment are dropped by the bundler. */
function namesOfWebStandards() {
  const names = [...readFileSync(WEB_STANDARDS, 'utf8').matchAll(/^export type (\w+)/gm)].map(
    ([, name]) => name,
  );
  return {
    name: 'names of web standards',
    transform(code, id) {
      const isDeclared = (name) =>
        new RegExp(`(?:(?:class|const|interface|type) |import [^;]*\\b)${name}\\b`).test(code);
      const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code) && !isDeclared(name));
      if (used.length === 0) return null;
      let path = relative(dirname(id), WEB_STANDARDS).replace(/\.d\.ts$/, '.ts');
      if (!path.startsWith('.')) path = `./${path}`;
      return { code: `import { ${used.join(', ')} } from '${path}';\n${code}`, map: null };
    },
  };
}

/** Without the comments of the bundler that name the file which a part comes from. */
function withoutOrigins(code) {
  return code.replace(/^\/\/ dist\/.*\n|^\/\/#(?:region|endregion).*\n/gm, '');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
