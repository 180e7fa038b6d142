/** The commands of `docs/tour/` print what the pages say; the smallest server has at most 60 lines, and works. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXPERIMENTS } from '../../src/inspector/experiments/catalogue.ts';
import { MAIN, ServalProcess } from '../cli/serval-process.ts';
import { findProgram } from '../support/find-program.ts';
import { freePorts } from '../support/ports.ts';
import { ROOT } from './examples.ts';
import { type Command, commandsOf, printsAmong, printsAs } from './tour-blocks.ts';

const TOUR = join(ROOT, 'docs/tour');
const SMALLEST = join(ROOT, 'build/examples/smallest-server.js');
/** For one block. A server on a busy machine takes some seconds to start. */
const PATIENCE_MS = 20_000;
/** Where `npm start` listens. */
const DEMO_PORT = '4221';
const PORT = /\b42\d\d\b/g;

const pages = readdirSync(TOUR)
  .filter((name) => name.endsWith('.md'))
  .sort();
const chapters = pages.filter((name) => /^\d\d-/.test(name));
const textOf = (page: string): string => readFileSync(join(TOUR, page), 'utf8');

const NOT_HERE =
  (findProgram('curl') === undefined || process.platform === 'win32') && 'it needs curl and a shell';

test('the smallest server has at most 60 lines', () => {
  assert.ok(
    readFileSync(join(ROOT, 'examples/smallest-server.ts'), 'utf8').trimEnd().split('\n').length <= 60,
  );
});

test('the tour has ten chapters, and each leads to the next', () => {
  assert.equal(chapters.length, 10);
  for (const [index, page] of chapters.entries()) {
    const next = chapters[index + 1];
    if (next !== undefined) assert.ok(textOf(page).includes(`](${next})`), `${page} leads to ${next}`);
    assert.ok(textOf('README.md').includes(`](${page})`), `README.md leads to ${page}`);
  }
});

for (const page of chapters) {
  test(`${page}: has its five parts, in 60 to 110 lines besides the source, a command with its output, and a piece of the source`, () => {
    const text = textOf(page);
    const parts = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(parts, [
      'Try it',
      'Where it is in the code',
      'What goes wrong',
      'What the smallest server lacks',
    ]);
    const lines = text
      .replace(/^```ts\n.*?^```$/gms, '')
      .trimEnd()
      .split('\n').length;
    assert.ok(lines >= 60 && lines <= 110, `${lines} lines`);
    assert.ok(commandsOf(text).some(({ notRun, output }) => notRun === undefined && output !== undefined));
    assert.match(text, /^<!-- source: /m);
  });
}

test('the experiments that the tour names are in the inspector', () => {
  const named = chapters.flatMap((page) =>
    [...textOf(page).matchAll(/"Try it",\s+run\s+"([^"]+)"(?:\s+and\s+"([^"]+)")?/g)].flatMap(
      ([, ...titles]) => titles,
    ),
  );
  const titles = new Set(EXPERIMENTS.map(({ title }) => title));
  assert.ok(named.length >= 7, `${named.length} experiments`);
  assert.deepEqual(
    named.filter((title) => title !== undefined && !titles.has(title)),
    [],
  );
});

