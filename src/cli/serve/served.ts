/** What a command serves, and one thread that serves it: in this process, or in a worker. */
import { resolve } from 'node:path';
import {
  type ConnectContext,
  FALL_THROUGH,
  type HstsOptions,
  type ListenOptions,
  type ProxyOptions,
  Response,
  type Server,
  serve,
} from '../../index.ts';
import { configFolder } from '../../io/config-folder.ts';
import { isLoopback } from '../../semantics/address/ip-address.ts';
import type { FetchFunction } from '../../server/api.ts';
import { allowedHosts } from '../../site/access/allowed-hosts.ts';
import { ConfigError } from '../../site/config/config-error.ts';
import type { ReservedPaths } from '../../site/config/reserved-paths.ts';
import { serverOptions } from '../../site/config/server-config.ts';
import type { SiteConfig } from '../../site/config/site-config.ts';
import type { UnixSocket } from '../options/listen-options.ts';
import type { Encryption } from '../options/tls-options.ts';
import type { LogFormatName, PortAddress } from '../options/values.ts';
import { logRefusals, withAccessLog } from './access-log.ts';
import { type Reload, reloadOf, tlsOf } from './encryption.ts';
import { logFormat } from './log-formats.ts';
import { operatorPorts, startOperatorServers } from './operator-ports.ts';

export const CONFIG_NAME = 'serval.json';

/** How long requests in progress may take once idle connections are closed, so that the process ends before it is killed. */
const CLOSE_TIMEOUT_MS = 30_000;

/** Everything that is known before the server listens. Workers receive it as JSON. */
export interface Served {
  readonly demo: boolean;
  readonly directory: string;
  readonly config: SiteConfig;
  readonly configFile: string | undefined;
  readonly port: number;
  readonly hostname: string;
  readonly unix: UnixSocket | undefined;
  /** Descriptors of sockets from systemd, instead of all addresses. */
  readonly sockets: readonly number[];
  readonly proxy: ProxyOptions | undefined;
  /** Where the certificate comes from; `undefined`: plain HTTP. */
  readonly encryption: Encryption | undefined;
  readonly redirectHttp: number | undefined;
  readonly hsts: number | HstsOptions | undefined;
  /** Host names that are accepted, in addition to those of this machine. */
  readonly allowHosts: readonly string[];
  /** Whether to print a line for each request, and whether in colour. */
  readonly log: boolean;
  readonly logFormat: LogFormatName;
  readonly colour: boolean;
  /** Whether to answer /livez, /readyz and /healthz instead of serving files of those names. */
  readonly health: boolean;
  /** Answers them on a port of its own instead. */
  readonly healthPort: PortAddress | undefined;
  /** Answers /metrics; it may be the same port. */
  readonly metricsPort: PortAddress | undefined;
}

export interface RunningServer {
  readonly server: Server;
  /** They answer health probes and /metrics on ports of their own. */
  readonly operatorServers: readonly Server[];
  /** Reads the certificates again; `undefined` if there are none that change. */
  readonly reloadCertificates: Reload | undefined;
}

/**
 * Fulfils when the server listens. Rejects with the system's error if it cannot.
 *
 * @param closeTimeout the default of `timeouts.close` in milliseconds. 0: none, because a supervisor ends the process.
 * @throws {ConfigError} for an invalid setting.
 */
