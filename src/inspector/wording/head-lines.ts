/** The lines of a head over HTTP/1, each part named (RFC 9112 §2.1). */
import { annotateHead, type HeadLine, type HeadPart, partText } from '../../annotation/annotate-head.ts';
import { fieldNote } from '../../annotation/field-notes.ts';
import { PART_NOTES } from '../../annotation/part-notes.ts';
import { responseFieldNote } from '../../annotation/response-notes.ts';
import type { PartLine } from '../messages.ts';
import { lineOf, partOf, type Words } from './part-lines.ts';
import { hidesValue, withoutSecrets } from './redaction.ts';

type Side = 'request' | 'response';

const START_LINES: Readonly<Record<Side, Words>> = {
  request: {
    name: 'Request-line',
    note: 'The action, its target, and the version of the protocol.',
    source: 'RFC 9112 §3',
  },
  response: {
    name: 'Status-line',
    note: 'The version of the protocol, and the result in three digits.',
    source: 'RFC 9112 §4',
  },
};
const EMPTY_LINE: Words = {
  name: 'Empty line',
  note: 'The head ends here. Content follows, if there is any.',
  source: 'RFC 9112 §2.1',
};

/** @param shown whether secrets are shown. */
export function headLines(head: string, side: Side, shown: boolean): PartLine[] {
  let before = '';
  return annotateHead(head, side === 'request' ? 'request-line' : 'status-line').map((line) => {
    // A line without a name may go on with the value of the line before. One that begins with a space does (RFC 9112 §5.2).
    const goesOn = before !== '' && /^[ \t]/.test(line.parts[0]?.text ?? '');
    const name = goesOn ? before : partText(line, 'field-name') || before;
    before = name;
    const parts = line.parts.map((part) => partIn(part, name, shown || !isHidden(part, name, goesOn)));
    return lineOf(wordsOf(line, name, side), parts);
  });
}

/** @param isValue the part is of the value, although it may look like a name. */
function isHidden({ kind, text }: HeadPart, name: string, isValue: boolean): boolean {
  if (kind === 'crlf') return false;
  // Lines that end in another way than CRLF: there may be fields in it.
  if (/[\r\n]/.test(text)) return true;
  return isValue || kind === 'field-value' ? hidesValue(name, text) : withoutSecrets(text) !== text;
}

function partIn({ kind, text }: HeadPart, name: string, shown: boolean) {
  const words = kind === 'field-value' ? valueWords(name) : PART_NOTES[kind];
  return partOf(kind, words, text, !shown);
}

/** The value means what its field means. */
function valueWords(name: string): Words {
  return { ...PART_NOTES['field-value'], name: `value of ${name}` };
}

function wordsOf({ kind }: HeadLine, name: string, side: Side): Words {
  if (kind === 'empty-line') return EMPTY_LINE;
  return kind === 'field-line' ? fieldWords(name, side) : START_LINES[side];
}

export function fieldWords(name: string, side: Side): Words {
  const note = (side === 'response' ? responseFieldNote(name) : undefined) ?? fieldNote(name);
  return { name, ...note };
}
