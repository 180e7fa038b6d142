/**
 * The PROXY protocol, versions 1 and 2: a balancer that forwards octets puts a header before them, with the two addresses of
 * the client's connection. The comments cite the sections of HAProxy's proxy-protocol.txt.
 *
 * The decoder can stop at any octet. It works octet by octet, because a header has a few dozen, once for each connection.
 * It rejects the first octet that is wrong: §2.1 asks for that, so that the sender notices as soon as possible.
 */

import { NO_OCTETS } from '../octets/no-octets.ts';
import { CR, latin1 as defaultLatin1, type Latin1, LF } from '../octets/octet-table.ts';
import { Rejection, rejectionRow } from '../octets/rejection.ts';
import { MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../octets/results.ts';
import { canonicalIPv6, isIPv4, serializeIPv6 } from '../semantics/address/ip-address.ts';
import { crc32c } from './crc32c.ts';

/** Octets of a version 1 line with its CRLF (§2.1). */
export const MAX_PROXY_LINE = 107;
/** Octets of a whole version 2 header. §2 requires at least 536; nginx has this limit too. */
export const MAX_PROXY_HEADER = 4_096;

/** One end of a connection. For a unix socket, the address is its path and the port is 0. Empty if it is unknown. */
export interface ProxiedAddress {
  readonly address: string;
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6' | 'unix' | '';
}

export interface ProxiedConnection {
  readonly source: ProxiedAddress;
  /** `undefined` leaves it to the socket. */
  readonly destination: ProxiedAddress | undefined;
}

/**
 * UNKNOWN (§2.1) and UNSPEC (§2.2): the balancer passes on a connection without its addresses. The receiver may use those of
 * the socket, but then every client behind the balancer would count as the balancer, which is trusted.
 */
const UNKNOWN: ProxiedConnection = Object.freeze({
  source: Object.freeze({ address: '', port: 0, family: '' }),
  destination: undefined,
});

/** A balancer gets no answer: it has not sent a request, and the client behind it may not speak HTTP. */
const reject = (reason: string, section: string, sentence: string): Rejection =>
  new Rejection(reason, rejectionRow(0, `PROXY protocol §${section}`, sentence));

/** All reasons for which a connection ends before its first request. */
export const PROXY_REJECTIONS = Object.freeze({
  Missing: reject('ProxyHeaderMissing', '2', 'The connection does not begin with a PROXY header.'),
  Syntax: reject('ProxyHeaderSyntax', '2', 'The PROXY header does not follow the grammar.'),
  TooLarge: reject('ProxyHeaderTooLarge', '2', 'The PROXY header is too large.'),
  Checksum: reject('ProxyHeaderChecksum', '2.2.3', 'The checksum of the PROXY header is wrong.'),
  Incomplete: reject('ProxyHeaderIncomplete', '2', 'The connection was closed within the PROXY header.'),
  Timeout: reject('ProxyHeaderTimeout', '2', 'The PROXY header did not arrive in time.'),
});

const octetsOf = (text: string): readonly number[] => [...text].map((character) => character.charCodeAt(0));

const LINE_PREFIX = octetsOf('PROXY ');
const SIGNATURE = octetsOf('\r\n\r\n\0\r\nQUIT\n');
/** The signature, version and command, family and transport, and the length of what follows. */
const FIXED_PART = 16;

const LOCAL = 0;
const PROXY = 1;

/** Octets of the addresses and ports in each family: unspecified, IPv4, IPv6, unix (§2.2). */
const ADDRESS_OCTETS = [0, 12, 36, 216];
const UNSPECIFIED = 0;
const INET6 = 2;
const UNIX = 3;
const UNIX_PATH = 108;
/** Unspecified, stream, datagram. A client that speaks HTTP/3 to the balancer uses UDP. */
const MAX_TRANSPORT = 2;

const TLV_CRC32C = 3;

export class ProxyHeaderDecoder {
  /** After MESSAGE_HEAD: the ends of the connection; `undefined` if it is the balancer's own, such as a health check (LOCAL). */
  connection: ProxiedConnection | undefined;
  /** After MESSAGE_HEAD: the octets behind the header, a view on those that were passed in. */
  rest: Uint8Array = NO_OCTETS;
  /** After REJECTED: why. */
  rejection: Rejection = PROXY_REJECTIONS.Missing;

  #header = new Uint8Array(MAX_PROXY_LINE);
  #length = 0;
  /** The length of a version 2 header, once it is known. */
  #end = Infinity;
  readonly #latin1: Latin1;

  constructor(latin1: Latin1 = defaultLatin1) {
    this.#latin1 = latin1;
  }

  /** The first octet has arrived. */
  get started(): boolean {
    return this.#length > 0;
  }

  /** @returns MESSAGE_HEAD, NEED_OCTETS or REJECTED. After the first and the last, it must not be called again. */
  decode(octets: Uint8Array): number {
    for (let at = 0; at < octets.length; at++) {
      const result = this.#take(octets[at]!);
      if (result === NEED_OCTETS) continue;
      this.rest = octets.subarray(at + 1);
      return result;
    }
    return NEED_OCTETS;
  }

  #take(octet: number): number {
    const at = this.#length++;
    this.#header[at] = octet;
    return this.#header[0] === SIGNATURE[0] ? this.#takeBinary(at, octet) : this.#takeText(at, octet);
  }

  // --- version 1 (§2.1) ---

  #takeText(at: number, octet: number): number {
    if (at < LINE_PREFIX.length)
      return octet === LINE_PREFIX[at] ? NEED_OCTETS : this.#reject(PROXY_REJECTIONS.Missing);
    // The line contains no CR and no LF but the CRLF at its end.
    const isBehindCR = this.#header[at - 1] === CR;
    if ((octet === LF) !== isBehindCR) return this.#reject(PROXY_REJECTIONS.Syntax);
    if (octet === LF) return this.#onLine(this.#latin1(this.#header, LINE_PREFIX.length, at - 1));
    return at + 1 < MAX_PROXY_LINE ? NEED_OCTETS : this.#reject(PROXY_REJECTIONS.TooLarge);
  }

  #onLine(text: string): number {
    // The receiver must ignore the rest of the line.
    if (text === 'UNKNOWN' || text.startsWith('UNKNOWN ')) return this.#onUnknown();
    const words = text.split(' ');
    const [family, source, destination, sourcePort, destinationPort] = words;
    if (words.length !== 5 || (family !== 'TCP4' && family !== 'TCP6'))
      return this.#reject(PROXY_REJECTIONS.Syntax);
    const from = parseAddress(family, source!, sourcePort!);
    const to = parseAddress(family, destination!, destinationPort!);
    if (from === undefined || to === undefined) return this.#reject(PROXY_REJECTIONS.Syntax);
    this.connection = { source: from, destination: to };
    return MESSAGE_HEAD;
  }

  // --- version 2 (§2.2) ---

  #takeBinary(at: number, octet: number): number {
    if (at < SIGNATURE.length)
      return octet === SIGNATURE[at] ? NEED_OCTETS : this.#reject(PROXY_REJECTIONS.Missing);
    // The version is 2, and there are two commands.
    if (at === 12) return octet >> 4 === 2 && (octet & 0xf) <= PROXY ? NEED_OCTETS : this.#rejectSyntax();
    if (at === 13) {
      // The rest of the header of a LOCAL connection is ignored, including the family.
      const isKnown = octet >> 4 <= UNIX && (octet & 0xf) <= MAX_TRANSPORT;
      return isKnown || this.#command === LOCAL ? NEED_OCTETS : this.#rejectSyntax();
    }
    if (at === FIXED_PART - 1) return this.#onFixedPart();
    return at + 1 < this.#end ? NEED_OCTETS : this.#onWhole();
  }

  get #command(): number {
    return this.#header[12]! & 0xf;
  }

  /** The family of the addresses. A family without a transport is useless, and treated as UNSPEC, which §2.2 allows. */
  get #family(): number {
    const octet = this.#header[13]!;
    return (octet & 0xf) === UNSPECIFIED || this.#command === LOCAL ? UNSPECIFIED : octet >> 4;
  }

  #onFixedPart(): number {
    const length = this.#number(14);
    if (length < ADDRESS_OCTETS[this.#family]!) return this.#rejectSyntax();
    this.#end = FIXED_PART + length;
    if (this.#end > MAX_PROXY_HEADER) return this.#reject(PROXY_REJECTIONS.TooLarge);
    const header = new Uint8Array(this.#end);
    header.set(this.#header.subarray(0, FIXED_PART));
    this.#header = header;
    return length > 0 ? NEED_OCTETS : this.#onUnknown();
  }

  #onWhole(): number {
    const family = this.#family;
    // The length of unspecified addresses is unknown, so it is also unknown where the TLVs behind them begin.
    if (family === UNSPECIFIED) return this.#onUnknown();
    const rejection = this.#checkTlvs(FIXED_PART + ADDRESS_OCTETS[family]!);
    if (rejection !== undefined) return this.#reject(rejection);
    this.connection = family === UNIX ? this.#unixConnection() : this.#inetConnection(family === INET6);
    return MESSAGE_HEAD;
  }

  /** The header has no addresses. Only a connection that the balancer passes on has another client than the balancer. */
  #onUnknown(): number {
    const isLocal = this.#header[0] === SIGNATURE[0] && this.#command === LOCAL;
    if (!isLocal) this.connection = UNKNOWN;
    return MESSAGE_HEAD;
  }

  /** Checks the checksum and skips the others. The last one ends where the header ends. */
  #checkTlvs(start: number): Rejection | undefined {
    const header = this.#header;
    for (let at = start; at < this.#end; ) {
      if (at + 3 > this.#end) return PROXY_REJECTIONS.Syntax;
      const value = at + 3;
      const end = value + this.#number(at + 1);
      if (end > this.#end) return PROXY_REJECTIONS.Syntax;
      if (header[at] === TLV_CRC32C) {
        if (end - value !== 4) return PROXY_REJECTIONS.Syntax;
        const expected = this.#number(value) * 0x10000 + this.#number(value + 2);
        header.fill(0, value, end);
        if (crc32c(header) !== expected) return PROXY_REJECTIONS.Checksum;
      }
      at = end;
    }
    return undefined;
  }

  #inetConnection(isIPv6: boolean): ProxiedConnection {
    const octets = isIPv6 ? 16 : 4;
    const end = (index: number): ProxiedAddress => {
      const at = FIXED_PART + index * octets;
      const port = this.#number(FIXED_PART + 2 * octets + 2 * index);
      if (!isIPv6) return { address: this.#header.subarray(at, at + octets).join('.'), port, family: 'IPv4' };
      const groups = Array.from({ length: 8 }, (_, group) => this.#number(at + 2 * group));
      return { address: serializeIPv6(groups), port, family: 'IPv6' };
    };
    return { source: end(0), destination: end(1) };
  }

  #unixConnection(): ProxiedConnection {
    const end = (index: number): ProxiedAddress => {
      const start = FIXED_PART + index * UNIX_PATH;
      const path = this.#header.subarray(start, start + UNIX_PATH);
      // A path that fills its space has no NUL at its end. An abstract one begins with NUL.
      const nul = path.indexOf(0, 1);
      const length = nul < 0 ? UNIX_PATH : nul;
      const address = path[0] === 0 && length === 1 ? '' : this.#latin1(path, 0, length);
      return { address, port: 0, family: 'unix' };
    };
    return { source: end(0), destination: end(1) };
  }

  /** 16 bits, in network byte order. */
  #number(at: number): number {
    return (this.#header[at]! << 8) | this.#header[at + 1]!;
  }

  #rejectSyntax(): number {
    return this.#reject(PROXY_REJECTIONS.Syntax);
  }

  #reject(rejection: Rejection): number {
    this.rejection = rejection;
    return REJECTED;
  }
}

function parseAddress(family: 'TCP4' | 'TCP6', text: string, portText: string): ProxiedAddress | undefined {
  // Leading zeros are not permitted: some programs would read an octal number.
  if (!/^(?:0|[1-9]\d{0,4})$/.test(portText)) return undefined;
  const port = Number(portText);
  if (port > 65_535) return undefined;
  if (family === 'TCP4') return isIPv4(text) ? { address: text, port, family: 'IPv4' } : undefined;
  const address = canonicalIPv6(text);
  return address === undefined ? undefined : { address, port, family: 'IPv6' };
}
