/**
 * Splits the head of a request or of a response into parts for display. Every octet belongs to exactly one part, in order: the concatenated
 * parts are the head. It does not validate, and makes the best of what is malformed.
 */

export type PartKind =
  | 'method'
  | 'space'
  | 'request-target'
  | 'http-version'
  | 'status-code'
  | 'reason-phrase'
  | 'field-name'
  | 'colon'
  | 'whitespace'
  | 'field-value'
  | 'crlf';

/** `offset` and `length` count octets; the head has one character for each octet. */
export interface HeadPart {
  readonly kind: PartKind;
  readonly text: string;
  readonly offset: number;
  readonly length: number;
}

export type StartLine = 'request-line' | 'status-line';

export interface HeadLine {
  readonly kind: StartLine | 'field-line' | 'empty-line';
  readonly parts: readonly HeadPart[];
  readonly offset: number;
  readonly length: number;
}

/** RFC 9112 §2.1: `start-line CRLF *( field-line CRLF ) CRLF`. */
export function annotateHead(head: string, startLine: StartLine = 'request-line'): HeadLine[] {
  const lines: HeadLine[] = [];
  let offset = 0;
  let startLineSeen = false;
  while (offset < head.length) {
    const newline = head.indexOf('\r\n', offset);
    const end = newline < 0 ? head.length : newline;
    const parts = new PartList(offset);
    let kind: HeadLine['kind'] = 'empty-line';
    if (end > offset) {
      kind = startLineSeen ? 'field-line' : startLine;
      const line = head.slice(offset, end);
      if (startLineSeen) splitFieldLine(line, parts);
      else if (startLine === 'request-line') splitRequestLine(line, parts);
      else splitStatusLine(line, parts);
      startLineSeen = true;
    }
    if (newline >= 0) parts.add('crlf', '\r\n');
    lines.push({ kind, parts: parts.parts, offset, length: parts.end - offset });
    offset = parts.end;
  }
  return lines;
}

/** The text of the first part of that kind; an empty string if there is none. */
export function partText(line: HeadLine, kind: PartKind): string {
  return line.parts.find((part) => part.kind === kind)?.text ?? '';
}

class PartList {
  readonly parts: HeadPart[] = [];
  end: number;

  constructor(offset: number) {
    this.end = offset;
  }

  add(kind: PartKind, text: string): void {
    if (text === '') return;
    this.parts.push({ kind, text, offset: this.end, length: text.length });
    this.end += text.length;
  }
}

/** RFC 9112 §3: `method SP request-target SP HTTP-version`. */
function splitRequestLine(line: string, parts: PartList): void {
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  if (first < 0 || first === last) {
    parts.add('request-target', line);
    return;
  }
  parts.add('method', line.slice(0, first));
  parts.add('space', ' ');
  parts.add('request-target', line.slice(first + 1, last));
  parts.add('space', ' ');
  parts.add('http-version', line.slice(last + 1));
}

/** RFC 9112 §4: `HTTP-version SP status-code SP [ reason-phrase ]`. */
function splitStatusLine(line: string, parts: PartList): void {
  const first = line.indexOf(' ');
  const second = line.indexOf(' ', first + 1);
  if (first < 0 || second < 0) {
    parts.add('reason-phrase', line);
    return;
  }
  parts.add('http-version', line.slice(0, first));
  parts.add('space', ' ');
  parts.add('status-code', line.slice(first + 1, second));
  parts.add('space', ' ');
  parts.add('reason-phrase', line.slice(second + 1));
}

/** RFC 9112 §5: `field-name ":" OWS field-value OWS`. */
function splitFieldLine(line: string, parts: PartList): void {
  const colon = line.indexOf(':');
  const afterColon = colon + 1;
  if (colon >= 0) {
    parts.add('field-name', line.slice(0, colon));
    parts.add('colon', ':');
  }
  let start = afterColon;
  while (isWhitespace(line[start])) start++;
  let end = line.length;
  while (end > start && isWhitespace(line[end - 1])) end--;
  parts.add('whitespace', line.slice(afterColon, start));
  parts.add('field-value', line.slice(start, end));
  parts.add('whitespace', line.slice(end));
}

/** OWS consists of SP and HTAB only (RFC 9110 §5.6.3). */
function isWhitespace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
