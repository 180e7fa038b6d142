/** Addresses as proxies write them: the node of RFC 7239 §6, and the members of X-Forwarded-For. */
import { canonicalIPv6, isIPv4 } from './ip-address.ts';

/** The address of a client or proxy. The port is 0 if it is missing or obfuscated. */
export interface ForwardedNode {
  readonly address: string;
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6';
}

/**
 * node = nodename [ ":" node-port ] (RFC 7239 §6)
 *
 * @returns `undefined` for `unknown`, for an obfuscated identifier, and for a text that is not a node.
 */
export function parseForwardedNode(text: string): ForwardedNode | undefined {
  if (text.startsWith('[')) return parseBracketed(text);
  const colon = text.indexOf(':');
  const address = colon < 0 ? text : text.slice(0, colon);
  const port = colon < 0 ? '' : text.slice(colon + 1);
  if (!isIPv4(address) || (colon >= 0 && !isNodePort(port))) return undefined;
  return { address, port: portNumber(port), family: 'IPv4' };
}

/**
 * A member of X-Forwarded-For. The field has no grammar. Proxies write IPv4 with or without a port, and IPv6 either bare or
 * in brackets, with or without a port.
 */
export function parseXForwardedAddress(text: string): ForwardedNode | undefined {
  const address = canonicalIPv6(text);
  if (address !== undefined) return { address, port: 0, family: 'IPv6' };
  return parseForwardedNode(text);
}

function parseBracketed(text: string): ForwardedNode | undefined {
  const close = text.indexOf(']');
  const address = canonicalIPv6(text.slice(1, close));
  if (address === undefined) return undefined;
  const behind = text.slice(close + 1);
  if (behind !== '' && !(behind.startsWith(':') && isNodePort(behind.slice(1)))) return undefined;
  return { address, port: portNumber(behind.slice(1)), family: 'IPv6' };
}

/** node-port = port / obfport; port = 1*5DIGIT; obfport = "_" 1*( ALPHA / DIGIT / "." / "_" / "-" ) */
function isNodePort(text: string): boolean {
  return /^\d{1,5}$/.test(text) ? Number(text) <= 65_535 : /^_[\w.-]+$/.test(text);
}

const portNumber = (text: string): number => (/^\d+$/.test(text) ? Number(text) : 0);
