/** Proxies that pass WebSockets on to Serval, and how each is configured for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface WebSocketFront {
  readonly name: string;
  readonly program: 'nginx' | 'haproxy' | 'caddy';
  /** What it speaks with clients, and with Serval. */
  readonly versions: readonly [client: '1.1' | '2', server: '1.1' | '2'];
  /** The client has reached it by https, it says. */
  readonly isForwarded?: true;
  /** Writes its configuration. @returns the words of its command. */
  readonly prepare: (folder: string, port: number, backend: number) => string[];
}

/** Of a request over HTTP/1.1 HAProxy knows no scheme, and says `https` over HTTP/2: Serval would answer 421 on a clear connection. */
const SET_SCHEME = '\n  http-request set-uri http://%[req.hdr(host)]%[pathq]';

function haproxy(folder: string, port: number, bind: string, server: string): string[] {
  const file = join(folder, `haproxy-${port}.cfg`);
  writeFileSync(
    file,
    `
global
  maxconn 256
defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 20s
  timeout tunnel 60s
listen front
  bind 127.0.0.1:${port} ${bind}${server.endsWith('proto h2') ? SET_SCHEME : ''}
  server s ${server}
`,
  );
  return ['-f', file, '-db'];
}

function nginx(folder: string, port: number, backend: number, fields: string): string[] {
  const file = join(folder, `nginx-${port}.conf`);
  writeFileSync(
    file,
    `
worker_processes 1; daemon off; pid ${folder}/nginx-${port}.pid; error_log ${folder}/nginx.log; user root;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${backend};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      ${fields}
    }
  }
}`,
  );
  return ['-c', file, '-p', folder, '-e', join(folder, 'nginx.log')];
}

const FORWARDED = `
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto https;`;

export const WEBSOCKET_FRONTS: readonly WebSocketFront[] = [
  {
    ...{ name: 'nginx', program: 'nginx', versions: ['1.1', '1.1'] },
    prepare: (folder, port, backend) => nginx(folder, port, backend, ''),
  },
  {
    ...{
      name: 'nginx, with X-Forwarded fields',
      program: 'nginx',
      versions: ['1.1', '1.1'],
      isForwarded: true,
    },
    prepare: (folder, port, backend) => nginx(folder, port, backend, FORWARDED),
  },
  ...(['1.1', '2'] as const).flatMap((client) =>
    (['1.1', '2'] as const).map(
      (server): WebSocketFront => ({
        ...{ name: 'HAProxy', program: 'haproxy', versions: [client, server] },
        prepare: (folder, port, backend) =>
          haproxy(
            folder,
            port,
            client === '2' ? 'proto h2' : '',
            `127.0.0.1:${backend}${server === '2' ? ' proto h2' : ''}`,
          ),
      }),
    ),
  ),
  {
    ...{ name: 'Caddy', program: 'caddy', versions: ['1.1', '1.1'] },
    prepare(folder, port, backend) {
      const file = join(folder, `Caddyfile-${port}`);
      writeFileSync(
        file,
        `{\n admin off\n auto_https off\n}\nhttp://:${port} {\n bind 127.0.0.1\n reverse_proxy 127.0.0.1:${backend}\n}\n`,
      );
      return ['run', '--config', file, '--adapter', 'caddyfile'];
    },
  },
];
