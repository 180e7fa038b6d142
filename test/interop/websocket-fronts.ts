/**
 * WebSockets through nginx, HAProxy and Caddy to Serval: over HTTP/1.1 (RFC 6455) and HTTP/2 (RFC 8441) on either side of the
 * proxy. Messages both ways, pings, large messages, both ends of a close, the check of `Origin`, and a server that drains.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type ConnectContext, PROTOCOL_MARKER, Response, serve } from '../../src/index.ts';
import type { Command } from '../support/commands.ts';
import { findProgram } from '../support/find-program.ts';
import { freePort } from '../support/ports.ts';
import { RunningProgram } from '../support/running-program.ts';
import {
  BINARY,
  CLOSE,
  closeFrame,
  codeOf,
  FramePeer,
  frame,
  HANDSHAKE,
  PING,
  PONG,
  TEXT,
} from '../websocket/frame-peer.ts';
import { handshake, shakeAt } from '../websocket/handshakes.ts';
import { WEBSOCKET_FRONTS, type WebSocketFront } from './websocket-fronts/fronts.ts';

export const webSocketFronts: Command = {
  summary: 'WebSockets behind nginx, HAProxy and Caddy, over HTTP/1.1 and HTTP/2',
  help: '\n\nPrints a line for each proxy. Proxies that are not installed are skipped.',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'serval-fronts-'));
    const faults: string[] = [];
    try {
      for (const front of WEBSOCKET_FRONTS) {
        const file = findProgram(front.program);
        if (file === undefined) {
          console.log(`-      ${front.name}: skipped, not installed`);
          continue;
        }
        const what = `${front.name}: client ${front.versions[0]}, Serval ${front.versions[1]}`;
        const passed = await tryFront(front, file, folder).catch((error: Error) => {
          faults.push(`${what}: ${error.message}`);
        });
        if (passed) console.log(`ok     ${what.padEnd(58)} ${passed.join(', ')}`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return faults;
  },
};

interface Tried {
  readonly front: WebSocketFront;
  readonly port: number;
  readonly seenVersions: Set<string>;
  readonly server: ReturnType<typeof startServer>['server'];
}

function startServer(isForwarded: boolean) {
  const seenVersions = new Set<string>();
  const server = serve(
    {
      [PROTOCOL_MARKER]: 1 as const,
      fetch: () => new Response('none'),
      connect(ctx: ConnectContext) {
        const socket = ctx.upgradeWebSocket({ protocol: ['chat'], maxMessageSize: 4 * MIB });
        seenVersions.add(ctx.receivedHead.startsWith('GET ') ? '1.1' : '2');
        socket.binaryType = 'arraybuffer';
        socket.onmessage = ({ data }) => {
          if (data === 'close') socket.close(4_002, 'as you wish');
          else socket.send(data as string);
        };
      },
    },
    {
      ...{ hostname: '127.0.0.1', port: 0 },
      ...(isForwarded && { proxy: { fields: 'x-forwarded', trusted: ['127.0.0.1'] } }),
    },
  );
  server.closed.catch(() => {});
  return { server, seenVersions };
}

const MIB = 1024 * 1024;

async function tryFront(front: WebSocketFront, file: string, folder: string): Promise<string[]> {
  const { server, seenVersions } = startServer(front.isForwarded === true);
  await server.ready;
  const port = await freePort();
  const words = front.prepare(folder, port, [...server][0]!.address.port);
  await using _front = await RunningProgram.listening({ file, words }, port);
  const tried = { front, port, seenVersions, server };
  const passed: string[] = [];
  try {
    for (const [name, act] of Object.entries(EXCHANGES)) {
      await withPatience(name, act(tried));
      passed.push(name);
    }
  } finally {
    server.destroy();
  }
  return passed;
}

/** In the order of the table in the documentation; the last one ends the server. */
const EXCHANGES: Record<string, (tried: Tried) => Promise<void>> = {
  async text(tried) {
    const peer = await open(tried);
    peer.send(frame(TEXT, 'Grüße'));
    expect((await peer.next())?.payload.toString(), 'Grüße');
    expect([...tried.seenVersions].join(), tried.front.versions[1]);
    peer.octets.destroy();
  },
  async '1 MiB'(tried) {
    const peer = await open(tried);
    const content = Buffer.alloc(MIB, 'a large message, ');
    peer.send(frame(BINARY, content));
    const answer = await peer.next();
    expect(answer?.opcode, BINARY);
    expect(answer?.payload.equals(content), true);
    peer.octets.destroy();
  },
  async '1,000 messages'(tried) {
    const peer = await open(tried);
    for (let sent = 0; sent < 1_000; sent++) peer.send(frame(TEXT, `message ${sent}`));
    for (let got = 0; got < 1_000; got++) expect((await peer.next())?.payload.toString(), `message ${got}`);
    peer.octets.destroy();
  },
  async ping(tried) {
    const peer = await open(tried);
    peer.send(frame(PING, 'p'));
    expect((await peer.next())?.opcode, PONG);
    peer.octets.destroy();
  },
  async 'close by each end'(tried) {
    const ours = await open(tried);
    ours.send(closeFrame(4_001, 'bye'));
    expect(await closeOf(ours), 4_001);
    const theirs = await open(tried);
    theirs.send(frame(TEXT, 'close'));
    expect(await closeOf(theirs), 4_002);
  },
  async Origin(tried) {
    const own = tried.front.isForwarded
      ? `https://127.0.0.1:${tried.port}`
      : `http://127.0.0.1:${tried.port}`;
    (await open(tried, own)).octets.destroy();
    const status = await open(tried, 'https://evil.example').then(
      () => 101,
      (error: Error) => Number(error.message),
    );
    expect(status, 403);
  },
  async drain(tried) {
    const peer = await open(tried);
    const drained = tried.server.drain();
    const close = (await peer.next())!;
    expect([close.opcode, codeOf(close)].join(), `${CLOSE},1001`);
    peer.send(closeFrame(1001));
    await peer.ended;
    peer.octets.end();
    await drained;
  },
};

