/** Prints an exchange as it is on the wire: every line of both heads with its purpose, and the framing of the content. */
import { fieldNote, isSecretField } from '../../annotation/field-notes.ts';
import { responseFieldNote } from '../../annotation/response-notes.ts';
import type {
  WebSocketFrame,
  WireConnection,
  WireFrame,
  WireObserver,
  WireSecurity,
} from '../../client/index.ts';
import { wrapped } from '../help/option-rows.ts';

export interface PrinterOptions {
  readonly print: (text: string) => void;
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
}

const DIM = '\x1b[2m';
const BOLD = '\x1b[1m';
const RESET = '\x1b[0m';
/** The column of the notes, unless a line is longer. */
const NOTE_COLUMN = 46;

/** Of a note that does not fit beside its line. */
const INDENT = '      ';
const LEAST_WIDTH = 20;

const UNKNOWN_NOTE = fieldNote('').note;

/** The start-line of HTTP/1, or the first pseudo-field of HTTP/2. */
const NOTES = {
  request: ['The method, the target, and the version. (RFC 9112 §3)', 'The method. (RFC 9113 §8.3.1)'],
  response: [
    'The version, the status, and a reason phrase for people. (RFC 9112 §4)',
    'The status. (RFC 9113 §8.3.2)',
  ],
} as const;

const PSEUDO_FIELDS: ReadonlyMap<string, string> = new Map([
  [':scheme', 'The scheme of the URL. (RFC 9113 §8.3.1)'],
  [':authority', 'The host and the port, in place of Host. (RFC 9113 §8.3.1)'],
  [':path', 'The path and the query. (RFC 9113 §8.3.1)'],
  [':protocol', 'The protocol of the tunnel. (RFC 8441 §4)'],
]);

export class WirePrinter implements WireObserver {
  readonly #to: PrinterOptions;
  #contentBytes = 0;
  #framing = '';

  constructor(to: PrinterOptions) {
    this.#to = to;
  }

  /** A line about the exchange that is not on the wire. */
  remark(text: string): void {
    this.#to.print(`${this.#styled(DIM, `* ${visible(text)}`)}\n`);
  }

  onConnection({ isReused, remoteAddress, remotePort, security }: WireConnection): void {
    const where = remoteAddress === undefined ? 'the unix socket' : `${remoteAddress} port ${remotePort}`;
    this.remark(
      `${where}, ${isReused ? 'the connection that was kept (RFC 9112 §9.3)' : 'a new connection'}`,
    );
    if (security !== undefined && !isReused) this.#printSecurity(security);
  }

