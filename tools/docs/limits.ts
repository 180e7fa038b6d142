/** The table of fixed limits in `docs/LIMITS.md`, made from the constants of the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_HELD_OCTETS } from '../../src/files/lookup/file-store.ts';
import { MAX_CODED_OCTETS } from '../../src/files/resource/coded-content.ts';
import { MULTIPART_LIMITS } from '../../src/files/uploads/multipart-decoder.ts';
import { DEFAULT_LIMITS, MAX_LEADING_EMPTY_LINES } from '../../src/http1/limits.ts';
import { MAX_PROXY_HEADER, MAX_PROXY_LINE } from '../../src/proxy-protocol/header-decoder.ts';
import { DEFAULT_RANGE_LIMITS } from '../../src/semantics/ranges.ts';
import { MOST_DISCARDED } from '../../src/server/connection/awaited.ts';
import { MAX_CLIENT_HELLO, MAX_HELLO_RECORDS } from '../../src/tls/client-hello.ts';
import { MOST_FRAGMENTS } from '../../src/websocket/frames/frame-decoder.ts';
import { MOST_WAITING } from '../../src/workers/outbox.ts';

const BEGIN = '<!-- Generated from the constants in src/ by `npm run docs`. -->';
const END = '<!-- End of the generated table. -->';

const ROWS: readonly (readonly [limit: string, value: number | string, unit: string, beyond: string])[] = [
  ['request-line', DEFAULT_LIMITS.requestLine, 'octets (RFC 9112 §3 asks for 8,000)', '414c'],
  ['method', DEFAULT_LIMITS.method, 'octets', '501c'],
  ['fields of a section', DEFAULT_LIMITS.fieldLines, "lines (Apache's default)", '431c'],
  ['trailer section', DEFAULT_LIMITS.trailerSection, 'octets', '431c'],
  ['empty lines before a request-line', MAX_LEADING_EMPTY_LINES, 'lines', '400c'],
  ['Content-Length, chunk-size', '2^53-1', 'bytes, in at most 16 digits', '400c'],
  ['chunk extensions', DEFAULT_LIMITS.chunkExtension, 'octets in one chunk', '400c'],
  ['chunk framing', DEFAULT_LIMITS.chunkOverhead, 'octets, plus four for each byte of content', '400c'],
  ['PROXY header, version 1', MAX_PROXY_LINE, 'octets', 'closed'],
  ['PROXY header, version 2', MAX_PROXY_HEADER, 'octets', 'closed'],
  [
    'ClientHello of TLS',
    MAX_CLIENT_HELLO,
    `octets, in at most ${MAX_HELLO_RECORDS} records`,
    'alert, closed',
  ],
  [
    'unread content',
    MOST_DISCARDED,
    'bytes discarded to keep a connection',
    'closed after the response; over HTTP/2 the stream is reset',
  ],
  ['a file in memory', MAX_HELD_OCTETS, 'bytes', 'read for each request'],
  ['a file to compress', MAX_CODED_OCTETS, 'bytes', 'sent uncompressed, or precompressed'],
  ['ranges of a request', DEFAULT_RANGE_LIMITS.maxRanges, 'ranges', 'the Range field is ignored'],
  ['parts of an upload form', MULTIPART_LIMITS.parts, 'files and fields', '413'],
  ['a WebSocket message', MOST_FRAGMENTS, 'fragments', 'close 1008'],
  ['messages of topics for a blocked worker', MOST_WAITING, 'bytes', 'lost, and reported'],
  ['fields of a part', MULTIPART_LIMITS.octets, `octets, ${MULTIPART_LIMITS.lines} lines`, '400'],
];

export function limitsPage(root: string): string {
  const page = readFileSync(join(root, 'docs/LIMITS.md'), 'utf8');
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/LIMITS.md has no ${BEGIN} … ${END}`);
  const lines = ROWS.map(([limit, value, unit, beyond]) => {
    const shown = typeof value === 'number' ? value.toLocaleString('en') : value;
    return `| ${limit} | ${shown} | ${unit} | ${beyond} |`;
  });
  const table = ['| limit | value | unit | beyond |', '| --- | --: | --- | --- |', ...lines];
  return `${page.slice(0, begin)}${BEGIN}\n\n${table.join('\n')}\n\n${page.slice(end)}`;
}
