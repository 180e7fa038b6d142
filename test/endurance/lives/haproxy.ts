/** HAProxy with the very configuration of `deploy/`, before servers that are here. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunningProgram } from './running.ts';

const DEPLOYED = fileURLToPath(new URL('../../../../deploy/haproxy.cfg', import.meta.url));

export interface Balanced {
  /** Where HAProxy listens. */
  readonly port: number;
  readonly servers: readonly { readonly name: string; readonly host: string; readonly port: number }[];
  /** Whether the servers answer `/readyz`; without it only the connection is checked. */
  readonly hasHealth: boolean;
}

/** What is deployed, with these addresses. */
export function haproxyConfig(deployed: string, { port, servers, hasHealth }: Balanced): string {
  const lines = deployed
    .split('\n')
    .filter((line) => !/^\s+server serval\d /.test(line))
    .filter((line) => hasHealth || !/option httpchk|http-check/.test(line))
    .map((line) => line.replace('bind :80', `bind 127.0.0.1:${port}`))
    // What descriptors allow that one starts with by hand.
    .map((line) => line.replace(/^ {4}maxconn \d+/, '    maxconn 4000'));
  // What stands behind the address belongs to each server.
  const words = /^\s+server serval1 \S+(.*)$/m.exec(deployed)?.[1] ?? '';
  const own = servers.map((server) => `    server ${server.name} ${server.host}:${server.port}${words}`);
  return [...lines, ...own, ''].join('\n');
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
