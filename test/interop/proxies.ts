/**
 * Serval behind HAProxy (with PROXY headers), and behind nginx, Caddy and HAProxy with Forwarded or X-Forwarded, and behind a
 * chain of two; with honest clients, and with clients that send such fields themselves.
 *
 * Clients connect from 127.0.0.9 and proxies from 127.0.0.1, which is trusted.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProxyOptions, Response, type ServerContext, serve } from '../../src/index.ts';
import type { Command } from '../support/commands.ts';
import { findProgram } from '../support/find-program.ts';
import { freePorts } from '../support/ports.ts';
import { RunningProgram } from '../support/running-program.ts';
import {
  type Backends,
  CADDY_FRONTS,
  caddy,
  HAPROXY_FRONTS,
  haproxy,
  NGINX_FRONTS,
  nginx,
} from './proxies/fronts.ts';

export const proxies: Command = {
  summary: 'Serval behind HAProxy, nginx and Caddy, with honest and with lying clients',
  help: '\n\nPrints a line for each case. Proxies that are not installed are skipped.',
  async run() {
    await using cases = await ProxyCases.start();
    await cases.withoutProxy();
    const nginxProgram = installed('nginx');
    const haproxyProgram = installed('haproxy');
    const withHaproxy = async (nginxPort: number) => {
      if (haproxyProgram !== undefined) await cases.behindHaproxy(haproxyProgram, nginxPort);
    };
    if (nginxProgram === undefined) await withHaproxy(0);
    else await cases.behindNginx(nginxProgram, withHaproxy);
    const caddyProgram = installed('caddy');
    if (caddyProgram !== undefined) await cases.behindCaddy(caddyProgram);
    return cases.faults;
  },
};

function installed(name: string): string | undefined {
  const file = findProgram(name);
  if (file === undefined) console.log(`-      ${name}: skipped, not installed`);
  return file;
}

const CLIENT = '127.0.0.9';
const HOST = 'public.example';
const SPOOFED = [
  'Forwarded: for=6.6.6.6;proto=ftp;host=evil.example',
  'X-Forwarded-For: 6.6.6.6',
  'X-Forwarded-Proto: ftp',
  'X-Forwarded-Host: evil.example',
];

/** What the handler saw, and the status of the response. */
interface Seen {
  readonly status: number;
  readonly remote: string;
  readonly local: string;
  readonly url: string;
  /** The port of the client's own socket. */
  readonly clientPort: number;
}

/** Ends the quoted string into which a proxy puts it, and begins a hop of its own. */
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

const CLIENT_URL = `https://${HOST}/path?query`;
const isClient = ({ remote, url }: Seen): boolean => remote === `${CLIENT} 0` && url === CLIENT_URL;

