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
import { type CertificateAuthority, certificateAuthority } from '../support/certificates.ts';
import { type Command, wholeNumber } from '../support/commands.ts';
import { findProgram } from '../support/find-program.ts';
import { freePort } from '../support/ports.ts';
import { RunningProgram } from '../support/running-program.ts';
import type { PeerCase } from './client-peers/cases.ts';
import { PEERS, type Peer } from './client-peers/peers.ts';

const PROGRAMS = [...new Set(PEERS.map(programOf))];

const HELP = `[SERVER …] [--exchanges NUMBER]

  SERVER                only these: ${PROGRAMS.join(', ')}
  --exchanges NUMBER    exchanges of each case (100)

Needs curl. Servers that are not installed are skipped; BUN and DENO may name the binaries of Bun and Deno.`;

const run = promisify(execFile);
/** Requests at once: over HTTP/2 they share one connection. */
const AT_ONCE = { '1.1': 5, '2': 50 } as const;

/** The name of the server, as a word of the command line. */
function programOf({ name }: Peer): string {
  return /^\w+/.exec(name)![0].toLowerCase();
}

export const clientPeers: Command = {
  summary: "Serval's client against nginx, h2o, nghttpd, Caddy, lighttpd, Bun and Deno, compared with curl",
  help: HELP,
  async run(words) {
    const options = { exchanges: { type: 'string', default: '100' } } as const;
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const exchanges = wholeNumber('--exchanges', values.exchanges, 1);
    const faults: string[] = [];
    for (const peer of PEERS)
      if (positionals.length === 0 || positionals.includes(programOf(peer)))
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
  { folder, peer, authority }: Judged,
): Promise<Answered> {
  const file = join(folder, 'curl-content');
  rmSync(file, { force: true });
  const words = [
    '--silent',
    '--show-error',
    '--location',
    '--max-time',
    '20',
    '--cacert',
    authority.certFile,
  ];
  words.push(peer.version === undefined ? '--http1.1' : '--http2-prior-knowledge');
  words.push('--output', file, '--write-out', '%{http_code}');
  if (name.startsWith('gzip')) words.push('--compressed');
  if (init.method === 'HEAD') words.push('--head');
  for (const [field, value] of Object.entries(init.headers ?? {}))
    words.push('--header', `${field}: ${value}`);
  if (init.body !== undefined) {
    words.push('--data-binary', String(init.body), '--header', 'Content-Type: text/plain;charset=UTF-8');
    words.push('--header', init.expectContinue === true ? 'Expect: 100-continue' : 'Expect:');
    if (streams && peer.version === undefined) words.push('--header', 'Transfer-Encoding: chunked');
  }
  const { stdout } = await run('curl', [...words, url]);
  // For HEAD, curl writes the head into the file; without content it writes no file.
  const hasContent = init.method !== 'HEAD' && existsSync(file);
  return { status: Number(stdout), content: hasContent ? readFileSync(file) : Buffer.alloc(0) };
}

async function withServal(
  client: Client,
  url: string,
  { init = {}, streams, shows, trailer }: PeerCase,
  version: '1.1' | '2',
): Promise<Answered> {
  const heads: string[] = [];
  const observer = { onResponseHead: (head: string) => void heads.push(head) };
  const { body, ...rest } = init;
  const given = body === undefined ? {} : { body: streams ? new Blob([body]).stream() : body };
  const response = await client.fetch(url, { ...rest, ...given, observer });
  const content = Buffer.from(await response.arrayBuffer());
  if (version === '2' && response.httpVersion !== '2') throw new Error(`it is HTTP/${response.httpVersion}`);
  if (trailer !== undefined && (await response.trailers).get(trailer[0]) !== trailer[1])
    throw new Error(`the trailer ${trailer[0]} is missing`);
  if (!shows.test(heads.at(-1)!)) throw new Error(`the head does not match ${shows}:\n${heads.at(-1)}`);
  return { status: response.status, content };
}

async function exchange(
  client: Client,
  url: string,
  what: PeerCase,
  version: '1.1' | '2',
  expected: Answered,
): Promise<void> {
  const { status, content } = await withServal(client, url, what, version);
  if (status !== expected.status) throw new Error(`status ${status}, curl got ${expected.status}`);
  if (!content.equals(expected.content))
    throw new Error(`${content.length} bytes, curl got ${expected.content.length}, and they differ`);
}

interface Judged {
  readonly peer: Peer;
  readonly base: string;
  readonly folder: string;
  readonly authority: CertificateAuthority;
}

/** @throws {Error} that says what went wrong. */
async function judge(judged: Judged, what: PeerCase, exchanges: number): Promise<string> {
  const { base, peer, authority } = judged;
  await using client = new Client({
    timeouts: { headers: 10_000, receive: 10_000 },
    http2: peer.version === undefined ? false : 'prior-knowledge',
    tls: { ca: authority.cert },
  });
  const url = base + what.path;
  const expected = await withCurl(url, what, judged);
  const version = peer.version ?? '1.1';
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun++ < exchanges) await exchange(client, url, what, version, expected);
  };
  await Promise.all(Array.from({ length: AT_ONCE[version] }, worker));
  if (version === '2' && client.connections > 1) throw new Error(`${client.connections} connections`);
  return `${exchanges} ok, ${expected.status}, ${expected.content.length} bytes, ${client.connections} connections left open`;
}

async function judgePeer(peer: Peer, exchanges: number): Promise<string[]> {
  const { name, program, prepare, cases, isSecure = false } = peer;
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
    const authority = certificateAuthority();
    const identity = authority.issue(['localhost', '127.0.0.1']);
    const judged = { peer, folder, authority, base: `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}` };
    await using _server = await RunningProgram.listening(
      { file, words: prepare(folder, port, identity), folder },
      port,
    );
    console.log(`\n${name}`);
    const faults: string[] = [];
    for (const what of cases) {
      try {
        const outcome = await judge(judged, what, exchanges);
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
