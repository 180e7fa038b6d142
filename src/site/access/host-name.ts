/** Host names, from user input to the form that URLs use. */

/**
 * Accepts `a.example`, or `*.a.example` for every name below it.
 *
 * @returns the name in lower case and ASCII, as in a URL.
 * @throws {TypeError}
 */
export function parseHostName(text: string): string {
  const prefix = text.startsWith('*.') ? '*.' : '';
  const name = text.slice(prefix.length);
  const url = URL.canParse(`http://${name}/`) ? new URL(`http://${name}/`) : undefined;
  if (url === undefined || !/^[^:/?#@*\\]+$/.test(name) || isAddress(url.hostname)) {
    throw new TypeError(`expected a host name such as app.example or *.app.example, got "${text}"`);
  }
  return prefix + url.hostname;
}

/** The URL Standard parses every host that could be an IPv4 address as one, and serializes it as four numbers. */
export function isAddress(name: string): boolean {
  return name.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(name);
}