  #printSecurity({ protocol, cipher, alpnProtocol, isResumed, isVerified, certificate }: WireSecurity): void {
    const session = isResumed ? 'a continued session (RFC 8446 §2.2)' : 'a new session';
    const alpn = alpnProtocol === undefined ? 'no ALPN' : `${alpnProtocol} by ALPN (RFC 7301)`;
    this.remark(`${protocol}, ${cipher}, ${alpn}, ${session}`);
    const verified = isVerified
      ? 'the certificate is verified (RFC 9525)'
      : 'the certificate is NOT verified';
    if (certificate === undefined) return this.remark(verified);
    const { subject, issuer, subjectAltName, validTo } = certificate;
    this.remark(`${verified}: ${oneLine(subject)}, for ${subjectAltName ?? 'no host'}`);
    this.remark(`issued by ${oneLine(issuer)}, valid until ${validTo}`);
  }

  onRequestHead(head: string): void {
    this.#printHead('>', head, NOTES.request, (name) => {
      const pseudo = PSEUDO_FIELDS.get(name);
      if (pseudo !== undefined) return pseudo;
      const known = fieldNote(name);
      return known.note === UNKNOWN_NOTE ? '' : `${known.note} (${known.source})`;
    });
  }

  onResponseHead(head: string): void {
    this.#contentBytes = 0;
    this.#framing = framingOf(head);
    this.#printHead('<', head, NOTES.response, (name) => {
      const known = responseFieldNote(name);
      return known === undefined ? '' : `${known.note} (${known.source})`;
    });
  }

  /** `* → HEADERS, stream 1, 45 bytes, END_STREAM END_HEADERS` */
  onFrame({ direction, type, stream, length, flags, detail }: WireFrame): void {
    const where = stream === 0 ? 'the connection' : `stream ${stream}`;
    const words = [type, where, `${length} bytes`, flags.join(' '), detail].filter((word) => word !== '');
    this.remark(`${direction === 'sent' ? '→' : '←'} ${words.join(', ')}`);
  }

  /** `* → text, 5 bytes, FIN MASK` */
  onWebSocketFrame({ direction, type, length, flags, detail }: WebSocketFrame): void {
    const words = [type, `${length} bytes`, flags.join(' '), detail].filter((word) => word !== '');
    this.remark(`${direction === 'sent' ? '→' : '←'} ${words.join(', ')}`);
  }

  onContent(octets: Uint8Array): void {
    this.#contentBytes += octets.length;
  }

  onResponseEnd(): void {
    this.remark(`${this.#contentBytes} bytes of content, ${this.#framing}`);
  }

  onRedirect(url: string, status: number): void {
    this.remark(`${status} leads to ${withoutUserinfo(url)}`);
  }

  onRetry(error: unknown): void {
    this.remark(`retry: ${(error as Error).message}`);
  }

  #printHead(
    mark: string,
    head: string,
    [ofHttp1, ofHttp2]: readonly [string, string],
    noteFor: (name: string) => string,
  ): void {
    const startLineNote = head.startsWith(':') ? ofHttp2 : ofHttp1;
    for (const [index, line] of head.split('\r\n').slice(0, -1).entries()) {
      const name = line.slice(0, line.indexOf(':', 1));
      const note = index === 0 ? startLineNote : line === '' ? '' : noteFor(name);
      this.#printLine(
        `${mark} ${visible(index === 0 ? line : withoutSecret(line))}`.trimEnd(),
        note,
        index === 0,
      );
    }
  }

  #printLine(text: string, whole: string, isStartLine: boolean): void {
    const shown = isStartLine ? this.#styled(BOLD, text) : text;
    const column = Math.max(NOTE_COLUMN, text.length + 2);
    if (whole === '') return this.#to.print(`${shown}\n`);
    if (column + whole.length <= this.#to.columns)
      return this.#to.print(`${shown}${' '.repeat(column - text.length)}${this.#styled(DIM, whole)}\n`);
    this.#to.print(`${shown}\n`);
    // Below the line, indented, so that it is not taken for one that was sent.
    const width = Math.max(this.#to.columns - INDENT.length, LEAST_WIDTH);
    for (const line of wrapped(whole, width)) this.#to.print(`${INDENT}${this.#styled(DIM, line)}\n`);
  }

  #styled(style: string, text: string): string {
    return this.#to.colour ? style + text + RESET : text;
  }
}

const HIDDEN = '(hidden)';

/** A field line whose value may be a secret, as people share their screens. The scheme and the names of cookies are none. */
function withoutSecret(line: string): string {
  const [, start = '', name = '', value = ''] = /^(([^:]+):\s*)(.*)$/s.exec(line) ?? [];
  if (/^set-cookie$/i.test(name)) return start + value.replace(/^([^=;]*=)?[^;]*/, `$1${HIDDEN}`);
  if (!isSecretField(name) || /^access-control-|-authenticate$/i.test(name)) return line;
  if (/^cookie$/i.test(name)) return start + value.replace(/([^=;\s]*=)?[^;\s]+/g, `$1${HIDDEN}`);
  const scheme = /^[\w-]+(?= )/.exec(value)?.[0];
  return `${start}${scheme === undefined ? '' : `${scheme} `}${HIDDEN}`;
}

const withoutUserinfo = (url: string): string =>
  url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, `$1${HIDDEN}@`);

/** Names of certificates have one line for each attribute. */
const oneLine = (name: string): string => name.replaceAll('\n', ', ');

/** For display only: the decoder has read the framing already (RFC 9112 §6.3). */
function framingOf(head: string): string {
  if (head.startsWith(':')) return 'in DATA frames (RFC 9113 §6.1)';
  if (/\r\ntransfer-encoding:/i.test(head)) return 'in chunks (RFC 9112 §7.1)';
  if (/\r\ncontent-length:/i.test(head)) return 'framed by Content-Length (RFC 9112 §6.2)';
  return 'until the connection closed, or none (RFC 9112 §6.3)';
}

/** The server chooses the octets of a head: a terminal gets escapes in place of control characters. */
export function visible(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) =>
    character === '\t' ? ' ' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
