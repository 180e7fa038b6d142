/** A folder that takes uploads, in a process of its own. */
import process from 'node:process';
import { uploads } from '../../../src/files/uploads/uploads.ts';
import { serve } from '../../../src/index.ts';
import type { Fixture } from '../../support/servers/launch.ts';

interface InboxOptions {
  readonly root: string;
  /** Whom to become, where the test is root, which may do everything. */
  readonly uid?: number;
}

export default function inbox({ root, uid }: InboxOptions): Fixture {
  const server = serve(
    uploads(root, () => new Response()),
    { hostname: '127.0.0.1', port: 0 },
  );
  if (uid !== undefined) process.setuid?.(uid);
  return { server };
}
