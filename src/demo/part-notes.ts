import type { PartKind } from './annotate-head.ts';

/** What each part of a head is called in the RFCs, what it is for, and where that is written. */
export interface PartNote {
  readonly name: string;
  readonly note: string;
  readonly source: string;
}

export const PART_NOTES: Readonly<Record<PartKind, PartNote>> = {
  method: {
    name: 'method',
    note: 'What to do. GET: send me this, and change nothing.',
    source: 'RFC 9112 §3.1',
  },
  space: {
    name: 'SP',
    note: 'Exactly one space keeps the three words of this line apart.',
    source: 'RFC 9112 §3',
  },
  'request-target': {
    name: 'request-target',
    note: 'What to do it to: a path on this site, perhaps with a query.',
    source: 'RFC 9112 §3.2',
  },
  'http-version': {
    name: 'HTTP-version',
    note: 'The version the client speaks: what the server may use in its answer.',
    source: 'RFC 9112 §2.3',
  },
  'field-name': {
    name: 'field name',
    note: 'What the line is about. Upper or lower case makes no difference.',
    source: 'RFC 9110 §5.1',
  },
  colon: {
    name: 'colon',
    note: 'Follows the name at once. A space between them is an error: it has been used to smuggle requests.',
    source: 'RFC 9112 §5.1',
  },
  whitespace: {
    name: 'OWS',
    note: 'Optional white space. It is there for the eye and not part of the value.',
    source: 'RFC 9110 §5.6.3',
  },
  'field-value': {
    name: 'field value',
    note: 'What is said. How to read it depends on the name.',
    source: 'RFC 9110 §5.5',
  },
  crlf: {
    name: 'CRLF',
    note: 'Carriage return and line feed: the end of the line.',
    source: 'RFC 9112 §2.1',
  },
};
