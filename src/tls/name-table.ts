/** What goes with a server name: `example.com`, or `*.example.com` for each name of one label more (RFC 9525 §6.3). */
import { domainToASCII } from 'node:url';

export class NameTable<T> {
  readonly #exact = new Map<string, T>();
  /** By what follows the asterisk: `.example.com`. */
  readonly #wildcards = new Map<string, T>();

  /** @param pattern as {@link readNamePattern} returns it. */
  set(pattern: string, value: T): void {
    if (pattern.startsWith('*')) this.#wildcards.set(pattern.slice(1), value);
    else this.#exact.set(pattern, value);
  }

  /** @param name in lower case. An exact name counts more than a wildcard. */
  get(name: string): T | undefined {
    const exact = this.#exact.get(name);
    if (exact !== undefined || this.#wildcards.size === 0) return exact;
    const dot = name.indexOf('.');
    // The asterisk is the whole left-most label, and never none: `.example.com` is no name.
    return dot > 0 ? this.#wildcards.get(name.slice(dot)) : undefined;
  }

  *values(): IterableIterator<T> {
    yield* this.#exact.values();
    yield* this.#wildcards.values();
  }
}

/** @returns the pattern as names are compared, in lower case and ASCII; `undefined` for what is none. */
export function readNamePattern(text: string): string | undefined {
  const isWildcard = text.startsWith('*.');
  // `domainToASCII` reads a host as it stands in a URL, and leaves out what would follow it there.
  if (/[\s/\\?#@:%]/.test(text)) return undefined;
  const name = domainToASCII(isWildcard ? text.slice(2) : text);
  if (!/^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(name))
    return undefined;
  // An address, which `domainToASCII` also makes of `127.1`, is no server name (RFC 6066 §3).
  if (/(^|\.)\d+$/.test(name)) return undefined;
  return isWildcard ? `*.${name}` : name;
}
