/**
 * uri-host [ ":" port ] (RFC 9110 §4.2.1, §7.2; RFC 3986 §3.2.2)
 *
 * Stricter than the grammar: no comma, which RFC 3986 allows as a sub-delim. A list of two hosts makes one server use the
 * first and the next server the second. No name that URL parsers turn into an IPv4 address: `192.168.2` would become
 * `192.168.0.2` (RFC 3986 §7.4). Userinfo, an IPvFuture address and an empty host are refused too.
 */
import { hexDigit, isDigit, OCTET_CLASS, REG_NAME } from '../../octets/octet-table.ts';
import { isIPv4, isIPv6 } from './ip-address.ts';

const PERCENT = 0x25;
const MAX_PORT = 65_535;

/** Whether `text` is a host with an optional port. */
export function isAuthority(text: string): boolean {
  const hostEnd = text.charCodeAt(0) === 0x5b ? endOfIPLiteral(text) : endOfRegName(text);
  if (hostEnd <= 0) return false;
  return hostEnd === text.length || (text[hostEnd] === ':' && isPort(text, hostEnd + 1));
}

/** Whether `text` is authority-form: a host and a port, both required (RFC 9112 §3.2.3). */
export function isHostAndPort(text: string): boolean {
  return (
    isAuthority(text) &&
    isDigit(text.charCodeAt(text.length - 1)) &&
    text.lastIndexOf(':') > text.lastIndexOf(']')
  );
}

/** Whether two authorities are equal: host names are case-insensitive, the default port may be omitted (RFC 9110 §4.2.3). */
export function sameAuthority(a: string, b: string, defaultPort: string): boolean {
  return withoutPort(a, defaultPort) === withoutPort(b, defaultPort);
}

function withoutPort(authority: string, port: string): string {
  const lower = authority.toLowerCase();
  if (lower.endsWith(`:${port}`)) return lower.slice(0, -port.length - 1);
  return lower.endsWith(':') ? lower.slice(0, -1) : lower;
}

/** @returns the offset behind the name or IPv4 address, or -1. */
function endOfRegName(text: string): number {
  let at = 0;
  let isEscaped = false;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((OCTET_CLASS[code]! & REG_NAME) !== 0) continue;
    if (
      code === PERCENT &&
      hexDigit(text.charCodeAt(at + 1)) >= 0 &&
      hexDigit(text.charCodeAt(at + 2)) >= 0
    ) {
      at += 2;
      isEscaped = true;
      continue;
    }
    break;
  }
  const host = text.slice(0, at);
  return endsInNumber(isEscaped ? percentDecoded(host) : host) && !isIPv4(host) ? -1 : at;
}

/**
 * Whether URL parsers read a name as an IPv4 address: its last label is a number, decimal or hexadecimal, apart from a dot
 * behind it (URL Standard, "ends in a number").
 */
function endsInNumber(name: string): boolean {
  const end = name.endsWith('.') ? name.length - 1 : name.length;
  const label = name.slice(name.lastIndexOf('.', end - 1) + 1, end);
  return /^(?:\d+|0x[\da-f]*)$/i.test(label);
}

const percentDecoded = (host: string): string =>
  host.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** IP-literal = "[" IPv6address "]". @returns the offset behind it, or -1. */
function endOfIPLiteral(text: string): number {
  const close = text.indexOf(']');
  return close > 0 && isIPv6(text.slice(1, close)) ? close + 1 : -1;
}

/** port = *DIGIT. A TCP port is at most 65535. */
function isPort(text: string, start: number): boolean {
  let port = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return false;
    port = port * 10 + code - 0x30;
    if (port > MAX_PORT) return false;
  }
  return true;
}

/** `host:port`, with an IPv6 address in brackets (RFC 3986 §3.2.2). */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
