/** All servers, and how each is started. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Carrier, isHttp2, isSecure } from './cases.ts';
import { COMPILED, PEERS, ROOT, SOURCE } from './places.ts';
import { type Runtime, scriptWords } from './runtimes.ts';
import type { Command } from './server-process.ts';
import type { Site } from './site.ts';

/** What a server is started with. */
export interface Start {
  readonly port: number;
  /** The application, for servers that have several. */
  readonly app: string;
  readonly over: Carrier;
  readonly site: Site;
  /** The runtime. A server without one is a binary. */
  readonly runtime: Runtime | undefined;
  /** Flags of the runtime. */
  readonly flags: readonly string[];
}

export interface ServerKind {
  readonly id: string;
  readonly label: string;
  /** `any`: runs on all runtimes of Serval. `native`: needs no runtime. */
  readonly on: 'any' | Runtime['kind'] | 'native';
  /** Its Debian package, if it has one. */
  readonly tool?: 'nginx' | 'caddy' | 'h2o' | 'gcc';
  readonly version: () => string;
  readonly command: (start: Start) => Command;
  /** Why it cannot be started in this checkout. */
  readonly missing?: () => string | undefined;
}

const OURS = join(ROOT, 'dist');
const packageVersion = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
const peerVersion = (name: string) => () => packageVersion(join(PEERS, name));

/** A compiled server, or one in JavaScript that needs the peers' packages. */
function script(start: Start, file: string, words: readonly string[], environment = {}): Command {
  const path = file.endsWith('.mjs') ? join(SOURCE, 'servers', file) : join(COMPILED, 'servers', file);
  const { runtime } = start;
  if (runtime === undefined) throw new Error(`${file} needs a runtime`);
  const { cert, key } = start.site.certificate;
  return {
    file: runtime.binary,
    words: [...start.flags, ...scriptWords(runtime, path), ...words],
    environment: {
      BENCH_TEXT: start.app === 'gzip' ? start.site.text : '',
      BENCH_HTTP2: isHttp2(start.over) ? '1' : '',
      ...(isSecure(start.over) ? { BENCH_CERT: cert, BENCH_KEY: key } : {}),
      ...environment,
    },
  };
}

/** A program of a peer's package, run by Node. */
function program(start: Start, path: string, words: readonly string[]): Command {
  if (start.runtime === undefined) throw new Error(`${path} needs a runtime`);
  return { file: start.runtime.binary, words: [join(PEERS, path), ...words], folder: start.site.folder };
}

function serval(id: string, label: string, dist: string, app: (app: string) => string): ServerKind {
  return {
    id,
    label,
    on: 'any',
    version: () => packageVersion(join(dist, '..')),
    command: (start) =>
      start.app === 'files'
        ? filesOfServal(start, dist)
        : script(start, 'serval.js', [String(start.port), app(start.app)], { SERVAL_DIST: dist }),
  };
}

function filesOfServal(start: Start, dist: string): Command {
  if (start.runtime === undefined) throw new Error('serval needs a runtime');
  const words = [start.site.folder, '--port', String(start.port), '--no-log'];
  const { cert, key } = start.site.certificate;
  if (isSecure(start.over)) words.push('--cert', cert, '--key', key);
  return {
    file: start.runtime.binary,
    words: [...start.flags, ...scriptWords(start.runtime, join(dist, 'cli', 'main.js')), ...words],
  };
}

