/** Proxies that speak HTTP/2 with clients and with Serval. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/ports.ts';
import { RunningProgram } from '../../support/running-program.ts';
import type { Exchange } from './peer.ts';
import type { Http2Site } from './site.ts';

export interface Front {
  readonly name: string;
  readonly program: string;
  /** What it does not pass on. */
  readonly drops?: readonly Exchange[];
  /** Writes its configuration. @returns the words of its command. */
  readonly prepare: (site: Http2Site, port: number, toSecure: boolean) => string[];
}

/** HAProxy: `proto h2` without TLS, ALPN with it. */
const HAPROXY: Front = {
  name: 'HAProxy',
  program: 'haproxy',
  prepare(site, port, toSecure) {
    const server = toSecure
      ? `127.0.0.1:${site.secure} ssl verify required ca-file ${site.authority} sni str(localhost) alpn h2`
      : `127.0.0.1:${site.clear} proto h2`;
    const file = join(site.folder, `haproxy-${port}.cfg`);
    writeFileSync(
      file,
      `
global
  maxconn 256
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen front
  bind 127.0.0.1:${port} proto h2
  server s ${server}
`,
    );
    return ['-f', file, '-db'];
  },
};

/** nginx: only its module for gRPC speaks HTTP/2 with servers. */
const NGINX: Front = {
  name: 'nginx, grpc_pass',
  program: 'nginx',
  drops: ['trailers up'],
  prepare(site, port, toSecure) {
    const { folder } = site;
    const file = join(folder, `nginx-${port}.conf`);
    const verified = `grpc_ssl_trusted_certificate ${site.authority}; grpc_ssl_verify on; grpc_ssl_name localhost; grpc_ssl_server_name on;`;
    const pass = toSecure
      ? `grpc_pass grpcs://127.0.0.1:${site.secure}; ${verified}`
      : `grpc_pass grpc://127.0.0.1:${site.clear};`;
    writeFileSync(
      file,
      `
worker_processes 1; daemon off; pid ${folder}/nginx-${port}.pid; error_log ${folder}/nginx.log; user root;
events { worker_connections 2048; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  client_max_body_size 0; http2_max_requests 100000; keepalive_requests 100000;
  server {
    listen 127.0.0.1:${port} http2;
    location / { ${pass} grpc_set_header Host $http_host; grpc_set_header TE $http_te; }
  }
}`,
    );
    return ['-c', file, '-p', folder, '-e', join(folder, 'nginx.log')];
  },
};

export const FRONTS: readonly Front[] = [HAPROXY, NGINX];

export async function startFront(
  front: Front,
  file: string,
  site: Http2Site,
  toSecure: boolean,
): Promise<RunningProgram & { readonly port: number }> {
  const port = await freePort();
  const running = await RunningProgram.listening({ file, words: front.prepare(site, port, toSecure) }, port);
  return Object.assign(running, { port });
}
