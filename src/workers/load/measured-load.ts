/** What this thread has to do, measured. */
import process from 'node:process';
import type { OpenServer } from '../../server/open-servers.ts';
import type { WorkerLoad } from './worker-load.ts';

/** @param delay how late the heartbeat is, in milliseconds. */
export function loadOf(servers: Iterable<OpenServer>, delay: number): WorkerLoad {
  let [connections, started, finished, cutOff, rejected] = [0, 0, 0, 0, 0];
  for (const server of servers) {
    for (const listener of server) connections += listener.connectionCount;
    const { counts } = server;
    if (counts === undefined) continue;
    started += counts.requestsStarted;
    finished += counts.requestsFinished;
    cutOff += counts.requestsCutOff;
    rejected += counts.requestsRejected;
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { connections, started, finished, cutOff, rejected, rss, heapUsed, delay };
}