/** The file of `serval/globals`, if this checkout has it. */
function globalsFile(): string | undefined {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const entry = exports['./globals'];
  const file = typeof entry === 'string' ? entry : entry?.default;
  return typeof file === 'string' && existsSync(join(ROOT, file))
    ? file.replace(/^\.\/dist\//, '')
    : undefined;
}

function honoOnServal(id: string, label: string, globals: boolean): ServerKind {
  const noGlobals =
    'package.json does not export "./globals" yet, so Hono is not measured with serval/globals';
  return {
    id,
    label,
    on: 'any',
    version: () => `Hono ${peerVersion('hono')()}`,
    command: (start) =>
      script(start, 'hono-serval.mjs', [String(start.port), ...(globals ? ['globals'] : [])], {
        SERVAL_DIST: OURS,
        SERVAL_GLOBALS: globalsFile() ?? '',
      }),
    ...(globals ? { missing: () => (globalsFile() === undefined ? noGlobals : undefined) } : {}),
  };
}

function peer(id: string, label: string, on: ServerKind['on'], name: string, command: ServerKind['command']) {
  return { id, label, on, version: peerVersion(name), command };
}

/** For a server that has the version of its runtime. */
const OF_RUNTIME = () => '';

const own = (file: string) => (start: Start) => script(start, file, [String(start.port), start.app]);

export const SERVERS: readonly ServerKind[] = [
  serval('serval', 'Serval', OURS, (app) => app),
  { id: 'bare', label: 'bare node:net', on: 'any', version: OF_RUNTIME, command: own('bare.js') },
  {
    id: 'bare-shared',
    label: 'bare node:net, shared buffer',
    on: 'node',
    version: OF_RUNTIME,
    command: (start) => script(start, 'bare.js', [String(start.port), start.app, 'shared']),
  },
  {
    id: 'c-epoll',
    label: 'C epoll',
    on: 'native',
    tool: 'gcc',
    version: () => '',
    command: ({ port, site }) => ({ file: site.floor, words: [String(port)] }),
  },
  { id: 'node-http', label: 'node:http', on: 'any', version: OF_RUNTIME, command: own('node-http.js') },
  peer('fastify', 'Fastify', 'node', 'fastify', own('fastify.mjs')),
  peer('hono-node', 'Hono on @hono/node-server', 'node', '@hono/node-server', own('hono-node.mjs')),
  honoOnServal('hono-serval', 'Hono on Serval', false),
  honoOnServal('hono-serval-globals', 'Hono on Serval, serval/globals', true),
  peer('srvx', 'srvx', 'node', 'srvx', (start) => script(start, 'srvx.mjs', [String(start.port)])),
  peer('srvx-fast', 'srvx, its FastResponse', 'node', 'srvx', (start) =>
    script(start, 'srvx.mjs', [String(start.port), 'fast']),
  ),
  peer('express', 'Express', 'node', 'express', own('express.mjs')),
  { id: 'bun-serve', label: 'Bun.serve', on: 'bun', version: OF_RUNTIME, command: own('bun-serve.mjs') },
  { id: 'deno-serve', label: 'Deno.serve', on: 'deno', version: OF_RUNTIME, command: own('deno-serve.mjs') },
  {
    id: 'nginx',
    label: 'nginx',
    on: 'native',
    tool: 'nginx',
    version: () => /nginx\/(\S+)/.exec(output('nginx', ['-v']))?.[1] ?? '',
    command: ({ port, over, site }) => {
      const file = join(site.scratch, `nginx-${port}.conf`);
      writeFileSync(file, nginxConfiguration(port, site, over));
      return { file: 'nginx', words: ['-c', file, '-p', site.scratch, '-e', 'stderr'] };
    },
  },
  {
    id: 'caddy',
    label: 'Caddy',
    on: 'native',
    tool: 'caddy',
    version: () => /v?(\d+\.\d+\.\d+)/.exec(output('caddy', ['version']))?.[1] ?? '',
    command: ({ port, over, site }) => {
      const file = join(site.scratch, `Caddyfile-${port}`);
      writeFileSync(file, caddyConfiguration(port, site, over));
      return {
        file: 'caddy',
        words: ['run', '--config', file, '--adapter', 'caddyfile'],
        environment: { HOME: site.scratch, XDG_CONFIG_HOME: site.scratch, XDG_DATA_HOME: site.scratch },
      };
    },
  },
  {
    id: 'h2o',
    label: 'h2o',
    on: 'native',
    tool: 'h2o',
    version: () => /h2o version (\S+)/.exec(output('h2o', ['--version']))?.[1] ?? '',
    command: ({ port, site }) => {
      const file = join(site.scratch, `h2o-${port}.conf`);
      writeFileSync(file, h2oConfiguration(port, site));
      return { file: 'h2o', words: ['-c', file] };
    },
  },
  peer('sirv', 'sirv', 'node', 'sirv-cli', (start) =>
    program(start, 'sirv-cli/bin.js', ['.', '--quiet', '--host', '127.0.0.1', '--port', String(start.port)]),
  ),
  peer('serve', 'serve', 'node', 'serve', (start) =>
    program(start, 'serve/build/main.js', ['-L', '-n', '-l', `tcp://127.0.0.1:${start.port}`, '.']),
  ),
  peer('http-server', 'http-server', 'node', 'http-server', (start) =>
    program(start, 'http-server/bin/http-server', ['.', '-s', '-a', '127.0.0.1', '-p', String(start.port)]),
  ),
];

/** Another build of Serval, measured beside this one: `--against`. */
export function otherServal(folder: string): ServerKind {
  const dist = join(folder, 'dist');
  if (!existsSync(join(dist, 'index.js'))) {
    throw new Error(`--against ${folder}: dist/index.js does not exist; run "npm run build" there first.`);
  }
  return serval('other', `Serval of ${folder}`, dist, (app) => app);
}

function output(file: string, words: string[]): string {
  // nginx prints its version to stderr.
  return execFileSync('sh', ['-c', `"$0" "$@" 2>&1`, file, ...words], { encoding: 'utf8' });
}

/** One worker, no log, connections without a limit of time or requests. */
export function nginxConfiguration(port: number, site: Site, over: Carrier = 'http'): string {
  const { folder, scratch, certificate } = site;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${scratch}/${name};`)
    .join('\n');
  const tls = `    ssl_certificate ${certificate.cert};
    ssl_certificate_key ${certificate.key};
    ssl_protocols TLSv1.2 TLSv1.3;
`;
  return `daemon off;
worker_processes 1;
pid ${scratch}/nginx-${port}.pid;
error_log stderr warn;
events { worker_connections 20000; }
http {
${temporary}
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100 inactive=300s;
  types { text/plain txt; image/png png; video/mp4 mp4; }
  default_type text/plain;
  gzip_types text/plain;
  gzip_comp_level 6;
  server {
    listen 127.0.0.1:${port}${isSecure(over) ? ' ssl' : ''}${isHttp2(over) ? ' http2' : ''} backlog=4096;
${isSecure(over) ? tls : ''}    root ${folder};
    location = / { return 200 'Hello, world!'; }
    location = /text.txt { gzip on; }
  }
}
`;
}

export function caddyConfiguration(
  port: number,
  { folder, certificate }: Site,
  over: Carrier = 'http',
): string {
  const scheme = isSecure(over) ? 'https' : 'http';
  return `{
  admin off
  auto_https off
  servers {
    protocols h1 h2 h2c
  }
}
${scheme}://127.0.0.1:${port} {
  bind 127.0.0.1
${isSecure(over) ? `  tls ${certificate.cert} ${certificate.key}\n` : ''}  root * ${folder}
  @hello path /
  respond @hello "Hello, world!" 200
  @text path /text.txt
  encode @text {
    gzip 6
  }
  file_server
}
`;
}

export function h2oConfiguration(port: number, { folder, scratch, certificate }: Site): string {
  return `num-threads: 1
pid-file: ${scratch}/h2o-${port}.pid
listen:
  host: 127.0.0.1
  port: ${port}
  ssl:
    certificate-file: ${certificate.cert}
    key-file: ${certificate.key}
    # Asking for OCSP delays the start, and this certificate names no responder.
    ocsp-update-interval: 0
hosts:
  default:
    paths:
      "/":
        file.dir: ${folder}
        file.index: ["index.txt"]
`;
}
