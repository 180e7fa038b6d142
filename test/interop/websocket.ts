/**
 * WebSockets between Serval and other projects, over ws: and wss:. The clients of Node (undici), Bun, Deno and the package `ws` with
 * Serval's server; Serval's client with the servers of `ws`, Bun and Deno. Serval's own two ends run on Bun and Deno as well.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { WebSocket as WsClient } from 'ws';
import { Client, WebSocket } from '../../src/client/index.ts';
import { type ConnectContext, PROTOCOL_MARKER, Response, serve } from '../../src/index.ts';
import { certificateAuthority } from '../support/certificates.ts';
import type { Command } from '../support/commands.ts';
import { findProgram } from '../support/find-program.ts';
import { freePort } from '../support/ports.ts';
import { RunningProgram } from '../support/running-program.ts';
import { type Opens, runCases, type StandardSocket } from './websocket/cases.ts';
import { FOREIGN_SERVERS, type ForeignServer } from './websocket/servers.ts';

const MIB = 1024 * 1024;
const RUNTIME_CLIENT = fileURLToPath(new URL('./websocket/runtime-client.js', import.meta.url));

const authority = certificateAuthority();

interface Runtime {
  readonly name: string;
  readonly program: string;
  readonly words: readonly string[];
  /** Its own WebSocket, or Serval's on this runtime. */
  readonly client: 'own' | 'serval';
}

const BUN = process.env['BUN'] ?? 'bun';
const DENO = process.env['DENO'] ?? 'deno';
const DENO_WORDS = ['run', '--no-check', '--allow-all'];

const RUNTIMES: readonly Runtime[] = [
  {
    name: 'Node (undici)',
    program: process.env['NODE'] ?? process.execPath,
    // Node 20 has a WebSocket, but only with this flag.
    words: ['--experimental-websocket', '--no-warnings'],
    client: 'own',
  },
  { name: 'Bun', program: BUN, words: ['run'], client: 'own' },
  { name: 'Deno', program: DENO, words: DENO_WORDS, client: 'own' },
  { name: "Serval's on Bun", program: BUN, words: ['run'], client: 'serval' },
  { name: "Serval's on Deno", program: DENO, words: DENO_WORDS, client: 'serval' },
];

export const webSocket: Command = {
  summary: "WebSockets: the clients of ws, Node, Bun and Deno, and Serval's client with their servers",
  help: `

Prints a line for each pair. What is not installed is skipped; NODE, BUN and DENO may name binaries. A Node that is named has its own
version of undici.`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'serval-websocket-'));
    const faults: string[] = [];
    try {
      for (const scheme of ['ws', 'wss'] as const) {
        faults.push(...(await serveOthers(scheme)));
        for (const server of FOREIGN_SERVERS) faults.push(...(await askOther(server, scheme, folder)));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return faults;
  },
};

/** Prints the outcome of a pair. @returns its faults. */
function report(pair: string, lines: readonly string[], remark: string): string[] {
  const faults = lines.filter((line) => !line.startsWith('ok ')).map((line) => `${pair}: ${line}`);
  const extension = /^ok handshake: (.*)$/m.exec(lines.join('\n'))?.[1] ?? '';
  const isComplete = lines.length > 0 && faults.length === 0;
  console.log(
    `${isComplete ? 'ok    ' : 'FAULT '} ${pair.padEnd(44)} ${lines.length} cases, ${remark}, ${extension}`,
  );
  return lines.length === 0 ? [`${pair}: it has printed nothing`] : faults;
}