/** @throws {Error} with the status as its message, if the handshake is refused. */
async function open({ front, port }: Tried, origin?: string): Promise<FramePeer> {
  const [version] = front.versions;
  return new FramePeer(version === '2' ? await openStream(port, origin) : await openSocket(port, origin));
}

async function openSocket(port: number, origin: string | undefined): Promise<Duplex> {
  const fields = { host: `127.0.0.1:${port}`, 'sec-websocket-protocol': 'chat', origin };
  const { status, fields: answer, socket } = await shakeAt(port, handshake(fields));
  if (status !== 101) throw new Error(`${status}`);
  expect(answer.get('sec-websocket-protocol'), 'chat');
  return socket;
}

function openStream(port: number, origin: string | undefined): Promise<Duplex> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    session.once('remoteSettings', ({ enableConnectProtocol }) => {
      if (!enableConnectProtocol) return reject(new Error('it does not announce extended CONNECT'));
      const stream = session.request({
        ...{ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/', ':scheme': 'http' },
        ...{ 'sec-websocket-version': HANDSHAKE['sec-websocket-version'], 'sec-websocket-protocol': 'chat' },
        ...(origin !== undefined && { origin }),
      });
      stream.once('error', reject);
      stream.once('close', () => session.close());
      stream.once('response', ({ ':status': status }) => {
        if (status === 200) return resolve(stream);
        stream.close();
        reject(new Error(`${status}`));
      });
    });
  });
}

async function closeOf(peer: FramePeer): Promise<number> {
  const close = (await peer.next())!;
  expect(close?.opcode, CLOSE);
  if (codeOf(close) === 4_002) peer.send(closeFrame(4_002));
  await peer.ended;
  peer.octets.end();
  return codeOf(close);
}

function expect(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${expected}, got ${actual}`);
}

const PATIENCE_MS = 20_000;

async function withPatience(name: string, act: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE_MS);
  });
  try {
    await Promise.race([act, late]);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
  }
}