export async function startServer(served: Served, closeTimeout = CLOSE_TIMEOUT_MS): Promise<RunningServer> {
  const content = await contentOf(served);
  const { hostname, allowHosts, config, proxy, hsts } = served;
  const isForwarded = proxy?.fields !== undefined;
  // Strict until the addresses are known.
  let answer = allowedHosts([hostname.toLowerCase(), ...allowHosts], content, isForwarded);
  let handler: FetchFunction = (request, ctx) => answer(request, ctx, ctx);
  if (served.log) {
    const write = (line: string): void => void process.stdout.write(line);
    const format = logFormat(served.logFormat, served.colour);
    handler = withAccessLog(handler, write, format.entry);
    logRefusals(write, format.refusal);
  }
  // Outermost: probes have no password, may use any host name, and are not logged.
  if (served.health) {
    const { health } = await import('../../health/index.ts');
    handler = health(handler);
  }
  const { timeouts, limits } = serverOptions(config);
  const tls = served.encryption && (await tlsOf(served.encryption));
  const server = serve(handler, {
    timeouts: { close: closeTimeout, ...timeouts },
    // The size of uploads has its own limit, and a form may contain many files.
    limits: { ...(config.upload && { maxRequestBodySize: 0 }), ...limits },
    ...(proxy && { proxy }),
    ...(tls && { tls }),
    // Only with it does HTTP/2 carry a WebSocket (RFC 8441 §3).
    ...(served.demo && { connect: tunnelsBy(handler) }),
    ...(hsts !== undefined && { hsts }),
  });
  // One port redirects to the first address.
  const { redirectHttp } = served;
  const redirect = (index: number) => (redirectHttp === undefined || index > 0 ? {} : { redirectHttp });
  let operatorServers: Server[];
  try {
    await Promise.all(
      siteAddresses(served).map((address, index) => server.listen({ ...address, ...redirect(index) })),
    );
    operatorServers = await startOperatorServers(operatorPorts(served), server);
  } catch (error) {
    server.destroy();
    throw error;
  }
  // A network may have names for this machine that serval does not know. --allow-host restricts them.
  const isOpen = [...server].some(({ address }) => !isLoopback(address.address));
  if (isOpen && allowHosts.length === 0) answer = content;
  const reloadCertificates = tls && reloadOf(served.encryption!, tls);
  return { server, operatorServers, reloadCertificates };
}

/** WebSockets of both versions go the way of requests. Anything else that is offered is ignored. */
function tunnelsBy(handler: FetchFunction): (ctx: ConnectContext) => ReturnType<FetchFunction> | undefined {
  return (ctx) => {
    if (ctx.connectProtocol === 'websocket') return handler(ctx.request as Request, ctx, ctx);
    if (ctx.connectProtocol === null) return new Response(null, { status: 501 });
    ctx.deny(FALL_THROUGH);
    return undefined;
  };
}

type SocketOptions = Pick<ListenOptions, 'fd' | 'path' | 'mode' | 'port' | 'hostname'>;

/** All addresses to bind, for `supervise`. */
export function addressesOf(served: Served): SocketOptions[] {
  const { redirectHttp: port, hostname } = served;
  return [
    ...siteAddresses(served),
    ...(port === undefined ? [] : [{ port, hostname }]),
    ...operatorPorts(served).map(({ address }) => address),
  ];
}

/** Without the port that redirects, and those for operators. */
export function siteAddresses({ sockets, unix, port, hostname }: Served): SocketOptions[] {
  if (sockets.length > 0) return sockets.map((fd) => ({ fd }));
  return [unix === undefined ? { port, hostname } : { ...unix }];
}

/** The folder that is served may be the one that has the private key, or the whole folder of the user. */
function reservedPaths(configFile: string | undefined, encryption: Encryption | undefined): ReservedPaths {
  // If there is no config file, none may be uploaded: the next start would read it.
  const files = [configFile ?? resolve(CONFIG_NAME)];
  if (encryption === undefined) return { files };
  if (encryption.kind === 'files') files.push(encryption.key);
  // Authorities for development, accounts, and certificates with their keys.
  return { files, folders: [configFolder()] };
}

/** @throws {ConfigError} for an invalid setting. */
export async function contentOf({
  demo: isDemo,
  directory,
  config,
  configFile,
  encryption,
}: Served): Promise<FetchFunction> {
  if (isDemo) {
    const { demo } = await import('../../demo/demo.ts');
    const { isReservedPath } = await import('../../site/config/reserved-paths.ts');
    const isReserved = isReservedPath(reservedPaths(configFile, encryption));
    const idle = serverOptions(config).timeouts?.idle;
    return demo(directory, { isReserved, ...(idle !== undefined && { idle }) });
  }
  const { site } = await import('../../site/site.ts');
  try {
    return site(directory, config, reservedPaths(configFile, encryption));
  } catch (error) {
    // The members of a config are options of `files` and `uploads`.
    if (error instanceof TypeError || error instanceof RangeError)
      throw new ConfigError(error.message.replace(/^options\./, ''));
    throw error;
  }
}
