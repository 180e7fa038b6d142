/** What is in the tarball: all that its files name, and nothing else. And what becomes of it in a bundle. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, runNode } from './commands.ts';
import { faultOf, type Outcome } from './outcome.ts';
import { npmInstall, type Tools } from './package-managers.ts';
import type { Tarball } from './tarball.ts';

/** Folders and files at the top of the package. */
const EXPECTED =
  /^(dist|docs|schema)\/|^man\/serval\.1$|^(README|CHANGELOG|SECURITY)\.md$|^LICENSE$|^package\.json$/;

export async function checkContents(tools: Tools, tarball: Tarball, scratch: string): Promise<Outcome[]> {
  const folder = join(scratch, 'contents');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const check = async (what: string, action: () => Promise<unknown>): Promise<Outcome> => ({
    what: ['contents', what],
    fault: await faultOf(action),
  });
  const installed = await check('install', () => npmInstall(folder, [tarball.file]));
  if (installed.fault !== '') return [installed];
  return [
    installed,
    await check('no file that does not belong there', async () => {
      const others = tarball.contents.filter(
        (file) => !EXPECTED.test(file) || /^dist\/.*(?<!\.js|\.d\.ts|\.html|\.css|\.svg)$/.test(file),
      );
      if (others.length > 0) throw new Error(others.join('\n'));
    }),
    await check('each page that the code names is there', async () => {
      const missing = tarball.contents
        .filter((file) => file.startsWith('dist/'))
        .flatMap((file) => pagesIn(join(folder, 'node_modules/serval', file)))
        .filter((page) => !tarball.contents.includes(page));
      if (missing.length > 0) throw new Error(missing.join('\n'));
    }),
    await check('each file that `exports` and `bin` name is there', async () => {
      const { exports, bin } = JSON.parse(
        readFileSync(join(folder, 'node_modules/serval/package.json'), 'utf8'),
      );
      const named = [...leavesOf(exports), ...leavesOf(bin)].map((file) => file.replace(/^\.\//, ''));
      const missing = named.filter((file) => !tarball.contents.includes(file));
      if (missing.length > 0) throw new Error(missing.join('\n'));
    }),
    await check('the command runs', async () => {
      const printed = await run(folder, join(folder, 'node_modules/.bin/serval'), '--version');
      if (!/\d+\.\d+\.\d+/.test(printed)) throw new Error(printed);
    }),
    await check('a server in a bundle of esbuild answers', () => bundled(tools, folder, SERVER, /^Hello\n$/)),
    await check('side effects are kept: serval/globals in a bundle', () =>
      bundled(tools, folder, GLOBALS, /^true\n$/),
    ),
    await check('supervise in a bundle says what to do', () =>
      bundled(
        tools,
        folder,
        SUPERVISOR,
        /supervise: the program of the worker processes .*--external:serval/,
      ),
    ),
    await check('supervise answers when serval is left out of the bundle', () =>
      bundled(tools, folder, SUPERVISOR, /^Hello from a worker\n$/, '--external:serval'),
    ),
  ];
}

const pagesIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/\bdocs\/[\w-]+\.md\b/g)].map(([page]) => page);

const leavesOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(value as object).flatMap(leavesOf);

const SERVER = `
import { serve, Response } from 'serval';
const server = serve(() => new Response('Hello'), { port: 0 });
await server.ready;
console.log(await (await fetch(server.url)).text());
await server.close();
`;

const GLOBALS = `
const before = Response;
await import('./imports-globals.js');
console.log(before !== Response);
`;

const SUPERVISOR = `
import { serve, Response } from 'serval';
import { isWorker, supervise, workerData } from 'serval/workers';
if (isWorker()) serve(() => new Response('Hello from a worker'), { port: 0 });
else {
  try {
    const supervisor = supervise(import.meta.url, { workers: 1, port: 0 });
    await supervisor.ready;
    const { port } = supervisor.addresses[0];
    console.log(await (await fetch('http://127.0.0.1:' + port)).text());
    await supervisor.close();
  } catch (error) {
    console.log(error.message);
  }
}
`;

/** Bundles an application, runs it, and compares what it prints. */
async function bundled(
  tools: Tools,
  folder: string,
  code: string,
  expected: RegExp,
  ...words: readonly string[]
): Promise<void> {
  writeFileSync(join(folder, 'imports-globals.js'), "import 'serval/globals';\n");
  writeFileSync(join(folder, 'app.js'), code);
  const options = ['--bundle', '--platform=node', '--format=esm', '--outfile=bundle.js', '--log-level=error'];
  await run(folder, tools.path('esbuild/bin/esbuild'), 'app.js', ...options, ...words);
  const printed = await runNode(folder, 'bundle.js');
  if (!expected.test(printed)) throw new Error(`expected ${expected}, got ${printed}`);
}
