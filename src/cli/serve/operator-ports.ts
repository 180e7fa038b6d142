/** The ports of their own for health probes and metrics, hidden from the clients of the site. */
import { type FetchFunction, Response, type Server, serve } from '../../index.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import type { ServerStatus } from '../../server/status.ts';
import type { PortAddress } from '../options/values.ts';
import type { Announced } from './announcement.ts';

interface Settings {
  readonly hostname: string;
  readonly healthPort: PortAddress | undefined;
  readonly metricsPort: PortAddress | undefined;
}

interface OperatorPort {
  readonly address: { readonly port: number; readonly hostname: string };
  readonly answersProbes: boolean;
  readonly answersMetrics: boolean;
}

/** One port, if both are the same. */
export function operatorPorts({ hostname, healthPort, metricsPort }: Settings): OperatorPort[] {
  const health = healthPort && { ...healthPort, hostname: healthPort.hostname ?? hostname };
  const metrics = metricsPort && { ...metricsPort, hostname: metricsPort.hostname ?? hostname };
  // 0 stands for two different ones.
  const isShared =
    health?.port === metrics?.port && health?.hostname === metrics?.hostname && health?.port !== 0;
  const ports: OperatorPort[] = [];
  if (health) ports.push({ address: health, answersProbes: true, answersMetrics: isShared });
  if (metrics && !isShared) ports.push({ address: metrics, answersProbes: false, answersMetrics: true });
  return ports;
}

/** Fulfils when they listen. */
export async function startOperatorServers(
  ports: readonly OperatorPort[],
  server: ServerStatus,
): Promise<Server[]> {
  const servers: Server[] = [];
  try {
    for (const { address, answersProbes, answersMetrics } of ports) {
      let handler: FetchFunction = () => new Response('Not Found\n', { status: 404 });
      if (answersProbes) handler = (await import('../../health/index.ts')).health(handler, { server });
      if (answersMetrics) handler = (await import('../../metrics/index.ts')).metrics(handler, { server });
      const operator = serve(handler, address);
      servers.push(operator);
      await operator.ready;
    }
  } catch (error) {
    for (const operator of servers) operator.destroy();
    throw error;
  }
  return servers;
}

/** @param addresses the bound ones, in the order of `operatorPorts`. */
export function announcedPorts(
  settings: Settings,
  addresses: readonly SocketAddress[],
): Pick<Announced, 'healthAddress' | 'metricsAddress'> {
  const ports = operatorPorts(settings);
  return {
    healthAddress: addresses[ports.findIndex(({ answersProbes }) => answersProbes)],
    metricsAddress: addresses[ports.findIndex(({ answersMetrics }) => answersMetrics)],
  };
}
