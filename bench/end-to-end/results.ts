/** `latest.json`: every sample of every case, with versions and machine. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import type { Sample } from './measured.ts';

export interface ContenderRecord {
  readonly label: string;
  /** Of the server and its runtime: `fastify 5.12.8 on node 24.21.0`. */
  readonly version: string;
}

export interface CaseResult {
  readonly title: string;
  /** The end of the measurement, in ISO 8601. */
  readonly date: string;
  /** `git describe` of the measured checkout. */
  readonly commit: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly countedSeconds: number;
  readonly connections: number;
  readonly pipelined: number;
  readonly contenders: Record<string, ContenderRecord>;
  readonly samples: readonly Sample[];
  /** Skipped contenders, each with the reason. */
  readonly failures: Record<string, string>;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
}

export interface Results {
  readonly format: 1;
  readonly cases: Record<string, CaseResult>;
}

export function describeMachine(): Machine {
  const cpus = os.cpus();
  return {
    processor: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
  };
}

export function describeCheckout(folder: string): string {
  try {
    const words = ['-C', folder, 'describe', '--always', '--dirty'];
    return execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'no git checkout';
  }
}

/** @throws {Error} for a file of another format. */
export function readResults(file: string): Results {
  if (!existsSync(file)) return { format: 1, cases: {} };
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  if (results.format !== 1) throw new Error(`${file} has format ${results.format}; this bench reads 1.`);
  return results;
}

/** New results replace former results of the same case. */
export function merge(former: Results, measured: Results, order: readonly string[]): Results {
  const all = { ...former.cases, ...measured.cases };
  const known = order.filter((id) => all[id] !== undefined);
  return { format: 1, cases: Object.fromEntries(known.map((id) => [id, all[id]!])) };
}
