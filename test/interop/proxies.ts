/**
 * Serval behind the proxies that people have: HAProxy with PROXY headers, nginx, Caddy and HAProxy with Forwarded or
 * X-Forwarded, chains of two; with clients who tell the truth, and clients who send such fields themselves.
 *
 *     node build/test/interop/proxies.js
 *
 * Clients come from 127.0.0.9 and proxies from 127.0.0.1, which is trusted. Prints a line for each case, and fails when one
 * is wrong. What is not installed is left out.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProxyOptions, Response, type ServerContext, serve } from '../../src/index.ts';
import { CADDY_FRONTS, caddy, HAPROXY_FRONTS, haproxy, NGINX_FRONTS, nginx } from './proxies/fronts.ts';
import { findProgram, freePorts, startProgram, stopProgram } from './proxies/program.ts';

const CLIENT = '127.0.0.9';
const HOST = 'public.example';
const SPOOFED = [
  'Forwarded: for=6.6.6.6;proto=ftp;host=evil.example',
  'X-Forwarded-For: 6.6.6.6',
  'X-Forwarded-Proto: ftp',
  'X-Forwarded-Host: evil.example',
];

/** What the handler saw, and the status that came of it. */
interface Seen {
  readonly status: number;
  readonly remote: string;
  readonly local: string;
  readonly url: string;
  /** Of the client's own socket. */
  readonly clientPort: number;
}

/** Ends the quoted string that a proxy puts it into, and begins a hop of its own. */
const BREAKING_OUT = 'x",for="6.6.6.6';

interface Asked {
  readonly port: number;
  readonly host?: string;
  readonly target?: string;
  /** The Host field. */
  readonly named?: string;
  readonly fields?: readonly string[];
  /** Sent before the request. */
  readonly preamble?: string;
}

function ask({
  port,
  host = '127.0.0.1',
  target = '/path?query',
  named = HOST,
  fields = [],
  preamble = '',
}: Asked): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const local = host === '127.0.0.1' ? { localAddress: CLIENT } : {};
    const socket = net.connect({ port, host, ...local });
    let text = '';
    let clientPort = 0;
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    socket.on('connect', () => {
      clientPort = socket.localPort!;
      const lines = [`GET ${target} HTTP/1.1`, `Host: ${named}`, 'Connection: close', ...fields];
      socket.write(`${preamble}${lines.join('\r\n')}\r\n\r\n`);
    });
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET') reject(error);
    });
    socket.on('close', () => {
      const status = Number(text.split(' ', 2)[1] ?? 0);
      const body = status === 200 ? /\{.*\}/.exec(text)?.[0] : undefined;
      resolve({ remote: '', local: '', url: '', ...JSON.parse(body ?? '{}'), status, clientPort });
    });
  });
}

let wrong = 0;

async function check(what: string, asked: Asked, isRight: (seen: Seen) => boolean): Promise<void> {
  const seen = await ask(asked);
  const good = isRight(seen);
  if (!good) wrong++;
  const shown = seen.status === 200 ? `${seen.remote} → ${seen.local}  ${seen.url}` : `status ${seen.status}`;
  console.log(`${good ? 'ok   ' : 'WRONG'}  ${what.padEnd(58)} ${shown}`);
}

const handler = (request: Request, ctx: ServerContext): Response => {
  const { remoteAddress, localAddress } = ctx;
  const text = ({ address, port }: { address: string; port: number }) => `${address} ${port}`;
  if (request.url.endsWith('/health')) healthChecks.add(remoteAddress.address);
  return Response.json({ remote: text(remoteAddress), local: text(localAddress), url: request.url });
};
const healthChecks = new Set<string>();

const folder = mkdtempSync(join(tmpdir(), 'serval-proxies-'));
chmodSync(folder, 0o755);
const path = join(folder, 'protocol.sock');
const xForwardedPath = join(folder, 'x-forwarded.sock');
const trusted = ['127.0.0.1', '::1', 'unix'];
const server = serve(handler);
const listen = async (proxy: ProxyOptions, socketPath?: string): Promise<number> => {
  const where = socketPath === undefined ? { hostname: '127.0.0.1' } : { path: socketPath };
  const { port } = (await server.listen({ ...where, proxy })).address;
  // nginx asks as somebody else.
  if (socketPath !== undefined) chmodSync(socketPath, 0o666);
  return port;
};
const backends = {
  protocol: await listen({ protocol: true, trusted }),
  path,
  strangers: await listen({ protocol: true, trusted: ['10.0.0.0/8'] }),
  forwarded: await listen({ fields: 'forwarded', trusted }),
  xForwarded: await listen({ fields: 'x-forwarded', trusted }),
};
await listen({ protocol: true, trusted }, path);
await listen({ fields: 'x-forwarded', trusted }, xForwardedPath);

const CLIENT_URL = `https://${HOST}/path?query`;
const isClient = ({ remote, url }: Seen): boolean => remote === `${CLIENT} 0` && url === CLIENT_URL;

/** A host that is none is refused by somebody, behind an absolute URL as well. */
async function checkHosts(what: string, port: number): Promise<void> {
  for (const target of ['/path?query', CLIENT_URL.replace('https', 'http')]) {
    const where = target.startsWith('/') ? 'in Host' : 'behind a URL';
    await check(
      `${what}, a hop ${where}`,
      { port, target, named: BREAKING_OUT },
      ({ status }) => status === 400,
    );
  }
}

