/** The addresses that a supervisor binds, in the terms of `serve`. */
import { checkInteger, checkMembers, checkType, refusal } from '../options/checks.ts';
import { withNumericPort } from '../options/port.ts';

/** Either `path`, or `fd`, or a port with a host name. */
export interface Address {
  /** A number or its text. Default 0: any free port; `supervisor.addresses` has the port that was bound. */
  port?: number | string;
  /** Default `"0.0.0.0"`, as for `serve`. */
  hostname?: string;
  /** With a wildcard IPv6 address: no IPv4. Default false. */
  ipv6Only?: boolean;
  /** A unix socket. Its file is removed at the end; a file that a dead server has left is replaced. */
  path?: string;
  /** The permissions of that file, such as `0o660`. */
  mode?: number;
  /** The descriptor of a bound socket, such as those that systemd passes from 3 on. */
  fd?: number;
}

/** An {@link Address}, checked. */
export type CheckedAddress = Address & { readonly port?: number };

export const ADDRESS_OPTIONS = ['port', 'hostname', 'ipv6Only', 'path', 'mode', 'fd'] as const;

/**
 * The addresses of `options.listen`, or the single address whose members are options themselves.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function addressesOf(options: Address & { listen?: readonly Address[] }): readonly CheckedAddress[] {
  const own = Object.fromEntries(
    ADDRESS_OPTIONS.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as Address;
  const { listen } = options;
  if (listen === undefined) {
    return [checkedAddress('options', own)];
  }
  const [name] = Object.keys(own);
  if (name !== undefined) throw new TypeError(`options.${name}: cannot be combined with options.listen`);
  if (!Array.isArray(listen) || listen.length === 0) {
    throw new TypeError(refusal('options.listen', 'a non-empty array of addresses', listen));
  }
  return listen.map((address, index) => {
    checkMembers(`options.listen[${index}]`, address ?? null, ADDRESS_OPTIONS);
    return checkedAddress(`options.listen[${index}]`, address);
  });
}

function checkedAddress(where: string, given: Address): CheckedAddress {
  const address = withNumericPort(given, `${where}.port`);
  const { hostname, ipv6Only, path, mode, fd } = address;
  checkInteger(`${where}.fd`, fd, 0, 2 ** 31 - 1);
  checkInteger(`${where}.mode`, mode, 0, 0o777);
  if (mode !== undefined && path === undefined) throw new TypeError(`${where}.mode: requires ${where}.path`);
  for (const [name, value] of Object.entries({ hostname, path })) {
    checkType(`${where}.${name}`, value, 'string');
    // The system binds all addresses for an empty name.
    if (value === '') throw new TypeError(refusal(`${where}.${name}`, 'a non-empty string', value));
  }
  checkType(`${where}.ipv6Only`, ipv6Only, 'boolean');
  const alone = fd !== undefined ? 'fd' : path !== undefined ? 'path' : undefined;
  if (alone === undefined) return address;
  for (const [name, value] of Object.entries(address)) {
    if (name === alone || name === 'mode' || value === undefined) continue;
    throw new TypeError(`${where}.${alone}: cannot be combined with ${where}.${name}`);
  }
  return address;
}
