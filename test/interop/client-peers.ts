/**
 * Serval's client against servers of other projects: many exchanges of each framing with each server, on kept connections.
 * Every response must equal the one that curl gets.
 */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { Client } from '../../src/client/client.ts';
import { type Command, wholeNumber } from '../support/commands.ts';
import { findProgram } from '../support/find-program.ts';
import { freePort } from '../support/ports.ts';
import { RunningProgram } from '../support/running-program.ts';
import type { PeerCase } from './client-peers/cases.ts';
import { PEERS, type Peer } from './client-peers/peers.ts';

const HELP = `[SERVER …] [--exchanges NUMBER]

  SERVER                only these: ${PEERS.map(({ name }) => name.toLowerCase()).join(', ')}
  --exchanges NUMBER    exchanges of each case (100)

Needs curl. Servers that are not installed are skipped; BUN and DENO may name the binaries of Bun and Deno.`;

const run = promisify(execFile);
const AT_ONCE = 5;

export const clientPeers: Command = {
  summary: "Serval's client against nginx, Caddy, lighttpd, Bun and Deno, compared with curl",
  help: HELP,
  async run(words) {
    const options = { exchanges: { type: 'string', default: '100' } } as const;
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const exchanges = wholeNumber('--exchanges', values.exchanges, 1);
    const faults: string[] = [];
    for (const peer of PEERS)
      if (positionals.length === 0 || positionals.includes(peer.name.toLowerCase()))
        faults.push(...(await judgePeer(peer, exchanges)));
    return faults;
  },
};

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
  const words = ['--silent', '--show-error', '--location', '--max-time', '20'];
  words.push('--output', file, '--write-out', '%{http_code}');
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
  // For HEAD, curl writes the head into the file; without content it writes no file.
  const hasContent = init.method !== 'HEAD' && existsSync(file);
  return { status: Number(stdout), content: hasContent ? readFileSync(file) : Buffer.alloc(0) };
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
  if (!shows.test(heads.at(-1)!)) throw new Error(`the head does not match ${shows}:\n${heads.at(-1)}`);
  return { status: response.status, content };
}

async function exchange(client: Client, url: string, what: PeerCase, expected: Answered): Promise<void> {
  const { status, content } = await withServal(client, url, what);
  if (status !== expected.status) throw new Error(`status ${status}, curl got ${expected.status}`);
  if (!content.equals(expected.content))
    throw new Error(`${content.length} bytes, curl got ${expected.content.length}, and they differ`);
}

/** @throws {Error} that says what went wrong. */
async function judge(base: string, what: PeerCase, exchanges: number, folder: string): Promise<string> {
  await using client = new Client({ timeouts: { headers: 10_000, receive: 10_000 } });
  const url = base + what.path;
  const expected = await withCurl(url, what, folder);
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun++ < exchanges) await exchange(client, url, what, expected);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return `${exchanges} ok, ${expected.status}, ${expected.content.length} bytes, ${client.connections} connections left open`;
}

async function judgePeer({ name, program, prepare, cases }: Peer, exchanges: number): Promise<string[]> {
  const file = findProgram(program);
  if (file === undefined) {
    console.log(`\n${name}: skipped, not installed`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'serval-peer-'));
  // Servers that are started by root read the folder as another user.
  chmodSync(folder, 0o755);
  try {
    const port = await freePort();
    await using _server = await RunningProgram.listening(
      { file, words: prepare(folder, port), folder },
      port,
    );
    console.log(`\n${name}`);
    const faults: string[] = [];
    for (const what of cases) {
      try {
        const outcome = await judge(`http://127.0.0.1:${port}`, what, exchanges, folder);
        console.log(`  ${what.name.padEnd(24)} ${outcome}`);
      } catch (error) {
        const { message, code = '' } = error as Error & { code?: string };
        faults.push(`${name}, ${what.name}: ${message} ${code}`.trim());
      }
    }
    return faults;
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
