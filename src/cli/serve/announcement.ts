/** What is said once the server listens: where it is, what it does, and what might surprise. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SocketAddress } from '../../io/socket-address.ts';
import type { SiteConfig } from '../../site/config/site-config.ts';
import { isLoopback, urlsOf } from './addresses.ts';

/** So many processes of so many threads. */
export interface Crew {
  readonly workers: number;
  readonly threads: number;
}

export interface Announced {
  readonly demo: boolean;
  readonly directory: string;
  readonly addresses: readonly SocketAddress[];
  /** Absent for plain HTTP. */
  readonly encryption?: object | undefined;
  readonly config: SiteConfig;
  readonly configFile: string | undefined;
  /** Descriptors that systemd has opened. */
  readonly sockets?: readonly number[];
  /** Absent when this process answers itself. */
  readonly crew?: Crew | undefined;
}

/** For standard output. The first URL in it is the one to open. */
export function announcement(announced: Announced): string {
  const { demo, directory, addresses, config, configFile, sockets = [], crew } = announced;
  const isSecured = announced.encryption !== undefined;
  const what = demo ? 'Serval shows HTTP happening' : `Serval serves ${directory}`;
  const lines = [`${what}${crew === undefined ? '' : ` with ${crewText(crew)}`} at`];
  const urls = addresses.flatMap((address) => urlsOf(address, isSecured ? 'https' : 'http'));
  for (const { reach, url } of urls) lines.push(`  ${`${reach}:`.padEnd(9)}${url}`);
  if (sockets.length > 0) lines.push('The sockets are those that systemd has opened.');
  if (demo) {
    lines.push(`Files are kept in ${directory}`);
  } else {
    if (configFile !== undefined) lines.push(`Settings are those of ${configFile}`);
    const index = config.index ?? 'index.html';
    const findsNothing = index === false || !existsSync(join(directory, index));
    if (findsNothing && !config.listing) {
      lines.push(`There is no ${index || 'index'}: ask for files by name, or add --listing.`);
    }
  }
  lines.push('Ctrl-C stops it.');
  return `${lines.join('\n')}\n`;
}

function crewText({ workers, threads }: Crew): string {
  const processes = workers === 1 ? '1 worker' : `${workers} workers`;
  return threads === 1 ? processes : `${processes} of ${threads} threads`;
}

/** What the user may not have thought of; each is one line for standard error. */
export function warnings({
  demo,
  directory,
  addresses,
  encryption,
  config,
  configFile,
}: Announced): string[] {
  const lines: string[] = [];
  if (demo) return lines;
  const open = addresses.some(({ address, family }) => family !== 'unix' && !isLoopback(address));
  if (open && config.auth !== undefined && encryption === undefined) {
    lines.push('passwords cross the network for all to read: put something that speaks TLS in front.');
  }
  if (open && config.upload && config.auth === undefined) {
    lines.push('anybody on the network can put files here: --auth asks for a password.');
  }
  // Other servers read a file there. What is served never says how.
  const served = join(directory, 'serval.json');
  if (served !== configFile && existsSync(served)) {
    lines.push(`${served} is not read, but served: --config "${served}" uses it.`);
  }
  return lines;
}