async function behindHAProxy(program: string, nginxPort: number): Promise<void> {
  const ports = await freePorts(HAPROXY_FRONTS);
  const child = await startProgram(program, haproxy(folder, ports, backends, nginxPort), ports.v1);
  try {
    for (const name of ['v1', 'v2', 'checksum', 'unix'] as const)
      await check(
        `HAProxy, PROXY ${name}`,
        { port: ports[name], fields: SPOOFED },
        ({ remote, local, url, clientPort }) =>
          remote === `${CLIENT} ${clientPort}` &&
          local === `127.0.0.1 ${ports[name]}` &&
          url === `http://${HOST}/path?query`,
      );
    for (const name of ['v1-ipv6', 'v2-ipv6'] as const)
      await check(
        `HAProxy, PROXY ${name}`,
        { port: ports[name], host: '::1' },
        ({ remote, local, clientPort }) => remote === `::1 ${clientPort}` && local === `::1 ${ports[name]}`,
      );
    await check(
      'HAProxy, a PROXY header for a listener that does not trust it',
      { port: ports.stranger },
      ({ status }) => status === 400,
    );
    for (let round = 1; round <= 3; round++)
      await check(
        `HAProxy, HTTP with PROXY v2, client ${round}`,
        { port: ports['http-v2'], fields: SPOOFED },
        ({ remote, clientPort }) => remote === `${CLIENT} ${clientPort}`,
      );
    for (let times = 0; times < 100 && healthChecks.size === 0; times++) await sleep(50);
    const own = [...healthChecks].join();
    if (own !== '127.0.0.1') wrong++;
    console.log(
      `${own === '127.0.0.1' ? 'ok   ' : 'WRONG'}  ${'HAProxy, its health checks are its own (LOCAL)'.padEnd(58)} ${own}`,
    );
    for (const name of ['x-forwarded', 'forwarded'] as const) {
      await check(`HAProxy, ${name}`, { port: ports[name] }, isClient);
      await check(`HAProxy, ${name}, spoofed`, { port: ports[name], fields: SPOOFED }, isClient);
      await checkHosts(`HAProxy, ${name}`, ports[name]);
    }
    if (nginxPort === 0) return;
    await check('HAProxy, then nginx, x-forwarded', { port: ports.chain }, isClient);
    await check(
      'HAProxy, then nginx, x-forwarded, spoofed',
      { port: ports.chain, fields: SPOOFED },
      isClient,
    );
  } finally {
    await stopProgram(child);
  }
}

async function behindNginx(program: string, then: (xForwardedPort: number) => Promise<void>): Promise<void> {
  const ports = await freePorts(NGINX_FRONTS);
  const child = await startProgram(program, nginx(folder, ports, backends, xForwardedPath), ports.forwarded);
  try {
    for (const name of NGINX_FRONTS) {
      await check(`nginx, ${name}`, { port: ports[name] }, isClient);
      await check(`nginx, ${name}, spoofed`, { port: ports[name], fields: SPOOFED }, isClient);
      await checkHosts(`nginx, ${name}`, ports[name]);
    }
    await then(ports['x-forwarded']);
  } finally {
    await stopProgram(child);
  }
}

async function behindCaddy(program: string): Promise<void> {
  const ports = await freePorts(CADDY_FRONTS);
  const child = await startProgram(program, caddy(folder, ports, backends), ports['x-forwarded']);
  try {
    const isRight = ({ remote, url }: Seen) =>
      remote === `${CLIENT} 0` && url === `http://${HOST}/path?query`;
    await check('Caddy, x-forwarded', { port: ports['x-forwarded'] }, isRight);
    await check('Caddy, x-forwarded, spoofed', { port: ports['x-forwarded'], fields: SPOOFED }, isRight);
  } finally {
    await stopProgram(child);
  }
}

try {
  const isOwn = ({ remote, url, clientPort }: Seen) =>
    remote === `${CLIENT} ${clientPort}` && url === `http://${HOST}/path?query`;
  await check('nobody in front, x-forwarded, spoofed', { port: backends.xForwarded, fields: SPOOFED }, isOwn);
  await check('nobody in front, forwarded, spoofed', { port: backends.forwarded, fields: SPOOFED }, isOwn);
  const preamble = 'PROXY TCP4 6.6.6.6 6.6.6.6 6 6\r\n';
  await check(
    'nobody in front, a PROXY header',
    { port: backends.protocol, preamble },
    ({ status }) => status === 400,
  );

  const programs = {
    haproxy: findProgram('/usr/sbin/haproxy', '/usr/local/sbin/haproxy'),
    nginx: findProgram('/usr/sbin/nginx', '/usr/local/sbin/nginx'),
    caddy: findProgram('/usr/bin/caddy', '/usr/local/bin/caddy'),
  };
  const haproxyToo = async (nginxPort: number) => {
    if (programs.haproxy !== undefined) await behindHAProxy(programs.haproxy, nginxPort);
  };
  if (programs.nginx === undefined) await haproxyToo(0);
  else await behindNginx(programs.nginx, haproxyToo);
  if (programs.caddy !== undefined) await behindCaddy(programs.caddy);
  for (const [name, program] of Object.entries(programs)) {
    if (program === undefined) console.log(`-      ${name} is not installed, left out`);
  }
} finally {
  server.destroy();
  await server.closed.catch(() => {});
  rmSync(folder, { recursive: true, force: true });
}
console.log(wrong === 0 ? 'All as it should be.' : `${wrong} wrong.`);
process.exitCode = wrong === 0 ? 0 : 1;
