/**
 * IP addresses as text (RFC 3986 §3.2.2) and as numbers. An IPv6 address has many spellings. To compare or to show
 * addresses, the spelling of RFC 5952 is used.
 */
import { hexDigit, isDigit } from '../../octets/octet-table.ts';

const GROUPS = 8;

/** Four decimal numbers up to 255 with dots between them. Leading zeros are refused: some programs read them as octal. */
export function isIPv4(text: string): boolean {
  return parseIPv4(text) >= 0;
}

/** IPv6address: eight groups of hex digits; `::` replaces one run, the last two may be an IPv4. No zone, no brackets. */
export function isIPv6(text: string): boolean {
  return parseIPv6(text) !== undefined;
}

/** The address in the spelling of RFC 5952: lower case, no leading zeros, `::` for the longest run of zeros. */
export function canonicalIPv6(text: string): string | undefined {
  const groups = parseIPv6(text);
  return groups === undefined ? undefined : serializeIPv6(groups);
}

/** The IPv4 address in an IPv4-mapped address, `::ffff:1.2.3.4` in any spelling, else `undefined` (RFC 4291 §2.5.5.2). */
export function mappedIPv4(text: string): string | undefined {
  const groups = parseIPv6(text);
  return groups !== undefined && isMapped(groups) ? ipv4Of(groups) : undefined;
}

/** The four octets of an IPv4 address, or the sixteen of an IPv6 address. */
export function addressOctets(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  return parseIPv6(text)?.reduce(
    (octets, group, place) => {
      octets[place * 2] = group >> 8;
      octets[place * 2 + 1] = group;
      return octets;
    },
    new Uint8Array(GROUPS * 2),
  );
}

/** @param groups eight numbers of 16 bits. */
export function serializeIPv6(groups: readonly number[]): string {
  // RFC 5952 §5: the dotted form is recommended for these addresses.
  if (isMapped(groups)) return `::ffff:${ipv4Of(groups)}`;
  let longestStart = 0;
  let longest = 0;
  for (let start = 0; start < GROUPS; start++) {
    let end = start;
    while (end < GROUPS && groups[end] === 0) end++;
    if (end - start <= longest) continue;
    longest = end - start;
    longestStart = start;
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  // RFC 5952 §4.2.2: `::` must not replace a single group of zeros.
  if (longest < 2) return text(groups);
  return `${text(groups.slice(0, longestStart))}::${text(groups.slice(longestStart + longest))}`;
}

function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

function ipv4Of(groups: readonly number[]): string {
  const [high, low] = [groups[6]!, groups[7]!];
  return `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`;
}

/** @returns 32 bits, or -1. */
function parseIPv4(text: string): number {
  const parts = text.split('.');
  if (parts.length !== 4) return -1;
  let address = 0;
  for (const part of parts) {
    if (part.length < 1 || part.length > 3 || (part.length > 1 && part[0] === '0')) return -1;
    let value = 0;
    for (let i = 0; i < part.length; i++) {
      if (!isDigit(part.charCodeAt(i))) return -1;
      value = value * 10 + part.charCodeAt(i) - 0x30;
    }
    if (value > 255) return -1;
    address = address * 256 + value;
  }
  return address;
}

function parseIPv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups: number[][] = [];
  for (let half = 0; half < halves.length; half++) {
    const read = parseGroups(halves[half]!, half === halves.length - 1);
    if (read === undefined) return undefined;
    groups.push(read);
  }
  const [before, behind = []] = groups as [number[], number[]?];
  const leftOut = GROUPS - before.length - behind.length;
  if (halves.length === 2 ? leftOut < 1 : leftOut !== 0) return undefined;
  return [...before, ...new Array<number>(leftOut).fill(0), ...behind];
}

/** @param mayEndInIPv4 the text is the end of the address. */
function parseGroups(text: string, mayEndInIPv4: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (mayEndInIPv4 && i === parts.length - 1 && part.includes('.')) {
      const address = parseIPv4(part);
      if (address < 0) return undefined;
      groups.push(Math.floor(address / 0x10000), address % 0x10000);
      continue;
    }
    if (part.length < 1 || part.length > 4) return undefined;
    for (let c = 0; c < part.length; c++) if (hexDigit(part.charCodeAt(c)) < 0) return undefined;
    groups.push(Number.parseInt(part, 16));
  }
  return groups;
}

/** RFC 5735 §3 and RFC 4291 §2.5.3, and IPv4-mapped IPv6 addresses. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./i.test(address);
}
