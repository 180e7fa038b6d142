/**
 * Where a refused request broke the rule. The server does not note it, because refusing must cost nothing. The pure decoders are run
 * once more over the octets that were kept, one octet at a time: the first octet with which they refuse is the place. Some rules are
 * about a whole head. There the field is looked for without which the head would be accepted.
 */
import { annotateHead, type HeadLine, type HeadPart, partText } from '../../annotation/annotate-head.ts';
import { HeaderField } from '../../hpack/header-field.ts';
import { NOT_IN_NAME, NOT_IN_VALUE, OCTET_KIND } from '../../hpack/octet-kinds.ts';
import { DEFAULT_LIMITS, type MessageLimits, ServerConnection } from '../../http1/index.ts';
import { Http2Error } from '../../http2/errors.ts';
import { readRequestHead } from '../../http2/head/request-head.ts';
import { DEFAULT_HTTP2_LIMITS, type Http2Limits } from '../../http2/limits.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { NEED_OCTETS, PAUSED, REJECTED } from '../../octets/results.ts';

/** The octets from `start` to `end` of a request. */
export interface Fault {
  readonly start: number;
  readonly end: number;
  /** In a sentence: why these. */
  readonly note: string;
  readonly rejection: Pick<Rejection, 'reason' | 'section' | 'sentence'>;
}

/** What is checked after the head has been decoded, and about which part it is. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  Misdirected: ['request-target'],
  ConnectNotImplemented: ['method'],
  ConnectWithContent: ['transfer-encoding', 'content-length'],
  ExpectationFailed: ['expect'],
  HostSyntax: ['host', 'request-target'],
};

const NO_FIELDS_LOST = 'Without this field, the head would be accepted.';

/**
 * @param octets of a request over HTTP/1, from its beginning. One character an octet.
 * @param refusal why it was refused after it had been decoded, if so.
 * @returns `undefined` if nothing is wrong with these octets.
 */
export function http1Fault(
  octets: string,
  limits: MessageLimits = DEFAULT_LIMITS,
  refusal?: Fault['rejection'],
): Fault | undefined {
  const found = firstRefused(octets, limits);
  if (found === undefined) return refusal && laterFault(octets, refusal);
  const { at, rejection } = found;
  const exact = { start: at, end: at + 1, note: `It is octet ${at + 1} of the request.`, rejection };
  const head = octets.slice(0, at + 1);
  const line = lineAt(head, at);
  if (line === undefined || /^Bare/.test(rejection.reason)) return exact;
  if (!/\r\n?$/.test(head)) return octets[at] === ' ' ? (partBefore(line, exact) ?? exact) : exact;
  if (line.kind === 'request-line') return partBefore(line, exact) ?? exact;
  return fieldToBlame(octets, at, rejection, limits) ?? exact;
}

/** Decodes octet by octet. @returns the first with which the request is refused. */
function firstRefused(
  octets: string,
  limits: MessageLimits,
): { at: number; rejection: Rejection } | undefined {
  const connection = new ServerConnection(limits);
  for (let at = 0; at < octets.length; at++) {
    connection.receive(Uint8Array.of(octets.charCodeAt(at)));
    for (;;) {
      const result = connection.next();
      if (result === REJECTED) return { at, rejection: connection.rejection };
      if (result === NEED_OCTETS) break;
      if (result === PAUSED || connection.requestIsComplete) return undefined;
    }
  }
  return undefined;
}

function reasonFor(octets: string, limits: MessageLimits): string | undefined {
  const connection = new ServerConnection(limits);
  connection.receive(Uint8Array.from(octets, (octet) => octet.charCodeAt(0)));
  return connection.next() === REJECTED ? connection.rejection.reason : undefined;
}

const linesOf = (head: string): HeadLine[] => annotateHead(head, 'request-line');

const lineAt = (head: string, at: number): HeadLine | undefined =>
  linesOf(head).find(({ offset, length }) => at >= offset && at < offset + length);

/** What was noticed at a delimiter of the request-line is about the part before it. */
function partBefore(line: HeadLine | undefined, exact: Fault): Fault | undefined {
  if (line?.kind !== 'request-line') return undefined;
  const part = line.parts.findLast(({ offset, length }) => offset + length <= exact.start);
  return (
    part && aboutPart(part, `It was noticed at octet ${exact.start + 1}, behind this part.`, exact.rejection)
  );
}

const aboutPart = ({ offset, length }: HeadPart, note: string, rejection: Fault['rejection']): Fault => ({
  ...{ start: offset, end: offset + length, note, rejection },
});