class ProxyCases implements AsyncDisposable {
  readonly faults: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'serval-proxies-'));
  readonly #healthChecks = new Set<string>();
  readonly #server = serve((request, ctx) => this.#answer(request, ctx));
  #backends!: Backends;

  static async start(): Promise<ProxyCases> {
    const cases = new ProxyCases();
    await cases.#listen();
    return cases;
  }

  async #listen(): Promise<void> {
    chmodSync(this.#folder, 0o755);
    const trusted = ['127.0.0.1', '::1', 'unix'];
    const listen = async (proxy: ProxyOptions): Promise<number> =>
      (await this.#server.listen({ hostname: '127.0.0.1', proxy })).address.port;
    const listenAt = async (name: string, proxy: ProxyOptions): Promise<string> => {
      const path = join(this.#folder, name);
      // The workers of nginx connect as another user.
      await this.#server.listen({ path, mode: 0o666, proxy });
      return path;
    };
    this.#backends = {
      protocol: await listen({ protocol: true, trusted }),
      path: await listenAt('protocol.sock', { protocol: true, trusted }),
      strangers: await listen({ protocol: true, trusted: ['10.0.0.0/8'] }),
      forwarded: await listen({ fields: 'forwarded', trusted }),
      xForwarded: await listen({ fields: 'x-forwarded', trusted }),
      xForwardedPath: await listenAt('x-forwarded.sock', { fields: 'x-forwarded', trusted }),
    };
  }

  #answer(request: Request, { remoteAddress, localAddress }: ServerContext): Response {
    const text = ({ address, port }: { address: string; port: number }) => `${address} ${port}`;
    if (request.url.endsWith('/health')) this.#healthChecks.add(remoteAddress.address);
    return Response.json({ remote: text(remoteAddress), local: text(localAddress), url: request.url });
  }

  async #check(what: string, asked: Asked, isRight: (seen: Seen) => boolean): Promise<void> {
    const seen = await ask(asked);
    const shown =
      seen.status === 200 ? `${seen.remote} → ${seen.local}  ${seen.url}` : `status ${seen.status}`;
    this.#note(what, isRight(seen), shown);
  }

  #note(what: string, isRight: boolean, shown: string): void {
    if (isRight) console.log(`ok     ${what.padEnd(58)} ${shown}`);
    else this.faults.push(`${what.padEnd(58)} ${shown}`);
  }

  /** A malformed host is refused by the proxy or by Serval, behind an absolute URL as well. */
  async #checkHosts(what: string, port: number): Promise<void> {
    for (const target of ['/path?query', CLIENT_URL.replace('https', 'http')]) {
      const where = target.startsWith('/') ? 'in Host' : 'behind a URL';
      const asked = { port, target, named: BREAKING_OUT };
      await this.#check(`${what}, a hop ${where}`, asked, ({ status }) => status === 400);
    }
  }

  async withoutProxy(): Promise<void> {
    const { xForwarded, forwarded, protocol } = this.#backends;
    const isOwn = ({ remote, url, clientPort }: Seen) =>
      remote === `${CLIENT} ${clientPort}` && url === `http://${HOST}/path?query`;
    await this.#check('no proxy, x-forwarded, spoofed', { port: xForwarded, fields: SPOOFED }, isOwn);
    await this.#check('no proxy, forwarded, spoofed', { port: forwarded, fields: SPOOFED }, isOwn);
    const preamble = 'PROXY TCP4 6.6.6.6 6.6.6.6 6 6\r\n';
    await this.#check(
      'no proxy, a PROXY header',
      { port: protocol, preamble },
      ({ status }) => status === 400,
    );
  }

  /** @param nginxPort of an nginx that adds X-Forwarded fields; 0 for none. */
  async behindHaproxy(file: string, nginxPort: number): Promise<void> {
    const ports = await freePorts(HAPROXY_FRONTS);
    const words = haproxy(this.#folder, ports, this.#backends, nginxPort);
    await using _haproxy = await RunningProgram.listening({ file, words }, ports.v1);
    for (const name of ['v1', 'v2', 'checksum', 'unix'] as const)
      await this.#check(
        `HAProxy, PROXY ${name}`,
        { port: ports[name], fields: SPOOFED },
        ({ remote, local, url, clientPort }) =>
          remote === `${CLIENT} ${clientPort}` &&
          local === `127.0.0.1 ${ports[name]}` &&
          url === `http://${HOST}/path?query`,
      );
    for (const name of ['v1-ipv6', 'v2-ipv6'] as const)
      await this.#check(
        `HAProxy, PROXY ${name}`,
        { port: ports[name], host: '::1' },
        ({ remote, local, clientPort }) => remote === `::1 ${clientPort}` && local === `::1 ${ports[name]}`,
      );
    await this.#check(
      'HAProxy, a PROXY header for a listener that does not trust it',
      { port: ports.stranger },
      ({ status }) => status === 400,
    );
    for (let round = 1; round <= 3; round++)
      await this.#check(
        `HAProxy, HTTP with PROXY v2, client ${round}`,
        { port: ports['http-v2'], fields: SPOOFED },
        ({ remote, clientPort }) => remote === `${CLIENT} ${clientPort}`,
      );
    for (let times = 0; times < 100 && this.#healthChecks.size === 0; times++) await sleep(50);
    const checkers = [...this.#healthChecks].join();
    this.#note('HAProxy, its health checks have its own address (LOCAL)', checkers === '127.0.0.1', checkers);
    for (const name of ['x-forwarded', 'forwarded'] as const) {
      await this.#checkClients(`HAProxy, ${name}`, ports[name]);
      await this.#checkHosts(`HAProxy, ${name}`, ports[name]);
    }
    if (nginxPort !== 0) await this.#checkClients('HAProxy, then nginx, x-forwarded', ports.chain);
  }

  /** @param then runs while nginx listens on the port for X-Forwarded. */
  async behindNginx(file: string, then: (port: number) => Promise<void>): Promise<void> {
    const ports = await freePorts(NGINX_FRONTS);
    const words = nginx(this.#folder, ports, this.#backends);
    await using _nginx = await RunningProgram.listening({ file, words }, ports.forwarded);
    for (const name of NGINX_FRONTS) {
      await this.#checkClients(`nginx, ${name}`, ports[name]);
      await this.#checkHosts(`nginx, ${name}`, ports[name]);
    }
    await then(ports['x-forwarded']);
  }

  async behindCaddy(file: string): Promise<void> {
    const ports = await freePorts(CADDY_FRONTS);
    const port = ports['x-forwarded'];
    const words = caddy(this.#folder, ports, this.#backends);
    await using _caddy = await RunningProgram.listening({ file, words }, port);
    const isRight = ({ remote, url }: Seen) =>
      remote === `${CLIENT} 0` && url === `http://${HOST}/path?query`;
    await this.#checkClients('Caddy, x-forwarded', port, isRight);
  }

  async #checkClients(what: string, port: number, isRight = isClient): Promise<void> {
    await this.#check(what, { port }, isRight);
    await this.#check(`${what}, spoofed`, { port, fields: SPOOFED }, isRight);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.destroy();
    await this.#server.closed.catch(() => {});
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
