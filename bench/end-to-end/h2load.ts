/** Runs `h2load` on its core: HTTP/2 with several streams on each connection. */
import { execFile } from 'node:child_process';
import { LOAD_CORE } from './places.ts';
import { http2Fields, type RequestShape } from './request.ts';
import type { LoadReport } from './wrk.ts';

export interface StreamLoad {
  readonly url: string;
  readonly shape: RequestShape;
  /** A file with the request's content. */
  readonly contentFile: string | undefined;
  readonly connections: number;
  readonly streams: number;
  readonly requests: number;
}

/**
 * It counts requests and not seconds: the timed mode of h2load 1.52 (Debian 12) reports nothing.
 *
 * @throws {Error} when h2load failed.
 */
export function runH2load(load: StreamLoad): Promise<LoadReport> {
  const { url, shape, contentFile, connections, streams, requests } = load;
  const fields = http2Fields(shape)
    // h2load adds the length of its file itself.
    .filter(([name]) => name !== 'content-length')
    .flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const words = [`-c${connections}`, `-m${streams}`, '-t1', `-n${requests}`, ...fields];
  // A window that does not slow a download down, as browsers have.
  words.push('-w', '24', '-W', '26');
  if (contentFile !== undefined) words.push('-d', contentFile);
  return new Promise((resolve, reject) => {
    execFile('taskset', ['-c', LOAD_CORE, 'h2load', ...words, url], (error, stdout, stderr) => {
      if (error === null) resolve(parseH2load(stdout));
      else reject(new Error(`h2load failed: ${(stderr || stdout || error.message).trim()}`));
    });
  });
}

/** Reads the summary that h2load prints. */
export function parseH2load(stdout: string): LoadReport {
  const finished = /^finished in ([\d.]+)(us|ms|s|m)/m.exec(stdout);
  const requests = /^requests: .*?(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/m.exec(stdout);
  const status = /^status codes: (\d+) 2xx/m.exec(stdout);
  const traffic = /^traffic: \S+ \((\d+)\) total/m.exec(stdout);
  if (finished === null || requests === null || status === null || traffic === null)
    throw new Error(`h2load printed no report, only: ${stdout.trim()}`);
  const unit = { us: 1e-6, ms: 1e-3, s: 1, m: 60 }[finished[2] as 'us' | 'ms' | 's' | 'm'];
  const [succeeded, failed, errored, timeout] = requests.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return {
    requests: succeeded,
    octets: Number(traffic[1]),
    seconds: Number(finished[1]) * unit,
    errors: { connect: 0, read: errored, write: 0, timeout, status: failed + succeeded - Number(status[1]) },
  };
}
