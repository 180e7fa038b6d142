/** The names and addresses by which this machine is reached: from itself, and from its network. */
import { hostname, networkInterfaces } from 'node:os';

/** Not `*.localhost`: no client takes an asterisk right under a top-level name. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/** Those of this machine alone come first. */
export function localNames(): string[] {
  const name = hostname().toLowerCase();
  // A machine announces its first label by multicast DNS (RFC 6762 §3).
  const label = name.split('.')[0] ?? '';
  const names = /^[a-z0-9-]+$/.test(label) && label !== 'localhost' ? [name, `${label}.local`] : [];
  const addresses = Object.values(networkInterfaces()).flatMap((entries = []) =>
    // The others need a zone, and no URL has one.
    entries
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
      .map(({ address }) => address),
  );
  return [...new Set([...LOOPBACK, ...names, ...addresses.sort()])];
}
