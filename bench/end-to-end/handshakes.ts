/** Runs `openssl s_time` on its core: one connection after the other, each with a TLS handshake and one request. */
import { execFile } from 'node:child_process';
import { LOAD_CORE } from './places.ts';
import type { LoadReport } from './wrk.ts';

/** @throws {Error} when it failed. */
export function runHandshakes(port: number, resumes: boolean, seconds: number): Promise<LoadReport> {
  const words = ['s_time', '-connect', `127.0.0.1:${port}`, '-www', '/', '-time', String(seconds)];
  words.push(resumes ? '-reuse' : '-new');
  return new Promise((resolve, reject) => {
    execFile('taskset', ['-c', LOAD_CORE, 'openssl', ...words], (error, stdout, stderr) => {
      if (error === null) resolve(parseHandshakes(stdout, resumes));
      else reject(new Error(`openssl s_time failed: ${(stderr || stdout || error.message).trim()}`));
    });
  });
}

/**
 * Reads its output: a letter a connection (`t` TLS 1.0 and up, `r` resumed, `*` without a name for the version), and a summary.
 */
export function parseHandshakes(stdout: string, resumes: boolean): LoadReport {
  const summary = /^(\d+) connections in ([\d.]+) real seconds, (\d+) bytes read per connection/m.exec(
    stdout,
  );
  if (summary === null) throw new Error(`openssl s_time printed no report, only: ${stdout.trim()}`);
  const [connections, seconds, octets] = summary.slice(1).map(Number) as [number, number, number];
  const resumed = /^r+$/m.exec(stdout)?.[0].length ?? 0;
  // The first connection makes the session that the others resume, and is not counted by s_time.
  const notAsWanted = resumes ? Math.max(0, connections - resumed - 1) : resumed;
  return {
    requests: connections,
    octets: connections * octets,
    seconds,
    errors: { connect: notAsWanted, read: octets === 0 ? connections : 0, write: 0, timeout: 0, status: 0 },
  };
}
