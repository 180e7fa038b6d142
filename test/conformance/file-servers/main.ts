/**
 * Sends Serval and other file servers the same requests, and judges each response by the RFC.
 *
 *     npm run compare:files                     every server that is installed; writes bench/results/file-servers.md
 *     npm run compare:files -- --install        first installs missing servers from npm and with apt-get
 *     npm run compare:files -- --only serval    one server: writes no file, prints each fault on a line
 *
 * Fails if a response of Serval is wrong.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Case, examine, type Outcome } from './case.ts';
import { CASES } from './cases/index.ts';
import { Conversation } from './conversation.ts';
import { SMALL } from './fixture.ts';
import { faultsOf, page, type Result, summary } from './report.ts';
import { type RunningServer, startFileServer } from './running.ts';
import { type FileServer, PEERS, SERVAL, SERVERS } from './servers.ts';

const PAGE = fileURLToPath(new URL('../../../../bench/results/file-servers.md', import.meta.url));
const DEBIAN_PACKAGES = ['nginx-light', 'libnginx-mod-http-brotli-static', 'caddy'];

const { values } = parseArgs({ options: { install: { type: 'boolean' }, only: { type: 'string' } } });
if (values.install) install();

const chosen = SERVERS.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  console.error(`--only takes one of ${SERVERS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const results: Result[] = [];
for (const server of chosen) {
  const version = server.version();
  if (version === undefined)
    console.error(`${server.name} is skipped: it is not installed (--install installs it)`);
  else results.push({ server, version, outcomes: await outcomesOf(server) });
}

if (values.only === undefined) {
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(PAGE, page(CASES, results, date, `Node ${process.versions.node}, ${platform()} ${arch()}`));
}
for (const result of results) {
  if (values.only === undefined && result.server !== SERVAL) continue;
  for (const fault of faultsOf(result, CASES)) console.log(`✗ ${fault}`);
}
console.log(summary(CASES, results));
const serval = results.find(({ server }) => server === SERVAL);
if (serval !== undefined && faultsOf(serval, CASES).length > 0) process.exitCode = 1;

async function outcomesOf(server: FileServer): Promise<Map<Case, Outcome>> {
  const outcomes = new Map<Case, Outcome>();
  const left = CASES.flatMap(({ cases }) => cases);
  while (left.length > 0) await goOn(server, left, outcomes);
  return outcomes;
}

/** Takes cases from `left` until none is left, or until a request crashes the server: the next needs a new server. */
async function goOn(server: FileServer, left: Case[], outcomes: Map<Case, Outcome>): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'serval-file-servers-'));
  let running: RunningServer | undefined;
  try {
    running = await startFileServer(server, scratch);
    const conversation = new Conversation(running.port, running.root);
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const outcome = await examine(one, conversation);
      const crashed = outcome.kind === 'wrong' && (await conversation.ask({ target: SMALL })).status === 0;
      outcomes.set(one, crashed ? { kind: 'wrong', fault: 'it crashes' } : outcome);
      if (crashed) return;
    }
  } finally {
    await running?.[Symbol.asyncDispose]();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A server that cannot be installed is skipped later, with a line that says so. */
function install(): void {
  const run = (program: string, words: string[]): void => {
    try {
      execFileSync(program, words, { stdio: 'inherit' });
    } catch (error) {
      console.error(`${program} ${words.join(' ')}: ${(error as Error).message}`);
    }
  };
  run('npm', ['install', '--prefix', PEERS, '--no-audit', '--no-fund']);
  if (SERVERS.every((server) => server.version() !== undefined)) return;
  if (process.getuid?.() === 0)
    run('apt-get', ['install', '-y', '--no-install-recommends', ...DEBIAN_PACKAGES]);
  else console.error(`nginx and Caddy are installed by root: apt-get install ${DEBIAN_PACKAGES.join(' ')}`);
}
