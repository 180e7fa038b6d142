/** The servers that are compared: where they are, how they are started, and with which settings. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export interface Start {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment?: Record<string, string>;
  /** Files to be written into the scratch folder before. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface FileServer {
  readonly name: string;
  /** Beside the name in the table: what was told to the server, so that it is at its best. */
  readonly settings: string;
  /** `undefined` if it is not installed. */
  version(): string | undefined;
  /** @param scratch a folder of its own, beside the one it serves. */
  start(root: string, port: number, scratch: string): Start;
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** The packages from npm, which are no dependencies of Serval. */
export const PEERS = join(ROOT, 'test/conformance/file-servers/peers');

const BROTLI_FOR_NGINX = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';

function packageVersion(folder: string): string | undefined {
  const path = join(folder, 'package.json');
  return existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
    : undefined;
}

/** A package of npm, run by this very Node. */
function fromNpm(
  name: string,
  main: string,
  settings: string,
  words: (root: string, port: number) => string[],
): FileServer {
  const folder = join(PEERS, 'node_modules', name);
  return {
    name,
    settings,
    version: () => packageVersion(folder),
    start: (root, port) => ({ program: process.execPath, words: [join(folder, main), ...words(root, port)] }),
  };
}

function installed(program: string, words: string[], pattern: RegExp): string | undefined {
  try {
    // nginx tells its version on standard error.
    const said = execFileSync('sh', ['-c', `"$0" "$@" 2>&1`, program, ...words], { encoding: 'utf8' });
    return pattern.exec(said)?.[1];
  } catch {
    return undefined;
  }
}

export const SERVAL: FileServer = {
  name: 'serval',
  settings: '`serval DIR`',
  version: () => packageVersion(ROOT),
  start: (root, port) => ({
    program: process.execPath,
    words: [join(ROOT, 'dist/cli/main.js'), root, '--port', String(port)],
  }),
};

const NGINX: FileServer = {
  name: 'nginx',
  settings:
    'Debian’s; `gzip`, `gzip_static`, `brotli_static` where its module is installed, `gzip_vary`, `charset utf-8`, `try_files $uri $uri/ =404`, hidden files denied',
  version: () => installed('nginx', ['-v'], /nginx\/(\S+)/),
  start: (root, port, scratch) => ({
    program: 'nginx',
    words: ['-p', scratch, '-c', join(scratch, 'nginx.conf'), '-e', join(scratch, 'error.log')],
    files: { 'nginx.conf': nginxConfiguration(root, port, scratch) },
  }),
};

function nginxConfiguration(root: string, port: number, scratch: string): string {
  const brotli = existsSync(BROTLI_FOR_NGINX);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
${brotli ? `load_module ${BROTLI_FOR_NGINX};` : ''}
daemon off;
master_process off;
pid ${scratch}/nginx.pid;
events {}
http {
  ${temporary.map((name) => `${name}_temp_path ${scratch}/${name};`).join('\n  ')}
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  charset utf-8;
  access_log off;
  sendfile on;
  gzip on;
  gzip_vary on;
  gzip_types text/plain text/css text/javascript application/javascript application/json image/svg+xml application/wasm;
  gzip_static on;
  ${brotli ? 'brotli_static on;' : ''}
  server {
    listen 127.0.0.1:${port};
    root ${root};
    index index.html;
    location / { try_files $uri $uri/ =404; }
    location ~ /\\.(?!well-known/) { deny all; }
  }
}
`;
}

const CADDY: FileServer = {
  name: 'Caddy',
  settings: 'Debian’s; `encode zstd gzip`, `file_server` with `precompressed zstd br gzip`, hidden files 404',
  version: () => installed('caddy', ['version'], /v?(\d\S*)/),
  start: (root, port, scratch) => ({
    program: 'caddy',
    words: ['run', '--config', join(scratch, 'Caddyfile'), '--adapter', 'caddyfile'],
    environment: { HOME: scratch, XDG_CONFIG_HOME: scratch, XDG_DATA_HOME: scratch },
    files: {
      Caddyfile: `
{
	admin off
	auto_https off
}
http://:${port} {
	bind 127.0.0.1
	root * ${root}
	encode zstd gzip
	@hidden {
		path */.*
		not path /.well-known/*
	}
	error @hidden 404
	file_server {
		precompressed zstd br gzip
	}
}
`,
    },
  }),
};

export const SERVERS: readonly FileServer[] = [
  SERVAL,
  fromNpm('serve', 'build/main.js', '`serve DIR`, as it comes', (root, port) => [
    ...['--listen', `tcp://127.0.0.1:${port}`],
    ...['--no-request-logging', '--no-clipboard', '--no-port-switching', root],
  ]),
  fromNpm(
    'http-server',
    'bin/http-server',
    '`http-server DIR --gzip --brotli --no-dotfiles`',
    (root, port) => [
      ...[root, '-a', '127.0.0.1', '-p', String(port), '--gzip', '--brotli', '--no-dotfiles', '--silent'],
    ],
  ),
  fromNpm('sirv-cli', 'bin.js', '`sirv DIR --etag --gzip --brotli`', (root, port) => [
    ...[root, '--host', '127.0.0.1', '--port', String(port), '--etag', '--gzip', '--brotli', '--quiet'],
  ]),
  CADDY,
  NGINX,
];
