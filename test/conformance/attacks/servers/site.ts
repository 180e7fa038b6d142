/** A folder as a site, the way the command line serves it. */

import process from 'node:process';
import { files } from '../../../../src/files/files.ts';
import type { FilesOptions } from '../../../../src/files/options.ts';
import * as serval from '../../../../src/index.ts';
import type { Fixture } from '../../../support/servers/launch.ts';

interface SiteOptions {
  readonly root: string;
  readonly options?: FilesOptions;
  /** Whom to become, where the test is root, which may read everything. */
  readonly uid?: number;
}

export default function site({ root, options, uid }: SiteOptions): Fixture {
  const server = serval.serve(files(root, options), { hostname: '127.0.0.1', port: 0 });
  if (uid !== undefined) process.setuid?.(uid);
  return { server, commands: { longestStall } };
}

export interface Stall {
  /**
   * For how long, in milliseconds, the event loop has been held up at most, in steps of five. Only as much of it counts as the
   * process has worked meanwhile: it may have had to wait for a processor.
   */
  readonly longest: number;
  /** CPU time of the process in milliseconds. */
  readonly work: number;
}

const workSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
let longest = 0;
let begin = process.cpuUsage();
let last = performance.now();
let lastWork = process.cpuUsage();
setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, Math.min(now - last - 5, workSince(lastWork)));
  last = now;
  lastWork = process.cpuUsage();
}, 5).unref();

/** Since this was asked last. */
function longestStall(): Stall {
  const stall = { longest, work: workSince(begin) };
  longest = 0;
  begin = process.cpuUsage();
  return stall;
}
