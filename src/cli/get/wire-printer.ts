/** An exchange as it is on the wire: each line of both heads with what it is for, and what frames the content between them. */
import type { WireConnection, WireObserver } from '../../client/index.ts';
import { fieldNote } from '../../demo/field-notes.ts';
import { responseFieldNote } from './response-notes.ts';

export interface PrinterOptions {
  readonly print: (text: string) => void;
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
}

const DIM = '\x1b[2m';
const BOLD = '\x1b[1m';
const RESET = '\x1b[0m';
/** Where the notes begin, unless a line is longer. */
const NOTE_COLUMN = 46;

const UNKNOWN_NOTE = fieldNote('').note;

export class WirePrinter implements WireObserver {
  readonly #to: PrinterOptions;
  #contentOctets = 0;
  #framing = '';

  constructor(to: PrinterOptions) {
    this.#to = to;
  }

  /** What is said about the exchange, and is not on the wire. */
  remark(text: string): void {
    this.#to.print(`${this.#styled(DIM, `* ${visible(text)}`)}\n`);
  }

  onConnection({ isReused, remoteAddress, remotePort }: WireConnection): void {
    const where = remoteAddress === undefined ? 'the unix socket' : `${remoteAddress} port ${remotePort}`;
    this.remark(
      `${where}, ${isReused ? 'the connection that was kept (RFC 9112 §9.3)' : 'a new connection'}`,
    );
  }

  onRequestHead(head: string): void {
    const requestLine = 'What to do, to what, and the version spoken. (RFC 9112 §3)';
    this.#printHead('>', head, requestLine, (name) => {
      const known = fieldNote(name);
      return known.note === UNKNOWN_NOTE ? '' : `${known.note} (${known.source})`;
    });
  }

  onResponseHead(head: string): void {
    this.#contentOctets = 0;
    this.#framing = framingOf(head);
    this.#printHead(
      '<',
      head,
      'The version, what came of it, and a word for people. (RFC 9112 §4)',
      (name) => {
        const known = responseFieldNote(name);
        return known === undefined ? '' : `${known.note} (${known.source})`;
      },
    );
  }

  onContent(octets: Uint8Array): void {
    this.#contentOctets += octets.length;
  }

  onResponseEnd(): void {
    this.remark(`${this.#contentOctets} octets of content, ${this.#framing}`);
  }

  onRedirect(url: string, status: number): void {
    this.remark(`${status} leads to ${url}`);
  }

  onRetry(): void {
    this.remark('the connection that was kept had ended: once more, on a new one (RFC 9112 §9.3.1)');
  }

  #printHead(mark: string, head: string, startLineNote: string, noteFor: (name: string) => string): void {
    for (const [index, line] of head.split('\r\n').slice(0, -1).entries()) {
      const note = index === 0 ? startLineNote : line === '' ? '' : noteFor(line.slice(0, line.indexOf(':')));
      this.#printLine(`${mark} ${visible(line)}`.trimEnd(), note, index === 0);
    }
  }

  #printLine(text: string, whole: string, isStartLine: boolean): void {
    const shown = isStartLine ? this.#styled(BOLD, text) : text;
    const column = Math.max(NOTE_COLUMN, text.length + 2);
    // A note that would be broken off, or wrapped into the next line, helps nobody: then where to read it up, or nothing.
    const notes = [whole, whole.slice(whole.lastIndexOf('(')), ''];
    const note = notes.find(({ length }) => column + length <= this.#to.columns) ?? '';
    if (note === '') return this.#to.print(`${shown}\n`);
    this.#to.print(`${shown}${' '.repeat(column - text.length)}${this.#styled(DIM, note)}\n`);
  }

  #styled(style: string, text: string): string {
    return this.#to.colour ? style + text + RESET : text;
  }
}

/** Only for people: the decoder has decided already (RFC 9112 §6.3). */
function framingOf(head: string): string {
  if (/\r\ntransfer-encoding:/i.test(head)) return 'in chunks (RFC 9112 §7.1)';
  if (/\r\ncontent-length:/i.test(head)) return 'as Content-Length says (RFC 9112 §6.2)';
  return 'up to the end of the connection, or none (RFC 9112 §6.3)';
}

/** What a terminal would act on is shown and not sent: heads hold octets that a stranger has chosen. */
export function visible(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) =>
    character === '\t' ? ' ' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
