/** What ends a server that serves people at a terminal, and services under a supervisor of the system. */
import { constants } from 'node:os';
import type { Server } from '../index.ts';
import { print } from './output.ts';

/** How long connections that are merely kept open may still bring a request once we have been told to stop. */
export const GRACE_MS = { SIGINT: 500, SIGTERM: 5_000 };
type StopSignal = keyof typeof GRACE_MS;

export const STOPPING = '\nFinishing what has begun. Once more stops at once.\n';

/** Fulfils when the server has stopped after the first signal. A second one ends the process at once. */
export function stopOnSignal(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const onSignal = (signal: StopSignal): void => {
      if (stopping) {
        server.destroy();
        // By convention the code of a process that a signal has ended.
        process.exit(128 + constants.signals[signal]);
      }
      stopping = true;
      print(STOPPING);
      server.drain({ grace: GRACE_MS[signal] }).then(resolve, reject);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
