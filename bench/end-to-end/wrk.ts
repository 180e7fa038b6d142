/** Runs `wrk` on its core and reads what `wrk.lua` prints. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { LOAD_CORE, SOURCE } from './places.ts';

export interface Load {
  readonly port: number;
  /** Default: without. */
  readonly isSecure?: boolean;
  /** A file with the octets of one request, or of a pipelined batch. */
  readonly requestFile: string;
  readonly connections: number;
  readonly seconds: number;
  /** Seconds after which a response counts as a timeout. Default: 2, as in wrk. */
  readonly patience?: number;
}

export interface LoadErrors {
  readonly connect: number;
  readonly read: number;
  readonly write: number;
  readonly timeout: number;
  /** Responses other than 2xx and 3xx. */
  readonly status: number;
}

export interface LoadReport {
  readonly requests: number;
  readonly octets: number;
  readonly seconds: number;
  readonly errors: LoadErrors;
}

export interface WrkReport extends LoadReport {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** @throws {Error} when wrk failed. */
export function runWrk(load: Load): Promise<WrkReport> {
  const { port, requestFile, connections, seconds, patience = 2 } = load;
  const url = `${load.isSecure ? 'https' : 'http'}://127.0.0.1:${port}/`;
  const script = join(SOURCE, 'wrk.lua');
  const limits = [`-c${connections}`, `-d${seconds}s`, '--timeout', `${patience}s`];
  const words = ['-t1', ...limits, '-s', script, url, '--', requestFile];
  return new Promise((resolve, reject) => {
    execFile('taskset', ['-c', LOAD_CORE, 'wrk', ...words], (error, stdout, stderr) => {
      if (error === null) resolve(parseReport(stdout));
      else reject(new Error(`wrk failed: ${(stderr || stdout || error.message).trim()}`));
    });
  });
}

/** Reads the line of JSON in the output of wrk. */
export function parseReport(stdout: string): WrkReport {
  const line = stdout.split('\n').find((candidate) => candidate.startsWith('{'));
  if (line === undefined) throw new Error(`wrk printed no report, only: ${stdout.trim()}`);
  const { requests, octets, microseconds, p50, p99, errors } = JSON.parse(line);
  return { requests, octets, seconds: microseconds / 1e6, p50: p50 / 1e3, p99: p99 / 1e3, errors };
}

/** The errors of the load, in words. */
export function loadFailures({ errors, requests }: LoadReport): string[] {
  const failures = [];
  if (requests === 0) failures.push('not a single answer');
  if (errors.status > 0) failures.push(`${errors.status} answers that are not 2xx`);
  for (const kind of ['connect', 'read', 'write', 'timeout'] as const) {
    if (errors[kind] > 0) failures.push(`${errors[kind]} socket errors (${kind})`);
  }
  return failures;
}
