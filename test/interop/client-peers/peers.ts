/** The servers of other projects: how each is started, and the cases that it can answer. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { IssuedCertificate } from '../../support/certificates.ts';
import {
  chunkedAt,
  echoedAt,
  FILES,
  GZIP,
  noContentAt,
  overHttp2,
  type PeerCase,
  redirectAt,
  TEXT,
  untilCloseAt,
} from './cases.ts';

export interface Peer {
  readonly name: string;
  readonly program: string;
  /** Writes the server's files into the folder. @returns the words of its command. */
  readonly prepare: (folder: string, port: number, identity: IssuedCertificate) => string[];
  /** What the client and the server speak: by ALPN over TLS, by prior knowledge without. Default `1.1`. */
  readonly version?: '2';
  /** It is asked over https. */
  readonly isSecure?: boolean;
  readonly cases: readonly PeerCase[];
}

/** A fetch handler for Bun and Deno, with every framing that they send. */
const HANDLER = `
const TEXT = ${JSON.stringify(TEXT)};
const encoder = new TextEncoder();
export async function handle(request) {
  const { pathname, origin } = new URL(request.url);
  if (pathname === '/text.txt') return new Response(TEXT);
  if (pathname === '/empty.txt') return new Response('');
  if (pathname === '/204') return new Response(null, { status: 204 });
  if (pathname === '/304') return new Response(null, { status: 304 });
  if (pathname === '/redirect') return Response.redirect(origin + '/text.txt', 302);
  if (pathname === '/chunked') {
    let left = 9;
    return new Response(new ReadableStream({
      async pull(controller) {
        if (left-- === 0) return controller.close();
        await new Promise((resolve) => setTimeout(resolve, 1));
        controller.enqueue(encoder.encode('piece ' + left + '\\n'));
      },
    }));
  }
  if (pathname === '/echo') return new Response(await request.text());
  return new Response('not found', { status: 404 });
}
`;

const FETCH_CASES: readonly PeerCase[] = [
  ...FILES.filter(({ name }) => ['Content-Length', 'Content-Length: 0', '404'].includes(name)),
  { name: 'HEAD', path: '/text.txt', init: { method: 'HEAD' }, shows: /^HTTP\/1\.1 200 / },
  { name: '304', path: '/304', shows: /^HTTP\/1\.1 304 / },
  chunkedAt('/chunked'),
  noContentAt('/204'),
  redirectAt('/redirect'),
  ...echoedAt('/echo'),
];

export function writeSite(folder: string): string {
  const site = join(folder, 'site');
  mkdirSync(site, { recursive: true });
  writeFileSync(join(site, 'text.txt'), TEXT);
  writeFileSync(join(site, 'empty.txt'), '');
  writeFileSync(join(site, 'page.shtml'), 'before <!--#echo var="REQUEST_METHOD" --> after\n');
  const octets = new Uint8Array(100_000).map((_, index) => (index * index) >> 3);
  writeFileSync(join(site, 'octets.bin'), octets);
  return site;
}

function nginx(folder: string, port: number): string[] {
  return nginxListening(folder, `listen 127.0.0.1:${port};`);
}

function nginxOverHttp2(folder: string, port: number, { certFile, keyFile }: IssuedCertificate): string[] {
  const tls = `ssl_certificate ${certFile}; ssl_certificate_key ${keyFile};`;
  return nginxListening(folder, `listen 127.0.0.1:${port} ssl http2; ${tls}`);
}

