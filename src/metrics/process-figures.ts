/** The figures of the process, of its event loop, and of a server and a limit. */
import process from 'node:process';
import type { EventLoopDelay } from '../health/event-loop-delay.ts';
import type { HealthReport } from '../health/report.ts';
import type { Figures } from '../io/workers/worker-figures.ts';
import type { Limited } from '../limit/limit.ts';
import type { ServerStatus } from '../server/status.ts';
import type { FamilyName } from './families.ts';
import { seriesName } from './labels.ts';

type Group = Figures[keyof Figures];

const set = (group: Group, name: FamilyName, value: number): void => void group.set(name, [value]);

export function addServer({ counted, current }: Figures, { counts, draining }: ServerStatus): void {
  set(current, 'serval_connections', counts.connections);
  set(current, 'serval_connections_waiting', counts.connectionsWaiting);
  set(current, 'serval_draining', draining ? 1 : 0);
  set(counted, 'serval_connections_accepted_total', counts.connectionsAccepted);
  set(counted, 'serval_connections_refused_total', counts.connectionsRefused);
  set(counted, 'serval_requests_refused_total', counts.requestsRefused);
  const handshakes = {
    full: counts.handshakesFinished - counts.handshakesResumed,
    resumed: counts.handshakesResumed,
    failed: counts.handshakesFailed,
  };
  for (const [result, count] of Object.entries(handshakes))
    counted.set(seriesName('serval_tls_handshakes_total', { result }), [count]);
}

export function addLimit({ counted, current }: Figures, { counts }: Limited): void {
  set(current, 'serval_limit_running', counts.running);
  set(current, 'serval_limit_waiting', counts.waiting);
  set(counted, 'serval_limit_refused_total', counts.refused);
}

/** A thread has an event loop of its own. */
export function addEventLoop({ highest }: Figures, delay: EventLoopDelay): void {
  const delays = delay.read();
  if (delays === undefined) return;
  set(highest, 'nodejs_eventloop_delay_p50_seconds', delays.p50 / 1_000);
  set(highest, 'nodejs_eventloop_delay_p99_seconds', delays.p99 / 1_000);
  set(highest, 'nodejs_eventloop_delay_max_seconds', delays.max / 1_000);
}

/** Of the whole process: only one of its threads reports this. */
export function addProcess(
  { counted, current, highest }: Figures,
  { memory, descriptors }: Pick<HealthReport, 'memory' | 'descriptors'>,
): void {
  const { user, system } = process.cpuUsage();
  set(counted, 'process_cpu_seconds_total', (user + system) / 1e6);
  set(highest, 'process_start_time_seconds', Math.round(Date.now() / 1_000 - process.uptime()));
  if (memory !== undefined) set(current, 'process_resident_memory_bytes', memory.rss);
  if (descriptors !== undefined) {
    set(current, 'process_open_fds', descriptors.open);
    set(current, 'process_max_fds', descriptors.max);
  }
}

/** Of this thread. */
export function addHeap({ current }: Figures, memory: HealthReport['memory']): void {
  if (memory !== undefined) set(current, 'nodejs_heap_size_used_bytes', memory.heapUsed);
}