function fieldToBlame(
  octets: string,
  at: number,
  rejection: Rejection,
  limits: MessageLimits,
): Fault | undefined {
  const lines = linesOf(octets.slice(0, headEnd(octets, at)));
  const fields = lines.filter(({ kind }) => kind === 'field-line');
  const without = (left: readonly HeadLine[]): string => {
    const kept = lines.filter((line) => line.kind !== 'field-line' || left.includes(line));
    const text = kept.map(({ offset, length }) => octets.slice(offset, offset + length)).join('');
    return text.endsWith('\r\n\r\n') ? text : `${text}\r\n`;
  };
  const reasonOf = (left: readonly HeadLine[]): string | undefined => reasonFor(without(left), limits);
  const i = toBlame(fields, reasonOf, rejection.reason);
  if (i !== undefined) {
    const line = fields[i]!;
    const value = line.parts.find(({ kind }) => kind === 'field-value');
    // A field that is too much is marked as a whole.
    if (value !== undefined && /Syntax|Unknown|Mismatch/.test(rejection.reason))
      return aboutPart(value, NO_FIELDS_LOST, rejection);
    const end = line.offset + line.length - partText(line, 'crlf').length;
    return { start: line.offset, end, note: NO_FIELDS_LOST, rejection };
  }
  const last = lines.at(-1)!;
  if (last.kind !== 'empty-line') return undefined;
  const note = 'The head ends here, and no field of it has fulfilled the rule.';
  return { start: last.offset, end: last.offset + last.length, note, rejection };
}

/** The head up to its empty line; what has come of it, if there is none. */
function headEnd(octets: string, at: number): number {
  const end = octets.indexOf('\r\n\r\n');
  return end < 0 ? at + 1 : Math.max(end + 4, at + 1);
}

/**
 * The last item without which the rest is accepted. Where several are wrong, the last of the first items that are refused for the reason.
 *
 * @param reasonOf why these items are refused.
 */
function toBlame<Item>(
  items: readonly Item[],
  reasonOf: (items: readonly Item[]) => string | undefined,
  reason: string,
): number | undefined {
  // Without the fields before it, a late one would not be late.
  const single = /Late$/.test(reason)
    ? -1
    : items.findLastIndex((_, i) => reasonOf(items.toSpliced(i, 1)) === undefined);
  if (single >= 0) return single;
  const first = items.findIndex((_, i) => reasonOf(items.slice(0, i + 1)) === reason);
  return first >= 0 && reasonOf(items.slice(0, first)) !== reason ? first : undefined;
}

function laterFault(octets: string, rejection: Fault['rejection']): Fault | undefined {
  const names = LATER[rejection.reason] ?? [];
  for (const line of linesOf(octets.slice(0, headEnd(octets, octets.length)))) {
    const isNamed = names.includes(partText(line, 'field-name').toLowerCase());
    const part = line.parts.find(({ kind }) => (isNamed ? kind === 'field-value' : names.includes(kind)));
    // RFC 9112 §3.2.2: the authority of an absolute-form counts, and not the Host field.
    if (
      part === undefined ||
      (names[0] === 'host' && part.kind === 'request-target' && part.text.startsWith('/'))
    )
      continue;
    return aboutPart(part, 'The server decides this when the head is complete.', rejection);
  }
  return undefined;
}

/** The field of a header block of HTTP/2 to blame. @returns its index; `undefined` if it is not a single field. */
export function http2Fault(
  fields: readonly { readonly name: string; readonly value: string }[],
  reason: string,
  endsStream: boolean,
  limits: Http2Limits = DEFAULT_HTTP2_LIMITS,
): number | undefined {
  const lines = fields.map(checkedField);
  const named = LATER[reason]?.map((name) => NAMES[name] ?? name) ?? [];
  for (const allowsConnectProtocol of [false, true]) {
    const reasonOf = (some: readonly HeaderField[]): string | undefined => {
      const head = readRequestHead(some, { limits, allowsConnectProtocol, endsStream });
      return head instanceof Http2Error ? head.reason : head.rejection?.reason;
    };
    if (reasonOf(lines) === reason) return toBlame(lines, reasonOf, reason);
  }
  const later = lines.findIndex(({ name }) => named.includes(name));
  return later < 0 ? undefined : later;
}

function checkedField({ name, value }: { readonly name: string; readonly value: string }): HeaderField {
  const kindsOf = (text: string): number => {
    let kinds = 0;
    for (let i = 0; i < text.length; i++) kinds |= OCTET_KIND[text.charCodeAt(i)]!;
    return kinds;
  };
  const kinds = (kindsOf(name) & NOT_IN_NAME) | (kindsOf(value) & NOT_IN_VALUE);
  return Object.assign(new HeaderField(name.length, value.length, false, kinds), { name, value });
}

/** The pseudo-fields for parts of a request-line (RFC 9113 §8.3.1). */
const NAMES: Readonly<Record<string, string>> = {
  method: ':method',
  'request-target': ':scheme',
  host: ':authority',
};
