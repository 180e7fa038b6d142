/**
 * The client against servers that nobody here wrote: a hundred exchanges of each framing with each, on kept connections, and
 * every octet of every answer equal to what curl gets.
 *
 *     node build/test/interop/client-peers.js [exchanges] [server …]
 *
 * Needs curl, and of nginx, Caddy, lighttpd, Bun and Deno whichever are to be judged; `BUN` and `DENO` may name the binaries.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from '../../src/client/client.ts';
import type { PeerCase } from './client-peers/cases.ts';
import { isInstalled, PEERS, type Peer } from './client-peers/peers.ts';

const run = promisify(execFile);
const EXCHANGES = Number(process.argv[2] ?? 100);
const NAMES = process.argv.slice(3).map((name) => name.toLowerCase());
const AT_ONCE = 5;

interface Answered {
  readonly status: number;
  readonly content: Buffer;
}

async function withCurl(
  url: string,
  { init = {}, streams, name }: PeerCase,
  folder: string,
): Promise<Answered> {
  const file = join(folder, 'curl-content');
  rmSync(file, { force: true });
  const words = [
    '--silent',
    '--show-error',
    '--max-time',
    '20',
    '--output',
    file,
    '--write-out',
    '%{http_code}',
    '--location',
  ];
  if (name.startsWith('gzip')) words.push('--compressed');
  if (init.method === 'HEAD') words.push('--head');
  for (const [field, value] of Object.entries(init.headers ?? {}))
    words.push('--header', `${field}: ${value}`);
  if (init.body !== undefined) {
    words.push('--data-binary', String(init.body), '--header', 'Content-Type: text/plain;charset=UTF-8');
    words.push('--header', init.expectContinue === true ? 'Expect: 100-continue' : 'Expect:');
    if (streams) words.push('--header', 'Transfer-Encoding: chunked');
  }
  const { stdout } = await run('curl', [...words, url]);
  let content = Buffer.alloc(0);
  try {
    content = readFileSync(file);
  } catch {
    // No content, no file.
  }
  // What curl puts out for HEAD is the head.
  return { status: Number(stdout), content: init.method === 'HEAD' ? Buffer.alloc(0) : content };
}

async function withServal(
  client: Client,
  url: string,
  { init = {}, streams, shows }: PeerCase,
): Promise<Answered> {
  const heads: string[] = [];
  const observer = { onResponseHead: (head: string) => void heads.push(head) };
  const { body, ...rest } = init;
  const given = body === undefined ? {} : { body: streams ? new Blob([body]).stream() : body };
  const response = await client.fetch(url, { ...rest, ...given, observer });
  const content = Buffer.from(await response.arrayBuffer());
  if (!shows.test(heads.at(-1)!)) throw new Error(`not what it should show, ${shows}:\n${heads.at(-1)}`);
  return { status: response.status, content };
}

async function exchange(client: Client, url: string, what: PeerCase, expected: Answered): Promise<void> {
  const { status, content } = await withServal(client, url, what);
  if (status !== expected.status) throw new Error(`${status}, and curl got ${expected.status}`);
  if (!content.equals(expected.content))
    throw new Error(`${content.length} octets, curl has ${expected.content.length}, and they differ`);
}

/** @returns how many exchanges went as they should. */
async function judge(base: string, what: PeerCase, folder: string): Promise<string> {
  await using client = new Client({ timeouts: { headers: 10_000, receive: 10_000 } });
  const url = base + what.path;
  const expected = await withCurl(url, what, folder);
  let done = 0;
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun++ < EXCHANGES) {
      await exchange(client, url, what, expected);
      done++;
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return `${done} ok, ${expected.status}, ${expected.content.length} octets, ${client.connections} connections left open`;
  } catch (error) {
    process.exitCode = 1;
    return `WRONG after ${done}: ${(error as Error).message} (${(error as { code?: string }).code ?? ''})`;
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number, child: ChildProcess): Promise<boolean> {
  for (let times = 0; times < 200 && child.exitCode === null; times++) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(socket.destroy() !== undefined));
      socket.once('error', () => resolve(false));
    });
    if (isThere) return true;
    await sleep(50);
  }
  return false;
}

async function judgePeer({ name, program, prepare, cases }: Peer): Promise<void> {
  if (!isInstalled(program)) return console.log(`\n${name}: not installed, left out`);
  const folder = mkdtempSync(join(tmpdir(), 'serval-peer-'));
  // Servers that are started by root read as somebody else.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const child = spawn(program, prepare(folder, port), { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => {
    complaint = (complaint + text).slice(-1_000);
  });
  child.on('error', () => {});
  try {
    if (!(await answers(port, child))) {
      process.exitCode = 1;
      return console.log(`\n${name} did not start: ${complaint}`);
    }
    console.log(`\n${name}`);
    for (const what of cases)
      console.log(`  ${what.name.padEnd(24)} ${await judge(`http://127.0.0.1:${port}`, what, folder)}`);
  } finally {
    child.kill();
    await new Promise((resolve) =>
      child.exitCode === null ? child.once('close', resolve) : resolve(undefined),
    );
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const peer of PEERS)
  if (NAMES.length === 0 || NAMES.includes(peer.name.toLowerCase())) await judgePeer(peer);
