/** The names of hosts, as people write them and as URLs have them. */

/**
 * `a.example`, or `*.a.example` for every name below, as URLs have it: in small letters, and ASCII.
 *
 * @throws {TypeError}
 */
export function parseHostName(text: string): string {
  const prefix = text.startsWith('*.') ? '*.' : '';
  const name = text.slice(prefix.length);
  const url = URL.canParse(`http://${name}/`) ? new URL(`http://${name}/`) : undefined;
  if (url === undefined || !/^[^:/?#@*\\]+$/.test(name) || isAddress(url.hostname)) {
    throw new TypeError(`"${text}" is not the name of a host; one looks like app.example or *.app.example`);
  }
  return prefix + url.hostname;
}

/** The URL Standard takes whatever could be an IPv4 address for one, and writes it with four numbers. */
export function isAddress(name: string): boolean {
  return name.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(name);
}
