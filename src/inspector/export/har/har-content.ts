/** Content in a HAR file: text where it is text, Base64 otherwise, and decoded where it was compressed. */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Fields } from '../../wording/sent-again.ts';
import { valueIn } from '../exchange-fields.ts';
import type { MessageContent } from './message-content.ts';

/** Bytes that compressed content may become. */
const MOST_DECODED = 4 * 1024 * 1024;
const NO_TYPE = 'x-unknown';

type Decode = (octets: Uint8Array, limit: { maxOutputLength: number }) => Buffer;

/** By content coding (RFC 9110 §8.4.1, RFC 7932). */
const DECODERS: ReadonlyMap<string, Decode> = new Map([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

/** The member `content` of a response. */
export function contentMember(content: MessageContent, fields: Fields, isShown: boolean): object {
  const mimeType = typeIn(fields);
  const size = content.length ?? content.octets.length;
  if (!isShown || content.octets.length === 0)
    return { size, mimeType, ...(!isShown && size > 0 && { comment: 'Hidden.' }) };
  const decoded = decodedContent(content, fields);
  const octets = decoded ?? content.octets;
  const comments = commentsOn(content);
  if (decoded === undefined && codingIn(fields) !== '')
    comments.push(`Still in the coding ${codingIn(fields)}.`);
  return {
    size: decoded?.length ?? size,
    ...(decoded !== undefined && { compression: decoded.length - size }),
    mimeType,
    ...asText(octets),
    ...(comments.length > 0 && { comment: comments.join(' ') }),
  };
}

/** The member `postData` of a request. */
export function postDataMember(content: MessageContent, fields: Fields): object {
  const { text, encoding } = asText(content.octets);
  const comments = commentsOn(content);
  // HAR has no member for it in requests.
  if (encoding !== undefined) comments.push('The text is Base64.');
  const params: object[] = [];
  return {
    mimeType: typeIn(fields),
    params,
    text,
    ...(comments.length > 0 && { comment: comments.join(' ') }),
  };
}

function commentsOn({ octets, isWhole, length }: MessageContent): string[] {
  if (isWhole) return [];
  return [`Only the first ${octets.length}${length === undefined ? '' : ` of ${length}`} bytes were kept.`];
}

function decodedContent({ octets, isWhole }: MessageContent, fields: Fields): Buffer | undefined {
  const decode = DECODERS.get(codingIn(fields));
  if (decode === undefined || !isWhole) return undefined;
  try {
    return decode(octets, { maxOutputLength: MOST_DECODED });
  } catch {
    return undefined;
  }
}

function asText(octets: Buffer): { text: string; encoding?: 'base64' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets) };
  } catch {
    return { text: octets.toString('base64'), encoding: 'base64' };
  }
}

const typeIn = (fields: Fields): string => valueIn(fields, 'content-type') || NO_TYPE;
const codingIn = (fields: Fields): string => valueIn(fields, 'content-encoding').toLowerCase();