/** It also listens on a unix socket, for what it forwards to itself. */
function nginxListening(folder: string, listen: string): string[] {
  const site = writeSite(folder);
  const itself = `http://unix:${folder}/itself.sock:`;
  const config = `
    worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 256; }
    http {
      access_log off; default_type text/plain; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; keepalive_timeout 30s 20s; if_modified_since before;
      server {
        ${listen} listen unix:${folder}/itself.sock; root ${site};
        location = /gzip.txt { alias ${site}/text.txt; gzip on; gzip_types text/plain; default_type text/plain; }
        location = /chunked.shtml { alias ${site}/page.shtml; ssi on; ssi_types text/plain; default_type text/plain; }
        location = /close.shtml { alias ${site}/page.shtml; ssi on; ssi_types text/plain; chunked_transfer_encoding off; }
        location = /204 { return 204; }
        location = /redirect { return 302 /text.txt; }
        location = /echo { proxy_pass ${itself}/echoed; proxy_http_version 1.1; }
        location = /echoed { client_body_buffer_size 1m; proxy_pass ${itself}/sink; add_header X-Body-Length $content_length; }
        location = /sink { return 200 "taken\\n"; }
      }
    }`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  return ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'error.log')];
}

function h2o(folder: string, port: number, { certFile, keyFile }: IssuedCertificate): string[] {
  const site = writeSite(folder);
  const config = `
    listen: { host: 127.0.0.1, port: ${port}, ssl: { certificate-file: ${certFile}, key-file: ${keyFile} } }
    hosts:
      default:
        paths:
          "/redirect": { redirect: { url: "/text.txt", status: 302, internal: NO } }
          "/": { file.dir: ${site}, file.mime.addtypes: { "text/plain": [".txt"] } }
    error-log: ${folder}/error.log
    pid-file: ${folder}/h2o.pid
    num-threads: 1
    ${process.getuid?.() === 0 ? 'user: root' : ''}
  `;
  writeFileSync(join(folder, 'h2o.conf'), config);
  return ['-m', 'worker', '-c', join(folder, 'h2o.conf')];
}

/** @param words before the port. */
function nghttpd(
  folder: string,
  port: number,
  words: readonly string[],
  identity: readonly string[],
): string[] {
  const site = writeSite(folder);
  return [...words, '-a', '127.0.0.1', '-d', site, '--trailer', 'X-Sum: 7', String(port), ...identity];
}

const WITH_TRAILER = { trailer: ['x-sum', '7'] } as const;
const NGHTTPD_FILES = overHttp2(
  FILES.filter(({ name }) => ['Content-Length', 'Content-Length, octets', '404'].includes(name)),
).map((what) => ({ ...what, ...WITH_TRAILER }));

function caddy(folder: string, port: number): string[] {
  const site = writeSite(folder);
  const config = `
    {
      admin off
      auto_https off
    }
    http://127.0.0.1:${port} {
      handle /gzip.txt {
        rewrite * /text.txt
        encode gzip
        file_server {
          root ${site}
        }
      }
      handle /204 {
        respond 204
      }
      handle /redirect {
        redir * /text.txt 302
      }
      handle /echo {
        respond "{http.request.body}" 200
      }
      handle {
        file_server {
          root ${site}
        }
      }
    }`;
  writeFileSync(join(folder, 'Caddyfile'), config);
  return ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'];
}

function lighttpd(folder: string, port: number): string[] {
  const site = writeSite(folder);
  writeFileSync(
    join(site, 'echo.sh'),
    '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n"\nexec cat\n',
    { mode: 0o755 },
  );
  const slow =
    '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\none\\n"\nsleep 0.02\nprintf "two\\n"\n';
  writeFileSync(join(site, 'slow.sh'), slow, { mode: 0o755 });
  writeFileSync(join(site, '204.sh'), '#!/bin/sh\nprintf "Status: 204 No Content\\r\\n\\r\\n"\n', {
    mode: 0o755,
  });
  writeFileSync(
    join(site, 'redirect.sh'),
    '#!/bin/sh\nprintf "Status: 302 Found\\r\\nLocation: /text.txt\\r\\n\\r\\n"\n',
    {
      mode: 0o755,
    },
  );
  const config = `
    server.document-root = "${site}"
    server.port = ${port}
    server.bind = "127.0.0.1"
    server.modules = ("mod_cgi", "mod_deflate")
    server.errorlog = "${folder}/error.log"
    server.upload-dirs = ("${folder}")
    server.stream-response-body = 1
    mimetype.assign = (".txt" => "text/plain", ".bin" => "application/octet-stream")
    cgi.assign = (".sh" => "/bin/sh")
    deflate.allowed-encodings = ("gzip")
    $HTTP["querystring"] == "gzip" { deflate.mimetypes = ("text/") }
  `;
  writeFileSync(join(folder, 'lighttpd.conf'), config);
  return ['-D', '-f', join(folder, 'lighttpd.conf')];
}

