/** What serval prints once it listens: its addresses, and what may surprise the user. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SocketAddress } from '../../io/socket-address.ts';
import { isLoopback } from '../../semantics/address/ip-address.ts';
import type { SiteConfig } from '../../site/config/site-config.ts';
import { urlsOf } from './addresses.ts';

export interface Crew {
  /** The number of processes, and of threads in each. */
  readonly workers: number;
  readonly threads: number;
}

export interface Announced {
  readonly demo: boolean;
  readonly directory: string;
  readonly addresses: readonly SocketAddress[];
  readonly healthAddress?: SocketAddress | undefined;
  readonly metricsAddress?: SocketAddress | undefined;
  readonly inspectorUrl?: string | undefined;
  /** Absent for plain HTTP. */
  readonly encryption?: object | undefined;
  readonly config: SiteConfig;
  readonly configFile: string | undefined;
  /** Descriptors from systemd. */
  readonly sockets?: readonly number[];
  /** Absent if this process serves. */
  readonly crew?: Crew | undefined;
}

/** For standard output. The first URL in it is the one to open. */
export function announcement(announced: Announced): string {
  const { demo, directory, addresses, healthAddress, metricsAddress, inspectorUrl } = announced;
  const { config, configFile, sockets = [], crew } = announced;
  const what = demo ? 'Serval demo' : `Serval serves ${directory}`;
  const lines = [`${what}${crew === undefined ? '' : ` with ${crewText(crew)}`} at`];
  const scheme = announced.encryption === undefined ? 'http' : 'https';
  const urls = addresses.flatMap((address) => urlsOf(address, scheme));
  for (const { reach, url } of urls) lines.push(`  ${`${reach}:`.padEnd(9)}${url}`);
  if (healthAddress !== undefined) lines.push(`  Health:  ${urlsOf(healthAddress)[0]!.url}healthz`);
  if (metricsAddress !== undefined) lines.push(`  Metrics: ${urlsOf(metricsAddress)[0]!.url}metrics`);
  if (inspectorUrl !== undefined) lines.push(`  Inspect: ${inspectorUrl}`);
  if (sockets.length > 0) lines.push('The sockets are from systemd.');
  if (demo) {
    lines.push(`Files are kept in ${directory}`);
  } else {
    if (configFile !== undefined) lines.push(`Settings: ${configFile}`);
    const index = config.index ?? 'index.html';
    const hasNoIndex = index === false || !existsSync(join(directory, index));
    if (hasNoIndex && !config.listing) {
      lines.push(`There is no ${index || 'index'}. Request files by name, or add --listing.`);
    }
  }
  lines.push('Press Ctrl-C to stop.');
  return `${lines.join('\n')}\n`;
}

function crewText({ workers, threads }: Crew): string {
  const processes = workers === 1 ? '1 worker' : `${workers} workers`;
  return threads === 1 ? processes : `${processes} of ${threads} threads`;
}

/** Risks that the user may have overlooked; each is one line for standard error. */
export function warnings(announced: Announced): string[] {
  const { demo, directory, addresses, encryption, config, configFile } = announced;
  const lines: string[] = [];
  if (demo) return lines;
  const isOpen = addresses.some(({ address, family }) => family !== 'unix' && !isLoopback(address));
  if (isOpen && config.auth !== undefined && encryption === undefined)
    lines.push('passwords cross the network unencrypted; use --tls, --cert or --acme, or a proxy with TLS');
  if (isOpen && config.upload && config.auth === undefined)
    lines.push('anyone on the network can upload files; --auth requires a password');
  // Other programs read their settings from the folder that they serve.
  const served = join(directory, 'serval.json');
  if (served !== configFile && existsSync(served))
    lines.push(`${served} is served, not read; use --config "${served}" to read it`);
  return lines;
}