async function serveOthers(scheme: 'ws' | 'wss'): Promise<string[]> {
  const versions = new Set<string>();
  const { cert, key } = authority.issue(['127.0.0.1', 'localhost']);
  const server = serve(
    {
      [PROTOCOL_MARKER]: 1 as const,
      fetch: () => new Response('none'),
      connect(ctx: ConnectContext) {
        if (ctx.path === '/none') return new Response('none', { status: 404 });
        versions.add(ctx.receivedHead.startsWith('GET ') ? 'HTTP/1.1' : 'HTTP/2');
        const socket = ctx.upgradeWebSocket({ protocol: ['chat'], maxMessageSize: 4 * MIB, deflate: true });
        socket.binaryType = 'arraybuffer';
        socket.onmessage = ({ data }) => {
          if (data === 'close') socket.close(4_002, 'as you wish');
          else socket.send(data);
        };
        return undefined;
      },
    },
    { port: 0, hostname: '127.0.0.1', ...(scheme === 'wss' && { tls: { cert, key } }) },
  );
  await server.ready;
  server.closed.catch(() => {});
  const origin = `${scheme}://127.0.0.1:${[...server][0]!.address.port}`;
  const faults: string[] = [];
  try {
    const pairs = [
      [
        'ws',
        () => linesOf((path, list) => new WsClient(origin + path, list, { ca: authority.cert }) as never),
      ],
      ...RUNTIMES.map((runtime) => [runtime.name, () => runtimeLines(runtime, origin, scheme)] as const),
    ] as const;
    for (const [name, lines] of pairs) {
      versions.clear();
      const pair = `${name} → Serval, ${scheme}:`;
      const got = await lines();
      if (got === undefined) console.log(`-      ${pair} skipped, not installed`);
      else faults.push(...report(pair, got, [...versions].join(' and ')));
    }
  } finally {
    await server.destroy();
  }
  return faults;
}

async function linesOf(open: Opens): Promise<string[]> {
  const lines: string[] = [];
  await runCases(open, (line) => lines.push(line));
  return lines;
}

async function runtimeLines(
  { program, words, client }: Runtime,
  origin: string,
  scheme: 'ws' | 'wss',
): Promise<string[] | undefined> {
  const file = findProgram(program);
  if (file === undefined) return undefined;
  const trusted = scheme === 'wss' ? [authority.certFile] : [];
  const environment = { NODE_EXTRA_CA_CERTS: authority.certFile, DENO_CERT: authority.certFile };
  const lines: string[] = [];
  await using program_ = new RunningProgram(
    { file, words: [...words, RUNTIME_CLIENT, client, origin, ...trusted], environment },
    (line) => lines.push(line),
  );
  const end = await program_.exited;
  if (end !== 'status 0') lines.push(`fault process: ${end}\n${program_.output}`);
  return lines;
}

async function askOther(server: ForeignServer, scheme: 'ws' | 'wss', folder: string): Promise<string[]> {
  const pair = `Serval → ${server.name}, ${scheme}:`;
  const file = findProgram(server.program);
  if (file === undefined) {
    console.log(`-      ${pair} skipped, not installed`);
    return [];
  }
  const port = await freePort();
  const identity = scheme === 'wss' ? authority.issue(['127.0.0.1', 'localhost']) : undefined;
  await using _running = await RunningProgram.listening(
    { file, words: server.prepare(folder, port, identity), folder },
    port,
  );
  const priorKnowledge = server.isHttp2 && scheme === 'ws';
  const client = new Client({
    tls: { ca: authority.cert },
    ...(priorKnowledge && { http2: 'prior-knowledge' }),
  });
  const versions = new Set<string>();
  const observer = {
    onRequestHead: (head: string) => void versions.add(head.startsWith('GET ') ? 'HTTP/1.1' : 'HTTP/2'),
  };
  const origin = `${scheme}://127.0.0.1:${port}`;
  const faults: string[] = [];
  for (const deflate of [false, true]) {
    const options = { client, observer, deflate };
    const lines = await linesOf(
      (path, protocols) => new WebSocket(origin + path, { ...options, protocols }) as StandardSocket as never,
    );
    faults.push(...report(pair, lines, [...versions].join(' and ')));
  }
  await client.destroy();
  return faults;
}
