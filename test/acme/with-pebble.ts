/** Pebble, Let's Encrypt's server for tests, with names that all lead to this machine. Both are in Debian's package `pebble`. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Client } from '../../src/client/index.ts';
import { certificateAuthority } from '../support/certificates.ts';
import { until } from '../support/until.ts';

/** Why the tests are skipped; `false` where Pebble is installed. */
export const WITHOUT_PEBBLE: string | false =
  spawnSync('pebble', ['-h']).error === undefined
    ? false
    : 'pebble is not installed (apt-get install pebble)';

export interface Pebble {
  readonly directory: string;
  /** The authority of its own certificate. */
  readonly ca: string;
  /** Where it asks for http-01, and for tls-alpn-01. */
  readonly httpPort: number;
  readonly tlsPort: number;
  /** The authority of the certificates that it issues. */
  issuer(): Promise<string>;
  /** It forgets everything. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface PebbleOptions {
  /** Of the certificates, in seconds. */
  readonly lifetime?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export async function withPebble(
  use: (pebble: Pebble) => Promise<void>,
  options: PebbleOptions = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'serval-pebble-'));
  const [port, managementPort, httpPort, tlsPort, dnsPort, dnsManagementPort] = await freePorts(6);
  const authority = certificateAuthority();
  const { certFile, keyFile } = authority.issue(['localhost', '127.0.0.1']);
  const configFile = join(folder, 'pebble.json');
  const pebble = {
    ...{ listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${managementPort}` },
    ...{ certificate: certFile, privateKey: keyFile, httpPort, tlsPort, ocspResponderURL: '' },
    externalAccountBindingRequired: false,
    ...(options.lifetime !== undefined && { certificateValidityPeriod: options.lifetime }),
  };
  writeFileSync(configFile, JSON.stringify({ pebble }));
  const dns = run('pebble-challtestsrv', [
    ...['-defaultIPv4', '127.0.0.1', '-defaultIPv6', '', '-dns01', `127.0.0.1:${dnsPort}`],
    ...['-http01', '', '-https01', '', '-tlsalpn01', '', '-management', `127.0.0.1:${dnsManagementPort}`],
  ]);
  const client = new Client({ tls: { ca: authority.cert } });
  const get = async (url: string) => (await client.fetch(url)).text();
  const directory = `https://localhost:${port}/dir`;
  let server: ChildProcess | undefined;
  const running: Pebble = {
    ...{ directory, ca: authority.cert, httpPort: httpPort!, tlsPort: tlsPort! },
    issuer: () => get(`https://localhost:${managementPort}/roots/0`),
    async start() {
      server = run('pebble', ['-config', configFile, '-dnsserver', `127.0.0.1:${dnsPort}`], {
        ...{ PEBBLE_VA_NOSLEEP: '1', PEBBLE_AUTHZREUSE: '0', ...options.env },
      });
      await until('pebble answers', () =>
        get(directory).then(
          () => true,
          () => false,
        ),
      );
    },
    async stop() {
      if (server === undefined) return;
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      server = undefined;
      await gone;
    },
  };
  try {
    await running.start();
    await use(running);
  } finally {
    await running.stop();
    dns.kill('SIGKILL');
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(program, words, { stdio: 'ignore', env: { ...process.env, ...env } });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