function script(folder: string, serve: string): string {
  writeFileSync(join(folder, 'handler.mjs'), HANDLER);
  const file = join(folder, 'serve.mjs');
  writeFileSync(file, `import { handle } from './handler.mjs';\n${serve}\n`);
  return file;
}

export const PEERS: readonly Peer[] = [
  {
    name: 'nginx',
    program: 'nginx',
    prepare: nginx,
    cases: [
      ...FILES,
      { ...GZIP, path: '/gzip.txt' },
      chunkedAt('/chunked.shtml'),
      untilCloseAt('/close.shtml'),
      noContentAt('/204'),
      redirectAt('/redirect'),
      ...echoedAt('/echo'),
    ],
  },
  {
    name: 'nginx, HTTP/2',
    program: 'nginx',
    version: '2',
    isSecure: true,
    prepare: nginxOverHttp2,
    cases: overHttp2([
      ...FILES,
      { ...GZIP, path: '/gzip.txt' },
      chunkedAt('/chunked.shtml'),
      noContentAt('/204'),
      redirectAt('/redirect'),
      ...echoedAt('/echo'),
    ]),
  },
  {
    name: 'h2o, HTTP/2',
    program: 'h2o',
    version: '2',
    isSecure: true,
    prepare: h2o,
    cases: overHttp2([...FILES, redirectAt('/redirect')]),
  },
  {
    name: 'nghttpd, HTTP/2',
    program: 'nghttpd',
    version: '2',
    isSecure: true,
    prepare: (folder, port, { certFile, keyFile }) => nghttpd(folder, port, [], [keyFile, certFile]),
    cases: NGHTTPD_FILES,
  },
  {
    name: 'nghttpd that echoes, HTTP/2 by prior knowledge',
    program: 'nghttpd',
    version: '2',
    prepare: (folder, port) => nghttpd(folder, port, ['--no-tls', '--echo-upload'], []),
    cases: [...NGHTTPD_FILES, ...overHttp2(echoedAt('/echo'))],
  },
  {
    name: 'Caddy',
    program: 'caddy',
    prepare: caddy,
    cases: [
      ...FILES,
      { ...GZIP, path: '/gzip.txt' },
      noContentAt('/204'),
      redirectAt('/redirect'),
      ...echoedAt('/echo'),
    ],
  },
  {
    name: 'lighttpd',
    program: 'lighttpd',
    prepare: lighttpd,
    cases: [
      ...FILES,
      { ...GZIP, name: 'gzip', path: '/text.txt?gzip', shows: /^content-encoding: gzip\r$/im },
      chunkedAt('/slow.sh'),
      noContentAt('/204.sh'),
      redirectAt('/redirect.sh'),
      ...echoedAt('/echo.sh'),
    ],
  },
  {
    name: 'Bun',
    program: process.env['BUN'] ?? 'bun',
    prepare: (folder, port) => [
      'run',
      script(folder, `Bun.serve({ hostname: '127.0.0.1', port: ${port}, fetch: handle });`),
    ],
    cases: FETCH_CASES,
  },
  {
    name: 'Deno',
    program: process.env['DENO'] ?? 'deno',
    prepare: (folder, port) => [
      ...['run', '-A', '--no-lock'],
      script(folder, `Deno.serve({ hostname: '127.0.0.1', port: ${port} }, handle);`),
    ],
    cases: FETCH_CASES,
  },
];
