/** HAProxy with the configuration of `deploy/`, in front of a server on this machine. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { RunningProgram } from '../../support/running-program.ts';

const DEPLOYED = fileURLToPath(new URL('../../../../deploy/haproxy.cfg', import.meta.url));

export interface Balanced {
  /** The port that HAProxy listens on. */
  readonly port: number;
  /** The port of the server behind it, which has no port for probes. */
  readonly server: number;
}

/** The deployed configuration without TLS, with these addresses, and with checks of the connection instead of `/readyz`. */
export function haproxyConfig(deployed: string, { port, server }: Balanced): string {
  const lines = deployed
    .split('\n')
    .filter((line) => !/^\s+server serval\d |option httpchk|http-check| ssl crt |ssl_fc/.test(line))
    .map((line) => line.replace('bind :80', `bind 127.0.0.1:${port}`))
    // Checks then connect to the server itself.
    .map((line) => line.replace(' check port 9090 ', ' check '))
    // The limit on descriptors of a shell allows no more.
    .map((line) => line.replace(/^ {4}maxconn \d+/, '    maxconn 4000'));
  const options = /^\s+server serval1 \S+(.*)$/m.exec(deployed)?.[1] ?? '';
  return [...lines, `    server pool 127.0.0.1:${server}${options}`, ''].join('\n');
}

export async function startHaproxy(balanced: Balanced): Promise<RunningProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'serval-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, haproxyConfig(readFileSync(DEPLOYED, 'utf8'), balanced));
  const environment = { PATH: `${process.env['PATH']}:/usr/sbin` };
  const haproxy = await RunningProgram.listening(
    { file: 'haproxy', words: ['-db', '-f', file], environment },
    balanced.port,
  );
  void haproxy.exited.then(() => rmSync(folder, { recursive: true }));
  return haproxy;
}
