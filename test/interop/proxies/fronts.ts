/** The proxies of other projects, and how each is configured in front of Serval. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The listeners of Serval, and what each trusts. */
export interface Backends {
  /** PROXY headers. */
  readonly protocol: number;
  /** PROXY headers, on a unix socket. */
  readonly path: string;
  /** PROXY headers, but not from this machine. */
  readonly strangers: number;
  /** Forwarded. */
  readonly forwarded: number;
  /** X-Forwarded-*. */
  readonly xForwarded: number;
  /** X-Forwarded-*, on a unix socket. */
  readonly xForwardedPath: string;
}

/** The listeners in front by name; each gets a port. */
export const HAPROXY_FRONTS = [
  ...[
    'v1',
    'v2',
    'checksum',
    'v1-ipv6',
    'v2-ipv6',
    'unix',
    'stranger',
    'http-v2',
    'x-forwarded',
    'forwarded',
  ],
  'chain',
] as const;
export const NGINX_FRONTS = ['forwarded', 'x-forwarded', 'x-forwarded-unix'] as const;
export const CADDY_FRONTS = ['x-forwarded'] as const;

export type Ports<Name extends string> = Readonly<Record<Name, number>>;

export function haproxy(
  folder: string,
  ports: Ports<(typeof HAPROXY_FRONTS)[number]>,
  backends: Backends,
  nginxPort: number,
): string[] {
  const backend = `127.0.0.1:${backends.protocol}`;
  const tcp = (name: keyof typeof ports, bind: string, server: string) => `
listen ${name}
  mode tcp
  bind ${bind}:${ports[name]}
  server s ${server}`;
  const config = `
global
  maxconn 256
defaults
  timeout connect 5s
  timeout client 20s
  timeout server 20s
${tcp('v1', '127.0.0.1', `${backend} send-proxy`)}
${tcp('v2', '127.0.0.1', `${backend} send-proxy-v2`)}
${tcp('checksum', '127.0.0.1', `${backend} send-proxy-v2 proxy-v2-options crc32c`)}
${tcp('v1-ipv6', '[::1]', `${backend} send-proxy`)}
${tcp('v2-ipv6', '[::1]', `${backend} send-proxy-v2`)}
${tcp('unix', '127.0.0.1', `unix@${backends.path} send-proxy-v2`)}
${tcp('stranger', '127.0.0.1', `127.0.0.1:${backends.strangers} send-proxy-v2`)}
listen http-v2
  mode http
  bind 127.0.0.1:${ports['http-v2']}
  option httpchk GET /health
  server s ${backend} send-proxy-v2 check inter 200ms
listen x-forwarded
  mode http
  bind 127.0.0.1:${ports['x-forwarded']}
  option forwardfor
  http-request set-header X-Forwarded-Proto https
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  server s 127.0.0.1:${backends.xForwarded}
listen forwarded
  mode http
  bind 127.0.0.1:${ports.forwarded}
  http-request add-header Forwarded for=%[src];proto=https;host="%[req.hdr(host)]"
  server s 127.0.0.1:${backends.forwarded}
listen chain
  mode http
  bind 127.0.0.1:${ports.chain}
  option forwardfor
  http-request set-header X-Forwarded-Proto https
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  server s 127.0.0.1:${nginxPort}
`;
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, config);
  return ['-f', file, '-db'];
}

export function nginx(
  folder: string,
  ports: Ports<(typeof NGINX_FRONTS)[number]>,
  backends: Backends,
): string[] {
  // The same as in docs/BEHIND-A-PROXY.md.
  const server = (port: number, to: string, fields: string) => `
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass ${to};
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header Host $http_host;
          ${fields}
        }
      }`;
  const xForwarded = `
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          proxy_set_header X-Forwarded-Proto https;
          proxy_set_header X-Forwarded-Host $http_host;`;
  const config = `
    worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 256; }
    http {
      access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      map $remote_addr $forwarded_for {
        ~^[0-9.]+$        "for=$remote_addr";
        ~^[0-9A-Fa-f:.]+$ "for=\\"[$remote_addr]\\"";
        default           "for=unknown";
      }
      ${server(
        ports.forwarded,
        `http://127.0.0.1:${backends.forwarded}`,
        'proxy_set_header Forwarded "$forwarded_for;proto=https;host=\\"$http_host\\"";',
      )}
      ${server(ports['x-forwarded'], `http://127.0.0.1:${backends.xForwarded}`, xForwarded)}
      ${server(ports['x-forwarded-unix'], `http://unix:${backends.xForwardedPath}:`, xForwarded)}
    }`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  return ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'error.log')];
}

export function caddy(
  folder: string,
  ports: Ports<(typeof CADDY_FRONTS)[number]>,
  backends: Backends,
): string[] {
  const config = `
    {
      admin off
      auto_https off
    }
    http://:${ports['x-forwarded']} {
      bind 127.0.0.1
      reverse_proxy 127.0.0.1:${backends.xForwarded}
    }`;
  writeFileSync(join(folder, 'Caddyfile'), config);
  return ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'];
}
