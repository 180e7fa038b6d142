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

/** For how long, in milliseconds, the event loop has been held up at most, in steps of five, since this was asked last. */
let longest = 0;
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last - 5);
  last = now;
}, 5).unref();

function longestStall(): number {
  const stall = longest;
  longest = 0;
  return stall;
}
