/**
 * Runs the test suites of Hono, @hono/node-server, srvx and h3 with Serval in the place of the server that they were written
 * for. Each is a checkout with its dependencies installed, vitest among them. A test that its own server passes has to pass;
 * `framework-differences.ts` gives the reason for each exception.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type Command, UsageError } from '../../support/commands.ts';
import { reasonFor } from './framework-differences.ts';

const run = promisify(execFile);
const BUILD = fileURLToPath(new URL('../../../', import.meta.url));

interface Suite {
  /** Parts of the names of test files. */
  readonly files: readonly string[];
  readonly seat: string;
  /** Modules that the tests import, and get Serval's seat instead. */
  readonly replaced: readonly string[];
  /** The only file in which they are replaced, where others test something else with them. */
  readonly within?: string;
  readonly setup?: string;
}

/** By the name of the package. Tests of a peer's own parts, which no server takes part in, are not listed. */
const SUITES: Readonly<Record<string, Suite>> = {
  hono: { files: ['runtime-tests/node'], seat: 'node-server', replaced: ['@hono/node-server'] },
  '@hono/node-server': {
    files: ['test/server.test', 'test/server-socket', 'test/request-client-disconnect', 'test/serve-static'],
    seat: 'node-server',
    replaced: ['../src/server', './../src/server'],
    setup: 'test/setup.ts',
  },
  srvx: {
    files: [
      'test/node.test',
      'test/node-client-disconnect',
      'test/node-error-paths',
      'test/node-headers',
      'test/node-host-header',
      'test/node-streams',
      'test/node-request-formdata',
    ],
    seat: 'srvx',
    replaced: ['../src/adapters/node.ts'],
  },
  h3: {
    files: ['test/'],
    seat: 'h3',
    replaced: ['node:http', '../src/_entries/node.ts'],
    within: 'test/_setup.ts',
  },
};

export const frameworks: Command = {
  summary: 'the suites of Hono, @hono/node-server, srvx and h3 on Serval',
  help: `CHECKOUT [--all]

CHECKOUT is a clone of honojs/hono, honojs/node-server, h3js/srvx or h3js/h3, with its dependencies installed.
--all   also shows the exceptions that have a reason.`,
  async run(words) {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { all: { type: 'boolean' } },
    });
    const [checkout] = positionals;
    if (checkout === undefined) throw new UsageError('CHECKOUT: missing');
    const root = resolve(checkout);
    const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string };
    const suite = SUITES[name];
    if (suite === undefined)
      throw new UsageError(`CHECKOUT: expected one of ${Object.keys(SUITES).join(', ')}`);
    const before = await resultsOf(root, { ...suite, replaced: [] });
    const tests = await resultsOf(root, suite);
    const faults: string[] = [];
    let explained = 0;
    for (const { file, title, message } of tests.failed) {
      if (!before.passed.has(`${file} ${title}`)) continue;
      const reason = reasonFor(name, file, title);
      if (reason === undefined) faults.push(`${file}  ${title}: ${message}`);
      else if (explained++ >= 0 && values.all === true)
        console.log(`${file}  ${title}: ${message}\n    ${reason}`);
    }
    console.log(
      `${name}: its own server passes ${before.passed.size} tests, Serval passes ${tests.passed.size}. ` +
        `${explained} fail for a known reason.`,
    );
    return faults;
  },
};

interface Failed {
  readonly file: string;
  readonly title: string;
  readonly message: string;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

async function resultsOf(root: string, suite: Suite): Promise<{ passed: Set<string>; failed: Failed[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'serval-frameworks-'));
  try {
    const config = join(folder, 'vitest.config.mjs');
    const output = join(folder, 'report.json');
    writeFileSync(config, configOf(root, suite));
    const words = ['run', '--root', root, '--config', config, '--reporter=json', '--outputFile', output];
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    // Vitest exits with 1 when a test fails.
    await run(process.execPath, [vitest, ...words, ...suite.files], {
      cwd: root,
      timeout: 600_000,
      maxBuffer: 2 ** 26,
      env: { ...process.env, NAME: 'Node' },
    }).catch(() => {});
    const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as Report;
    const failed: Failed[] = [];
    const passed = new Set<string>();
    for (const { name, message, assertionResults } of testResults) {
      const file = name.slice(root.length + 1);
      if (assertionResults.length === 0) failed.push({ file, title: '', message: firstLine(message) });
      for (const { fullName, status, failureMessages } of assertionResults) {
        if (status === 'passed') passed.add(`${file} ${fullName}`);
        if (status === 'failed')
          failed.push({ file, title: fullName, message: firstLine(failureMessages?.[0]) });
      }
    }
    return { passed, failed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const firstLine = (text = ''): string => text.split('\n')[0]!;

/** A plugin writes the seat's path over the modules that it replaces; Serval itself is not transformed. */
function configOf(root: string, { seat, replaced, within, setup }: Suite): string {
  const module = join(BUILD, 'test/interop/suites/seats', `${seat}.js`);
  return `const replaced = ${JSON.stringify(replaced)};
export default {
  plugins: [{
    name: 'seat',
    enforce: 'pre',
    transform(code, id) {
      const file = id.split('?')[0].slice(${root.length + 1});
      if (${within === undefined ? `!/^(runtime-)?tests?\\//.test(file)` : `file !== ${JSON.stringify(within)}`}) return;
      for (const name of replaced)
        for (const quote of ['"', "'"]) code = code.replaceAll('from ' + quote + name + quote, 'from ' + ${JSON.stringify(JSON.stringify(module))});
      return { code, map: null };
    },
  }],
  test: {
    globals: true,
    testTimeout: 15000,
    execArgv: ['--expose-gc'],
    server: { deps: { external: [${JSON.stringify(BUILD)}, /\\/build\\/(src|test)\\//] } },
    ${setup === undefined ? '' : `setupFiles: [${JSON.stringify(join(root, setup))}],`}
  },
};
`;
}
