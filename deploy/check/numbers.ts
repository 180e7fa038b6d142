/** The relations between the times in different files; `deploy/README.md` explains them. */
import { GRACE_MS } from '../../src/cli/serve/stop-signals.ts';
import { resolveSettings } from '../../src/server/options.ts';
import { type Check, deployed, refuse } from './check.ts';

/** The margin in seconds between a timeout of a balancer and one of Serval. */
const TO_SPARE = 5;
/** Seconds for requests in progress when idle connections are closed. */
const UNDER_WAY = 30;

export interface Relation {
  readonly what: string;
  /** Seconds. `less` must not exceed `more`. */
  readonly less: number;
  readonly more: number;
}

export const numbersCheck: Check = {
  name: 'numbers',
  title: 'timeouts, probes, drain delays and grace fit together',
  run() {
    const { idle } = resolveSettings({}, {}).timeouts;
    const all = relations(deployed, { idle: idle / 1_000, grace: GRACE_MS.SIGTERM / 1_000 });
    refuse(faultsOf(all));
    return all.map(({ what, less, more }) => `${what}: ${less} s ≤ ${more} s`);
  },
};

export function faultsOf(all: readonly Relation[]): string[] {
  return all
    .filter(({ less, more }) => !(less <= more))
    .map(({ what, less, more }) => `${what}: ${less} s is not ≤ ${more} s`);
}

/**
 * @param text reads a file of `deploy/`.
 * @param serval seconds after which Serval closes an idle connection: normally, and while it drains.
 */
export function relations(
  text: (name: string) => string,
  { idle, grace }: { readonly idle: number; readonly grace: number },
): Relation[] {
  const haproxy = text('haproxy.cfg');
  const nginx = text('nginx.conf');
  const caddy = text('Caddyfile');
  const kubernetes = text('kubernetes.yaml');
  const tcp = text('haproxy-tcp.cfg');
  const drainDelay = (file: string) => seconds(/--drain-delay[= ](\S+)/.exec(file)?.[1]);
  const first = (file: string, pattern: RegExp) => seconds(pattern.exec(file)?.[1]);
  const count = (file: string, pattern: RegExp) => Number(pattern.exec(file)?.[1]);
  const servers = haproxy.slice(haproxy.indexOf('default-server'));
  const haproxyNotices =
    first(servers, / inter (\S+)/) + (count(servers, / fall (\d+)/) - 1) * first(servers, / fastinter (\S+)/);
  const readiness = kubernetes.slice(kubernetes.indexOf('readinessProbe'));
  const podNotices =
    first(readiness, /periodSeconds: (\S+)/) * count(readiness, /failureThreshold: (\d+)/) +
    first(readiness, /timeoutSeconds: (\S+)/);
  const preStop = first(kubernetes, /"sleep", "(\d+)"/);
  return [
    {
      what: 'HAProxy closes idle connections before Serval',
      less: first(haproxy, /timeout http-keep-alive (\S+)/),
      more: idle - TO_SPARE,
    },
    {
      what: 'nginx closes idle connections before Serval',
      less: first(nginx, /keepalive_timeout (\S+);/),
      more: idle - TO_SPARE,
    },
    {
      what: 'Caddy closes idle connections before Serval',
      less: first(caddy, /keepalive (\S+)/),
      more: idle - TO_SPARE,
    },
    {
      what: 'HAProxy notices within the drain delay that a server is not ready',
      less: haproxyNotices,
      more: drainDelay(haproxy),
    },
    {
      what: 'Caddy notices within the drain delay that a server is not ready',
      less: first(caddy, /health_interval (\S+)/) + first(caddy, /health_timeout (\S+)/),
      more: drainDelay(caddy),
    },
    {
      what: 'a probe notices within the drain delay that a pod is not ready',
      less: podNotices,
      more: drainDelay(kubernetes),
    },
    {
      what: 'a pod ends before it is killed',
      less: preStop + drainDelay(kubernetes) + grace + UNDER_WAY,
      more: first(kubernetes, /terminationGracePeriodSeconds: (\S+)/),
    },
    ...['serval.service', 'serval-tls.service'].map((name) => ({
      what: `${name} ends before it is killed`,
      less: grace + UNDER_WAY,
      more: first(text(name), /TimeoutStopSec=(\S+)/),
    })),
    {
      what: 'HAProxy without TLS closes no connection before Serval',
      less: idle + TO_SPARE,
      more: first(tcp, /timeout client (7\S+)/),
    },
  ];
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600 };

/** @param text `500ms`, `2s`, or `5` for seconds. @returns NaN for other text. */
export function seconds(text: string | undefined): number {
  const [, amount, unit = 's'] = /^(\d+)(ms|s|m|h)?$/.exec(text ?? '') ?? [];
  return Number(amount ?? Number.NaN) * UNITS[unit]!;
}
