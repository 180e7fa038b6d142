/** What a command serves, and one thread that serves it: of this process, or of a worker. */
import { resolve } from 'node:path';
import { type ListenOptions, type ProxyOptions, type Server, serve } from '../../index.ts';
import type { FetchFunction } from '../../server/api.ts';
import { allowedHosts } from '../../site/access/allowed-hosts.ts';
import { ConfigError } from '../../site/config/config-error.ts';
import type { SiteConfig } from '../../site/config/site-config.ts';
import { withAccessLog } from './access-log.ts';
import { isLoopback } from './addresses.ts';
import { type Encryption, tlsOf } from './encryption.ts';
import type { UnixSocket } from './listen-options.ts';

export const CONFIG_NAME = 'serval.json';

/** All that is known before anything listens. It goes to workers as JSON. */
export interface Served {
  readonly demo: boolean;
  readonly directory: string;
  readonly config: SiteConfig;
  readonly configFile: string | undefined;
  readonly port: number;
  readonly hostname: string;
  readonly unix: UnixSocket | undefined;
  /** Descriptors of sockets that systemd has opened: instead of all that is said about addresses. */
  readonly sockets: readonly number[];
  readonly proxy: ProxyOptions | undefined;
  /** Where the certificate comes from; `undefined` is plain HTTP. */
  readonly encryption: Encryption | undefined;
  readonly redirectHttp: number | undefined;
  /** Names by which requests may come in, besides those that are this machine's. */
  readonly allowHosts: readonly string[];
  /** Whether each request is a line on standard output, and whether that line has colours. */
  readonly log: boolean;
  readonly colour: boolean;
  /** Whether /livez, /readyz and /healthz are answered, and not files of those names. */
  readonly health: boolean;
  /** At once, in this thread; `undefined`: any number. */
  readonly maxConnections: number | undefined;
}

/**
 * Fulfils when it listens. Rejects with the system's error when it can't.
 *
 * @throws {ConfigError} for settings that can't be kept.
 */
export async function startServer(served: Served): Promise<Server> {
  const content = await contentOf(served);
  const { hostname, allowHosts, config, maxConnections, proxy } = served;
  const isForwarded = proxy?.fields !== undefined;
  // Until it is known where we listen, only those get in who could in any case.
  let answer = allowedHosts([hostname.toLowerCase(), ...allowHosts], content, isForwarded);
  let handler: FetchFunction = (request, ctx) => answer(request, ctx, ctx);
  if (served.log) handler = withAccessLog(handler, (line) => process.stdout.write(line), served.colour);
  // Outermost: probes come without a password, under any name, and are nothing to log.
  if (served.health) {
    const { health } = await import('../../health/index.ts');
    handler = health(handler);
  }
  const limits = {
    // How large a file may be is for the uploads to say; a form can have many.
    ...(config.upload && { maxRequestBodySize: 0 }),
    ...(maxConnections !== undefined && { maxConnections }),
  };
  const tls = served.encryption && (await tlsOf(served.encryption));
  const server = serve(handler, { limits, ...(proxy && { proxy }), ...(tls && { tls }) });
  // One redirects for all.
  const { redirectHttp } = served;
  const redirect = (index: number) => (redirectHttp === undefined || index > 0 ? {} : { redirectHttp });
  try {
    await Promise.all(
      addressesOf(served).map((address, index) => server.listen({ ...address, ...redirect(index) })),
    );
  } catch (error) {
    server.destroy();
    throw error;
  }
  // A network has names for us that we don't know of. Who says which they are is taken at their word.
  const isOpen = [...server].some(({ address }) => !isLoopback(address.address));
  if (isOpen && allowHosts.length === 0) answer = content;
  return server;
}

/** Where to listen, in the words of `listen` and of `supervise`. */
export function addressesOf({
  sockets,
  unix,
  port,
  hostname,
}: Served): Pick<ListenOptions, 'fd' | 'path' | 'mode' | 'port' | 'hostname'>[] {
  if (sockets.length > 0) return sockets.map((fd) => ({ fd }));
  return [unix === undefined ? { port, hostname } : { ...unix }];
}

/** All that workers need: with the port that redirects. */
export function allAddressesOf(served: Served): ReturnType<typeof addressesOf> {
  const { redirectHttp: port, hostname } = served;
  return [...addressesOf(served), ...(port === undefined ? [] : [{ port, hostname }])];
}

/** @throws {ConfigError} for settings that can't be kept. */
export async function contentOf({
  demo: isDemo,
  directory,
  config,
  configFile,
}: Served): Promise<FetchFunction> {
  if (isDemo) {
    const { demo } = await import('../../demo/demo.ts');
    return demo(directory);
  }
  const { site } = await import('../../site/site.ts');
  try {
    // Where there is no config file, none may be put: it would be read when the server starts the next time.
    return site(directory, config, configFile ?? resolve(CONFIG_NAME));
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new ConfigError(error.message);
    throw error;
  }
}
