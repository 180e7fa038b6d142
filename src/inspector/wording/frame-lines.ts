/** Frames of HTTP/2, each octet named (RFC 9113 §4.1). */
import { frameDetail, frameFlagNames, frameTypeName } from '../../http2/frame/frame-words.ts';
import type { Part, PartLine } from '../messages.ts';
import type { Frame } from '../recorder/frame-reader.ts';
import { fieldWords } from './head-lines.ts';
import { lineOf, partOf, type Words } from './part-lines.ts';
import { hidesValue } from './redaction.ts';

const LENGTH: Words = {
  name: 'Length',
  note: 'The octets of the payload, without this header.',
  source: 'RFC 9113 §4.1',
};
const TYPE: Words = { name: 'Type', note: 'What the payload means.', source: 'RFC 9113 §4.1' };
const FLAGS: Words = {
  name: 'Flags',
  note: 'Bits whose meaning depends on the type.',
  source: 'RFC 9113 §4.1',
};
const STREAM: Words = {
  name: 'Stream identifier',
  note: 'The exchange to which the frame belongs. 0 is the connection. Clients use odd numbers.',
  source: 'RFC 9113 §5.1.1',
};
const PREFACE: Words = {
  name: 'Connection preface',
  note: 'The first octets of an HTTP/2 client. A server of HTTP/1 cannot take them for a request.',
  source: 'RFC 9113 §3.4',
};

interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** By type: what the frame is for. */
const TYPES: readonly Words[] = [
  { name: 'DATA', note: 'A piece of the content.', source: 'RFC 9113 §6.1' },
  {
    name: 'HEADERS',
    note: 'The head of a message, or its trailers, compressed with HPACK.',
    source: 'RFC 9113 §6.2',
  },
  { name: 'PRIORITY', note: 'A priority in the form of RFC 7540. It is ignored.', source: 'RFC 9113 §6.3' },
  { name: 'RST_STREAM', note: 'Ends the stream at once. The connection goes on.', source: 'RFC 9113 §6.4' },
  {
    name: 'SETTINGS',
    note: 'How the sender wants to be spoken to, or a confirmation of such wishes.',
    source: 'RFC 9113 §6.5',
  },
  { name: 'PUSH_PROMISE', note: 'Announces a response that was not requested.', source: 'RFC 9113 §6.6' },
  { name: 'PING', note: 'The other side answers with the same eight octets.', source: 'RFC 9113 §6.7' },
  {
    name: 'GOAWAY',
    note: 'The connection ends: no new streams. It names the last one that was processed.',
    source: 'RFC 9113 §6.8',
  },
  {
    name: 'WINDOW_UPDATE',
    note: 'The receiver has room for so many more octets of content.',
    source: 'RFC 9113 §6.9',
  },
  { name: 'CONTINUATION', note: 'The rest of a header block.', source: 'RFC 9113 §6.10' },
];
const OTHER: Words = {
  name: 'Other frame',
  note: 'An extension. Recipients ignore types that they do not know.',
  source: 'RFC 9113 §5.5',
};
const BLOCK: Words = {
  name: 'Field block fragment',
  note: 'Fields as HPACK writes them: an index into a table, or a name and a value, often in the Huffman code.',
  source: 'RFC 7541 §6',
};
const DATA = 0;
const BLOCKS: ReadonlySet<number> = new Set([1, 5, 9]);

export interface FrameFacts {
  /** Header blocks contain no secret, or secrets are shown. */
  readonly showsBlocks: boolean;
  readonly showsContent: boolean;
}

export function frameLine(
  { type, octets, omitted }: Frame,
  { showsBlocks, showsContent }: FrameFacts,
): PartLine {
  const text = String.fromCharCode(...octets.subarray(0, 9));
  const payload = Array.from(octets.subarray(9), (octet) => String.fromCharCode(octet)).join('');
  if (type === undefined) return lineOf(PREFACE, [partOf('content', PREFACE, latin1(octets))]);
  const name = frameTypeName(type);
  const words = { ...(TYPES[type] ?? OTHER), name };
  const flags = frameFlagNames(name, octets[4]!);
  const detail = frameDetail(name, octets.subarray(9));
  const stream = ((octets[5]! & 0x7f) << 24) | (octets[6]! << 16) | (octets[7]! << 8) | octets[8]!;
  const length = payload.length + omitted;
  const parts: Part[] = [
    numberPart('chunk-size', LENGTH, text.slice(0, 3), String(length)),
    numberPart('method', { ...TYPE, note: `${TYPE.note} ${words.note}` }, text.slice(3, 4), name),
    numberPart('http-version', FLAGS, text.slice(4, 5), flags.join(' ') || 'no flags'),
    numberPart('request-target', STREAM, text.slice(5, 9), `stream ${stream}`),
  ];
  if (payload !== '') {
    const isHidden = (type === DATA && !showsContent) || (BLOCKS.has(type) && !showsBlocks);
    const own = BLOCKS.has(type)
      ? BLOCK
      : { ...words, name: 'Payload', ...(detail && { note: `${words.note} Here: ${detail}.` }) };
    const part = partOf(type === DATA ? 'content' : 'field-value', own, payload, isHidden);
    parts.push(type === DATA || isHidden ? part : { ...part, meaning: detail || `${length} octets` });
  }
  return lineOf({ ...words, name: `${name} frame` }, parts);
}

/** Octets that mean a number or bits. */
const numberPart = (kind: string, words: Words, octets: string, meaning: string): Part => ({
  ...partOf(kind, { ...words, name: `${words.name}: ${meaning}` }, octets),
  meaning,
});

/** The fields that a header block stands for, a line each. */
export function fieldLines(
  fields: readonly NamedValue[],
  side: 'request' | 'response',
  shown: boolean,
): PartLine[] {
  return fields.map(({ name, value }) => {
    const words = name.startsWith(':') ? PSEUDO : fieldWords(name, side);
    const isHidden = !shown && hidesValue(name, value);
    const line = lineOf({ ...words, name }, [
      partOf('field-name', { ...words, name: `name ${name}` }, name),
      partOf('colon', SEPARATOR, ': '),
      partOf('field-value', { ...words, name: `value of ${name}` }, value, isHidden),
    ]);
    return { ...line, isDecoded: true };
  });
}

const PSEUDO: Words = {
  name: 'Pseudo-field',
  note: 'What HTTP/1 has in the start-line. Its name begins with a colon, and it comes before all fields.',
  source: 'RFC 9113 §8.3',
};
const SEPARATOR: Words = {
  name: 'colon',
  note: 'Only shown here. HPACK writes lengths in place of it.',
  source: 'RFC 7541 §5.2',
};

/** Whether a header block has a value that is hidden. */
export const hasSecret = (fields: readonly NamedValue[]): boolean =>
  fields.some(({ name, value }) => hidesValue(name, value));

const latin1 = (octets: Uint8Array): string => String.fromCharCode(...octets);