// Chapters wait for their sleeps and servers, so several run at once. Each has ports of its own for the servers that it starts.
describe('the commands of the tour', { skip: NOT_HERE, timeout: 240_000, concurrency: 3 }, () => {
  let demo: ServalProcess;
  let env: Record<string, string>;
  const started = (async () => {
    if (NOT_HERE) return;
    // For the authority of --tls, and for curl, which shows its progress unless it prints to a terminal.
    const folder = mkdtempSync(join(tmpdir(), 'serval-tour-'));
    writeFileSync(join(folder, '.curlrc'), 'no-progress-meter\n');
    env = { XDG_CONFIG_HOME: folder, CURL_HOME: folder, LC_ALL: 'C', COLUMNS: '100' };
    demo = await ServalProcess.serve(['demo'], env);
  })();
  after(async () => {
    await demo[Symbol.asyncDispose]();
    // Nothing of it is shown to the programs that are ended here.
    assert.equal(demo.stderr, '', 'the demo has something to complain about');
    rmSync(env['XDG_CONFIG_HOME']!, { recursive: true });
  });

  for (const page of pages) {
    describe(page, { concurrency: 1 }, () => {
      const servers: TourServer[] = [];
      let ports: Record<string, number>;
      before(async () => {
        await started;
        ports = { ...(await freePorts(textOf(page).match(PORT) ?? [])), [DEMO_PORT]: demo.port };
      });
      after(() => {
        for (const server of servers) server.end();
      });
      for (const command of commandsOf(textOf(page))) {
        const title = `line ${command.line}: ${command.script.split('\n')[0]}`;
        it(title, { skip: whyNot(command) }, () => runs(command, servers, (text) => here(text, ports), env));
      }
    });
  }
});

/** A command, or its output, as it is in this test. */
function here(text: string, ports: Readonly<Record<string, number>>): string {
  return text
    .replace(/\bnpm run smallest\b/g, `exec ${process.execPath} ${SMALLEST} 4222`)
    .replace(/\bbuild\/tour\/smallest-server\.js\b/g, SMALLEST)
    .replace(/\bnode dist\/cli\/main\.js\b/g, `${process.execPath} ${MAIN}`)
    .replace(PORT, (port) => String(ports[port]));
}

/** Runs a command, and compares what it prints. A server is added to `servers`. */
async function runs(
  { script, keepsRunning, output, serverOutput }: Command,
  servers: TourServer[],
  adapted: (text: string) => string,
  env: Record<string, string>,
): Promise<void> {
  const wanted = adapted(output ?? '');
  let printed: string;
  if (keepsRunning) {
    const server = new TourServer(adapted(script), env);
    servers.push(server);
    await becomes(() => printsAs(wanted, server.output) || server.hasEnded);
    printed = server.output;
  } else printed = await outputOf(adapted(script), env);
  if (output !== undefined && !printsAs(wanted, printed)) assert.equal(printed, wanted);
  if (serverOutput === undefined) return;
  const lines = adapted(serverOutput);
  const server = servers.at(-1)!;
  if (!(await becomes(() => printsAmong(lines, server.output))))
    assert.equal(server.output.slice(-2_000), lines);
}

/** A command of a page that runs until the end of the chapter. */
class TourServer {
  output = '';
  hasEnded = false;
  readonly #child: ChildProcess;

  constructor(script: string, env: Record<string, string>) {
    // In a group of its own, so that all of it can be ended.
    this.#child = spawn('/bin/sh', ['-c', script], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    this.#child.once('exit', () => {
      this.hasEnded = true;
    });
    process.once('exit', () => this.end());
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    process.kill(-this.#child.pid!, 'SIGKILL');
  }
}

/** All that a script prints. A script that fails prints something else than the page says, or nothing. */
function outputOf(script: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const words = ['-c', `exec 2>&1\n${script}`];
    const options = { cwd: ROOT, env: { ...process.env, ...env }, timeout: PATIENCE_MS };
    const child = execFile('/bin/bash', words, options, (error, stdout) => {
      if (error?.killed)
        reject(new Error(`It has not ended after ${PATIENCE_MS} ms. It printed:\n${stdout}`));
      else resolve(stdout);
    });
    child.stdin!.end();
  });
}

async function becomes(isSo: () => boolean): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

function whyNot({ notRun, needs }: Command): string | false {
  if (notRun !== undefined) return notRun;
  const runs = needs === undefined || spawnSync('/bin/sh', ['-c', needs], { stdio: 'ignore' }).status === 0;
  return runs ? false : `\`${needs}\` fails here`;
}
