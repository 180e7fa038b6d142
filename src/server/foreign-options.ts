/** Options of Bun.serve, Deno.serve, Hono's adapter, srvx and node:http, and what to write for them. */
const INSTEAD: Readonly<Record<string, string>> = {
  ...{ host: 'use options.hostname', address: 'use options.hostname', unix: 'use options.path' },
  ...{
    idleTimeout: 'use options.timeouts.idle, in milliseconds',
    keepAliveTimeout: 'use options.timeouts.idle',
  },
  ...{ headersTimeout: 'use options.timeouts.headers', requestTimeout: 'use options.timeouts.receive' },
  maxRequestBodySize: 'use options.limits.maxRequestBodySize',
  maxHeaderSize: 'use options.limits.maxHeaderSize',
  ...{ cert: 'use options.tls.cert', key: 'use options.tls.key', https: 'use options.tls' },
  ...{ http2: 'leave it out, HTTP/2 is on', protocol: 'leave it out, or use options.tls for https' },
  development: 'leave it out, because clients never get the details of an error',
  ...{ routes: 'choose by request.url in fetch, or use a router such as Hono', static: 'use serval/files' },
  websocket: 'use ctx.upgradeWebSocket()',
  onListen: 'use await server.ready, then server.url',
  onError: 'use options.error',
  handler: 'make it the first argument: serve(handler, options)',
  fetch: 'make it the first argument: serve(handler, options)',
  ...{
    createServer: 'leave it out',
    serverOptions: 'leave it out',
    overrideGlobalObjects: 'use serval/globals',
  },
  ...{ middleware: 'use a framework such as Hono', plugins: 'leave it out', trustProxy: 'use options.proxy' },
  ...{ gracefulShutdown: 'use server.drain()', silent: 'leave it out', manual: 'use server.listen()' },
};

/** @returns what to write, in words such as `use options.path`; `undefined` for an unknown name. */
export function insteadOf(name: string): string | undefined {
  return Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
}
