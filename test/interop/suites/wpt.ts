/**
 * Runs the `fetch/api` folders of the Web Platform Tests for body, headers, request and response: with the runtime's own
 * classes, with Serval's `Response`, and with the requests that handlers get. What the runtime's own class passes, Serval's
 * has to pass as well; `wpt-differences.ts` gives the reason for each exception.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { Response, serve } from '../../../src/index.ts';
import { type Command, UsageError } from '../../support/commands.ts';
import { reasonFor } from './wpt-differences.ts';

const FOLDERS = ['body', 'headers', 'request', 'response'];
const FLAVOURS = ['response', 'request'] as const;
const PROGRAM = fileURLToPath(new URL('./wpt-file.js', import.meta.url));
const run = promisify(execFile);

/** Names of tests, each with why it failed; `undefined` for one that passed. */
type Results = ReadonlyMap<string, string | undefined>;

export const wpt: Command = {
  summary: 'the Web Platform Tests of Request, Response, Headers and bodies',
  help: `CHECKOUT [--runtime=PATH] [--all]

CHECKOUT is a clone of https://github.com/web-platform-tests/wpt, of which fetch/api, common and resources are needed.
--runtime=PATH   the node, bun or deno to run them on. Default: the one that runs this.
--all            also shows the exceptions that have a reason.`,
  async run(words) {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { runtime: { type: 'string' }, all: { type: 'boolean' } },
    });
    const [checkout] = positionals;
    if (checkout === undefined) throw new UsageError('CHECKOUT: missing');
    const root = resolve(checkout);
    const runtime = values.runtime ?? process.execPath;
    const server = serve(({ url }) => fileAt(root, url), { hostname: '127.0.0.1', port: 0 });
    await server.ready;
    const { port } = [...server][0]!.address;
    const of = (file: string, flavour: string) =>
      resultsOf(runtime, root, `http://127.0.0.1:${port}`, file, flavour);
    const faults: string[] = [];
    const counts = { native: 0, response: [0, 0], request: [0, 0] };
    for (const file of filesIn(root)) {
      const native = await of(file, 'native');
      const passed = [...native].filter(([, why]) => why === undefined).map(([name]) => name);
      counts.native += passed.length;
      for (const flavour of FLAVOURS) {
        const results = await of(file, flavour);
        for (const name of passed) {
          const why = results.has(name) ? results.get(name) : 'did not run';
          if (why === undefined) continue;
          const reason = reasonFor(nameOf(runtime), flavour, file, name);
          counts[flavour][reason === undefined ? 0 : 1]!++;
          const line = `${flavour}  ${file}  ${name}: ${why}`;
          if (reason === undefined) faults.push(line);
          else if (values.all === true) console.log(`${line}\n    ${reason}`);
        }
      }
    }
    await server.close();
    console.log(`The runtime's own classes pass ${counts.native} tests.`);
    for (const flavour of FLAVOURS) {
      const [unexplained, explained] = counts[flavour];
      console.log(`${flavour}: ${unexplained! + explained!} of these fail, ${explained} for a known reason.`);
    }
    return faults;
  },
};

const nameOf = (runtime: string): string => /(deno|bun)$/.exec(runtime)?.[1] ?? 'node';

function filesIn(root: string): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, 'fetch/api', folder))
      .filter((name) => /\.any\.js$|\.html$/.test(name) && !/\.https\.|keepalive|request-cache/.test(name))
      .map((name) => `fetch/api/${folder}/${name}`),
  );
}

async function resultsOf(
  runtime: string,
  root: string,
  origin: string,
  file: string,
  flavour: string,
): Promise<Results> {
  const options = nameOf(runtime) === 'deno' ? ['run', '--allow-all', '--no-lock'] : [];
  const { stdout } = await run(runtime, [...options, PROGRAM, root, origin, file, flavour], {
    timeout: 60_000,
  }).catch(() => ({ stdout: '[]' }));
  const start = stdout.lastIndexOf('\n[', stdout.length) + 1;
  const results = JSON.parse(stdout.slice(start)) as { name: string; status: number; message: string }[];
  return new Map(results.map(({ name, status, message }) => [name, status === 0 ? undefined : message]));
}

function fileAt(root: string, url: string): Response {
  try {
    return new Response(readFileSync(join(root, new URL(url).pathname)));
  } catch {
    return new Response('Not Found', { status: 404 });
  }
}
