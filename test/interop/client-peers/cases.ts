/** The cases for the servers of other projects: one exchange of each framing that a server can send. */
import type { FetchInit } from '../../../src/client/request-init.ts';

export interface PeerCase {
  /** The framing that the case tests. */
  readonly name: string;
  readonly path: string;
  readonly init?: Omit<FetchInit, 'body' | 'headers'> & {
    readonly body?: string | Uint8Array<ArrayBuffer>;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** The body is sent as a stream, in chunks. */
  readonly streams?: boolean;
  /** The head of the response must match, or the server did not use this framing. */
  readonly shows: RegExp;
  /** A trailer field that the server sends, with its value. */
  readonly trailer?: readonly [name: string, value: string];
}

export const TEXT = Array.from({ length: 20_000 }, (_, i) => `The cat sat on mat ${i}. `).join('');
const UPLOAD = 'x'.repeat(50_000);

const CHUNKED = /^transfer-encoding: chunked\r$/im;
const LENGTH = /^content-length: \d+\r$/im;

/** Static files: cases for every file server. */
export const FILES: readonly PeerCase[] = [
  { name: 'Content-Length', path: '/text.txt', shows: LENGTH },
  { name: 'Content-Length, octets', path: '/octets.bin', shows: LENGTH },
  { name: 'Content-Length: 0', path: '/empty.txt', shows: /^content-length: 0\r$|^HTTP\/1\.1 204/im },
  { name: 'HEAD', path: '/text.txt', init: { method: 'HEAD' }, shows: LENGTH },
  { name: '404', path: '/nothing-here', shows: /^HTTP\/1\.1 404 / },
  { name: '206', path: '/text.txt', init: { headers: { Range: 'bytes=7-1006' } }, shows: /^HTTP\/1\.1 206 / },
  {
    name: '304',
    path: '/text.txt',
    init: { headers: { 'If-Modified-Since': 'Fri, 01 Jan 2038 00:00:00 GMT' } },
    shows: /^HTTP\/1\.1 304 /,
  },
  {
    name: 'close',
    path: '/text.txt',
    init: { headers: { Connection: 'close' } },
    shows: /^connection: close\r$/im,
  },
];

export const GZIP: PeerCase = { name: 'gzip, chunked', path: '/text.txt', shows: CHUNKED };
export const chunkedAt = (path: string): PeerCase => ({ name: 'chunked', path, shows: CHUNKED });
export const untilCloseAt = (path: string): PeerCase => ({
  name: 'until close',
  path,
  shows: /^(?!.*(?:content-length|transfer-encoding):)HTTP\/1\.[01] 200 /is,
});
export const noContentAt = (path: string): PeerCase => ({ name: '204', path, shows: /^HTTP\/1\.1 204 / });
export const redirectAt = (path: string): PeerCase => ({
  name: 'redirect',
  path,
  shows: /^HTTP\/1\.1 200 /,
});

/** Cases that HTTP/2 does not have: the end of a connection is not the end of content there. */
const ONLY_HTTP1 = new Set(['close', 'until close']);

/** The same cases over HTTP/2: what is about the start-line is about the status, and nothing is in chunks. */
export function overHttp2(cases: readonly PeerCase[]): PeerCase[] {
  return cases
    .filter(({ name }) => !ONLY_HTTP1.has(name))
    .map((what) => {
      const source = what.shows.source.replaceAll(/HTTP\\\/1\\\.1 (\d{3}) ?/g, ':status: $1');
      const shows = what.shows === CHUNKED ? /^:status: 200\r$/m : new RegExp(source, what.shows.flags);
      const name = what.name.replace(/^chunked$/, 'without length').replace(', chunked', ', without length');
      return { ...what, name, shows };
    });
}

/** Content sent and echoed. */
export function echoedAt(path: string): PeerCase[] {
  const init = { method: 'POST', body: UPLOAD };
  return [
    { name: 'POST, Content-Length', path, init, shows: /^HTTP\/1\.1 200 / },
    { name: 'POST, chunked', path, init, streams: true, shows: /^HTTP\/1\.1 200 / },
    { name: 'POST, 100-continue', path, init: { ...init, expectContinue: true }, shows: /^HTTP\/1\.1 200 / },
  ];
}
