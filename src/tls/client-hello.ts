/**
 * The first message of a TLS connection (RFC 8446 §4.1.2), read before OpenSSL gets it: by its server name and its protocols
 * the certificate is chosen. Until it is complete, a connection costs the octets that have arrived and nothing else.
 *
 * Only what the choice needs is read. OpenSSL reads all of it again and decides about the rest.
 */
import { joinOctets } from '../octets/join-octets.ts';
import { NO_OCTETS } from '../octets/no-octets.ts';
import { MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../octets/results.ts';

/** Octets of a ClientHello. Those of browsers have 2,000; a session ticket with a client certificate can add some thousand. */
export const MAX_CLIENT_HELLO = 16_384;
/** Records that a ClientHello may be divided into. */
export const MAX_HELLO_RECORDS = 64;

export interface HelloRejection {
  readonly reason: string;
  readonly section: string;
  readonly sentence: string;
}

const reject = (reason: string, section: string, sentence: string): HelloRejection =>
  Object.freeze({ reason, section: `RFC ${section}`, sentence });

export const HELLO_REJECTIONS = Object.freeze({
  NotTls: reject('NotTls', '8446 §5.1', 'The connection does not begin with a TLS handshake record.'),
  Record: reject('TlsRecord', '8446 §5.1', 'A TLS record has an impossible version or length.'),
  NotHello: reject('NotClientHello', '8446 §4', 'The first handshake message is not a ClientHello.'),
  TooLarge: reject('ClientHelloTooLarge', '8446 §4.1.2', 'The ClientHello is too large.'),
  Syntax: reject('ClientHelloSyntax', '8446 §4.1.2', 'The ClientHello does not follow the grammar.'),
  ServerName: reject('ServerNameSyntax', '6066 §3', 'The server name does not follow the grammar.'),
  Protocols: reject('AlpnSyntax', '7301 §3.1', 'The list of protocols does not follow the grammar.'),
});

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const RECORD_HEADER = 5;
const MESSAGE_HEADER = 4;
const MAX_RECORD = 16_384;
const MAX_NAME = 255;

const SERVER_NAME = 0;
const HOST_NAME = 0;
const APPLICATION_LAYER_PROTOCOLS = 16;

export class ClientHelloReader {
  /** After MESSAGE_HEAD: the name that the client wants to reach, in lower case; `null` when it says none. */
  serverName: string | null = null;
  /** After MESSAGE_HEAD: what the client can speak, its first choice first; empty when it does not say. */
  protocols: readonly string[] = [];
  /** After REJECTED: why. */
  rejection: HelloRejection = HELLO_REJECTIONS.NotTls;

  /** All that has arrived, for OpenSSL to read once more. */
  octets = NO_OCTETS;
  #isJoined = false;
  /** Where the next record begins. */
  #at = 0;
  #records = 0;
  /** The handshake message, freed of its records. */
  #message = NO_OCTETS;

  /** Drops what is not needed after the handshake, so that an idle connection does not hold it. */
  letGo(): void {
    this.octets = NO_OCTETS;
    this.#message = NO_OCTETS;
    this.protocols = [];
  }

  /** @returns MESSAGE_HEAD when the ClientHello is complete, NEED_OCTETS, or REJECTED. */
  read(octets: Uint8Array): number {
    const waiting = this.octets;
    this.octets = waiting.length === 0 ? octets : joinOctets(waiting, octets, this.#isJoined);
    this.#isJoined = waiting.length > 0;
    for (;;) {
      const at = this.#at;
      const left = this.octets.length - at;
      if (left > 0 && this.octets[at] !== HANDSHAKE) return this.#reject(HELLO_REJECTIONS.NotTls);
      if (left < RECORD_HEADER) return NEED_OCTETS;
      const length = this.octets[at + 3]! * 256 + this.octets[at + 4]!;
      if (this.octets[at + 1] !== 3 || length === 0 || length > MAX_RECORD)
        return this.#reject(HELLO_REJECTIONS.Record);
      if (this.#message.length + length > MAX_CLIENT_HELLO || this.#records === MAX_HELLO_RECORDS)
        return this.#reject(HELLO_REJECTIONS.TooLarge);
      const end = at + RECORD_HEADER + length;
      if (this.octets.length < end) return NEED_OCTETS;
      this.#records++;
      const fragment = this.octets.subarray(at + RECORD_HEADER, end);
      this.#message =
        this.#message.length === 0 ? fragment : joinOctets(this.#message, fragment, this.#records > 2);
      this.#at = end;
      if (this.#message[0] !== CLIENT_HELLO) return this.#reject(HELLO_REJECTIONS.NotHello);
      if (this.#message.length < MESSAGE_HEADER) continue;
      const body = this.#message[1]! * 65_536 + this.#message[2]! * 256 + this.#message[3]!;
      if (body + MESSAGE_HEADER > MAX_CLIENT_HELLO) return this.#reject(HELLO_REJECTIONS.TooLarge);
      if (this.#message.length < body + MESSAGE_HEADER) continue;
      // No key has changed yet, so nothing else may stand in the same record (RFC 8446 §5.1).
      if (this.#message.length > body + MESSAGE_HEADER) return this.#reject(HELLO_REJECTIONS.Syntax);
      const rejection = this.#parse(new Cursor(this.#message, MESSAGE_HEADER, this.#message.length));
      return rejection === undefined ? MESSAGE_HEAD : this.#reject(rejection);
    }
  }

  #parse(hello: Cursor): HelloRejection | undefined {
    // Its version and its random octets.
    hello.skip(34);
    hello.vector(1);
    hello.vector(2);
    hello.vector(1);
    // Before TLS 1.3 a client need not send extensions.
    const extensions = hello.isAtEnd ? undefined : hello.vector(2);
    if (!hello.isSound || !hello.isAtEnd) return HELLO_REJECTIONS.Syntax;
    const seen = new Set<number>();
    while (extensions !== undefined && !extensions.isAtEnd) {
      const type = extensions.number(2);
      const content = extensions.vector(2);
      // Which of two would count? (RFC 8446 §4.2)
      if (!extensions.isSound || seen.has(type)) return HELLO_REJECTIONS.Syntax;
      seen.add(type);
      if (type === SERVER_NAME && !this.#readServerName(content)) return HELLO_REJECTIONS.ServerName;
      if (type === APPLICATION_LAYER_PROTOCOLS && !this.#readProtocols(content))
        return HELLO_REJECTIONS.Protocols;
    }
    return undefined;
  }

  /** @returns whether it is sound. There is one name, of the one type that exists (RFC 6066 §3). */
  #readServerName(content: Cursor): boolean {
    const list = content.vector(2);
    const type = list.number(1);
    const name = list.vector(2);
    if (!content.isSound || !content.isAtEnd || !list.isSound || !list.isAtEnd || type !== HOST_NAME)
      return false;
    const text = name.text();
    if (!/^[\x21-\x7e]+$/.test(text) || text.length > MAX_NAME) return false;
    this.serverName = text.toLowerCase();
    return true;
  }

  #readProtocols(content: Cursor): boolean {
    const list = content.vector(2);
    const protocols: string[] = [];
    while (!list.isAtEnd && list.isSound) protocols.push(list.vector(1).text());
    this.protocols = protocols;
    return (
      content.isSound && content.isAtEnd && list.isSound && protocols.length > 0 && !protocols.includes('')
    );
  }

  #reject(rejection: HelloRejection): number {
    this.rejection = rejection;
    return REJECTED;
  }
}

/** Reads numbers and vectors (RFC 8446 §3). What goes beyond the end makes it unsound, and everything empty. */
class Cursor {
  isSound = true;
  readonly #octets: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(octets: Uint8Array, start: number, end: number) {
    this.#octets = octets;
    this.#at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  skip(octets: number): void {
    if (octets > this.#end - this.#at) this.isSound = false;
    this.#at = Math.min(this.#end, this.#at + octets);
  }

  number(octets: 1 | 2): number {
    const at = this.#at;
    this.skip(octets);
    if (!this.isSound) return 0;
    return octets === 1 ? this.#octets[at]! : this.#octets[at]! * 256 + this.#octets[at + 1]!;
  }

  /** A length of so many octets, and what it is the length of. */
  vector(octets: 1 | 2): Cursor {
    const length = this.number(octets);
    const start = this.#at;
    this.skip(length);
    return new Cursor(this.#octets, start, this.isSound ? this.#at : start);
  }

  /** What is left, one character an octet. */
  text(): string {
    return String.fromCharCode(...this.#octets.subarray(this.#at, this.#end));
  }
}
