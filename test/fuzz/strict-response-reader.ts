/**
 * A second reader of responses: reads the response to one request from complete octets with regular expressions. It shares no
 * code with `src/`, and follows the grammar of the RFCs with Serval's decisions.
 */
import { fieldsOf } from './strict-reader.ts';

export interface StrictResponse {
  readonly interim: readonly number[];
  readonly status: number;
  readonly reason: string;
  readonly minor: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
  content: string;
  complete: boolean;
  tunnel: string | undefined;
}

/** `undecided`: an element is incomplete, and the reader does not check whether it can still be completed. */
export type StrictAnswer = {
  readonly response: StrictResponse | undefined;
  readonly end: 'complete' | 'undecided' | 'invalid';
};

const VALUE = '[\\t\\x20-\\x7e\\x80-\\xff]*';
const FIELD_LINE = `[!#$%&'*+.^_\`|~0-9A-Za-z-]+:${VALUE}(?:\\r\\n[ \\t]${VALUE})*\\r\\n`;
const HEAD = new RegExp(`HTTP/1\\.(\\d) ([1-9]\\d\\d)(?: (${VALUE}))?\\r\\n((?:${FIELD_LINE})*)\\r\\n`, 'y');
const TRAILERS = new RegExp(`((?:${FIELD_LINE})*)\\r\\n`, 'y');
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*"';
const EXTENSION = `[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|${QUOTED}))?`;
const CHUNK_LINE = new RegExp(`([0-9A-Fa-f]{1,16})(?:${EXTENSION})*\\r\\n`, 'y');
const MOST_INTERIM = 32;

type Fields = [name: string, value: string][];

/** @param ends whether the server ends its side after the last octet. */
export function readAnswer(
  text: string,
  method: string,
  offersUpgrade: boolean,
  ends: boolean,
): StrictAnswer {
  const interim: number[] = [];
  let at = 0;
  for (;;) {
    HEAD.lastIndex = at;
    const match = HEAD.exec(text);
    if (match === null) {
      const isThere = text.includes('\r\n\r\n', at);
      return { response: undefined, end: isThere || ends ? 'invalid' : 'undecided' };
    }
    at = HEAD.lastIndex;
    const [, minor, code, reason = '', section = ''] = match;
    const status = Number(code);
    // RFC 9112 §5.2: a user agent replaces obs-fold by spaces.
    const fields = fieldsOf(section.replace(/[ \t]*\r\n[ \t]+/g, (fold) => ' '.repeat(fold.length)));
    const refused = { response: undefined, end: 'invalid' } as const;
    const framing = framingOf(method, status, Number(minor), fields);
    if (framing === undefined) return refused;
    if (status === 101 && !(offersUpgrade && fields.some(([name]) => name === 'upgrade'))) return refused;
    if (status < 200 && status !== 101) {
      if (interim.push(status) > MOST_INTERIM) return refused;
      continue;
    }
    const response = {
      interim,
      status,
      reason,
      minor: Number(minor),
      fields,
      content: '',
      complete: false,
      tunnel: undefined,
    };
    return readContent(text, at, response, method, framing, ends);
  }
}

/** A length, 0 for none, -1 for chunked, -2 for content until the close; `undefined` for a framing that must be refused. */
function framingOf(method: string, status: number, minor: number, fields: Fields): number | undefined {
  if (method === 'CONNECT' && /^2/.test(String(status))) return 0;
  const codings = fields.filter(([name]) => name === 'transfer-encoding').map(([, value]) => value);
  const lengths = fields.filter(([name]) => name === 'content-length').map(([, value]) => value);
  const declares = codings.length + lengths.length;
  if (declares > 1 || (status < 200 && declares > 0)) return undefined;
  if (codings.length === 1 && (minor === 0 || !/^chunked$/i.test(codings[0]!))) return undefined;
  const length = lengths[0];
  if (length !== undefined && (!/^\d{1,16}$/.test(length) || BigInt(length) > 2n ** 53n - 1n))
    return undefined;
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 0;
  if (codings.length === 1) return -1;
  return length === undefined ? -2 : Number(length);
}

function readContent(
  text: string,
  start: number,
  response: StrictResponse,
  method: string,
  framing: number,
  ends: boolean,
): StrictAnswer {
  const missing = { response, end: ends ? 'invalid' : 'undecided' } as const;
  const isTunnel = response.status === 101 || (method === 'CONNECT' && response.status < 300);
  if (isTunnel) {
    response.tunnel = text.slice(start);
    response.complete = true;
    return { response, end: 'complete' };
  }
  if (framing === -2) {
    response.content = text.slice(start);
    response.complete = ends;
    return { response, end: ends ? 'complete' : 'undecided' };
  }
  let at = start;
  if (framing >= 0) {
    response.content = text.slice(start, start + framing);
    at = start + framing;
    if (at > text.length) return missing;
  } else {
    for (let size = -1; size !== 0; ) {
      CHUNK_LINE.lastIndex = at;
      const match = CHUNK_LINE.exec(text);
      if (match === null) return text.includes('\r\n', at) ? { response, end: 'invalid' } : missing;
      size = Number(BigInt(`0x${match[1]}`));
      if (size > Number.MAX_SAFE_INTEGER) return { response, end: 'invalid' };
      at = CHUNK_LINE.lastIndex;
      if (size === 0) break;
      response.content += text.slice(at, at + size);
      at += size;
      if (at + 2 > text.length)
        return text.slice(at) === '' || text.slice(at) === '\r' ? missing : { response, end: 'invalid' };
      if (text.slice(at, at + 2) !== '\r\n') return { response, end: 'invalid' };
      at += 2;
    }
    TRAILERS.lastIndex = at;
    if (TRAILERS.exec(text) === null)
      return text.includes('\r\n\r\n', at) ? { response, end: 'invalid' } : missing;
    at = TRAILERS.lastIndex;
  }
  response.complete = true;
  return { response, end: at === text.length ? 'complete' : 'invalid' };
}
