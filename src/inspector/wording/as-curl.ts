/** A command that sends a request again. Values that are hidden on the page are hidden here, too. */
import { HIDDEN } from './redaction.ts';

/** curl sets these itself, or they are about the connection. */
const OMITTED: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'connection', 'transfer-encoding', 'expect', 'te', 'upgrade'],
  ...['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-extensions', 'keep-alive'],
]);
const MOST_CONTENT = 2_000;

export interface CurlFacts {
  readonly method: string;
  readonly url: string;
  readonly fields: readonly (readonly [name: string, value: string | undefined])[];
  /** `undefined` if it is hidden or not whole. */
  readonly content: string | undefined;
  readonly hasContent: boolean;
  readonly isHttp2: boolean;
}

/** @param facts a value of `undefined` is hidden. */
export function asCurl({ method, url, fields, content, hasContent, isHttp2 }: CurlFacts): string {
  const words = ['curl'];
  if (method === 'HEAD') words.push('-I');
  else if (method !== (hasContent ? 'POST' : 'GET')) words.push('-X', quoted(method));
  if (isHttp2) words.push(url.startsWith('https:') ? '--http2' : '--http2-prior-knowledge');
  words.push(quoted(url));
  for (const [name, value] of fields) {
    if (name.startsWith(':') || OMITTED.has(name.toLowerCase())) continue;
    words.push('-H', quoted(`${name}: ${value ?? HIDDEN}`));
  }
  if (hasContent) {
    const isText =
      content !== undefined && content.length <= MOST_CONTENT && /^[\x09\x0a\x0d\x20-\x7e]*$/.test(content);
    words.push('--data-binary', isText && !content.startsWith('@') ? quoted(content) : "'@content'");
  }
  return words.join(' ');
}

/** For a POSIX shell. What is not printable becomes a question mark: a terminal must not obey it. */
function quoted(word: string): string {
  const printable = word.replace(/[^\x0a\x20-\x7e]/g, '?');
  return /^[\w./:=@%+-]+$/.test(printable) ? printable : `'${printable.replaceAll("'", "'\\''")}'`;
}
