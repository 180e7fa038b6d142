/** The memory, descriptors and event loop handles of the processes of a pool. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';
import { parseResident } from '../../../bench/end-to-end/process-tree.ts';
import type { Pool } from '../pool/pool.ts';

export interface ProcessHolding {
  /** Bytes. */
  readonly resident: number;
  readonly descriptors: number;
}

export interface Holding {
  readonly supervisor: ProcessHolding;
  /** Handles are those of one event loop of the process; NaN when none of its threads answered. */
  readonly workers: readonly (ProcessHolding & { readonly pid: number; readonly handles: number })[];
}

/** A connection reaches any of the workers, so this many are made until each worker has answered. */
const MOST_CONNECTIONS = 200;

export async function holdingOf(pool: Pool): Promise<Holding> {
  const pids = (await pool.workers()).map(({ pid }) => pid);
  const handles = await handlesOf(pool.port, new Set(pids));
  return {
    supervisor: processHolding(pool.pid),
    workers: pids.map((pid) => ({ pid, ...processHolding(pid), handles: handles.get(pid) ?? Number.NaN })),
  };
}

function processHolding(pid: number): ProcessHolding {
  return {
    resident: parseResident(readFileSync(`/proc/${pid}/status`, 'utf8')),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

async function handlesOf(port: number, pids: ReadonlySet<number>): Promise<Map<number, number>> {
  const handles = new Map<number, number>();
  for (let asked = 0; asked < MOST_CONNECTIONS && handles.size < pids.size; asked++) {
    const response = await fetch(`http://127.0.0.1:${port}/handles`, { headers: { Connection: 'close' } });
    const pid = Number.parseInt(response.headers.get('X-Worker') ?? '', 10);
    const resources = (await response.json()) as string[];
    if (pids.has(pid)) handles.set(pid, resources.length);
  }
  return handles;
}
