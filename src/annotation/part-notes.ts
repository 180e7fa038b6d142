import type { PartKind } from './annotate-head.ts';

/** For each part of a head: its name in the RFCs, its purpose, and the section that defines it. */
export interface PartNote {
  readonly name: string;
  readonly note: string;
  readonly source: string;
}

export const PART_NOTES: Readonly<Record<PartKind, PartNote>> = {
  method: {
    name: 'method',
    note: 'The action. GET requests content and changes nothing.',
    source: 'RFC 9112 §3.1',
  },
  space: {
    name: 'SP',
    note: 'Exactly one space separates the three elements of this line.',
    source: 'RFC 9112 §3',
  },
  'request-target': {
    name: 'request-target',
    note: 'The target of the action: a path on this site, and optionally a query.',
    source: 'RFC 9112 §3.2',
  },
  'http-version': {
    name: 'HTTP-version',
    note: 'The protocol version of the sender. It limits the features that the other side may use.',
    source: 'RFC 9112 §2.3',
  },
  'status-code': {
    name: 'status-code',
    note: 'The result. Its first digit is the class: 2 means success.',
    source: 'RFC 9112 §4',
  },
  'reason-phrase': {
    name: 'reason-phrase',
    note: 'The result in words. Programs ignore it.',
    source: 'RFC 9112 §4',
  },
  'field-name': {
    name: 'field name',
    note: 'The name of the header. It is case-insensitive.',
    source: 'RFC 9110 §5.1',
  },
  colon: {
    name: 'colon',
    note: 'Follows the name immediately. A space before it is an error, because attackers used it for request smuggling.',
    source: 'RFC 9112 §5.1',
  },
  whitespace: {
    name: 'OWS',
    note: 'Optional white space for readability. It is not part of the value.',
    source: 'RFC 9110 §5.6.3',
  },
  'field-value': {
    name: 'field value',
    note: 'The value of the header. Its syntax depends on the name.',
    source: 'RFC 9110 §5.5',
  },
  crlf: {
    name: 'CRLF',
    note: 'Carriage return and line feed: the end of the line.',
    source: 'RFC 9112 §2.1',
  },
};
