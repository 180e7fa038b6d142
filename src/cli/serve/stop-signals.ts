/** What ends a server that serves people at a terminal, and services under a supervisor of the system. */
import { constants } from 'node:os';
import type { Server } from '../../index.ts';
import { print } from '../output.ts';
import { tellSystemd } from './tell-systemd.ts';

/** How long connections that are merely kept open may still bring a request once we have been told to stop. */
export const GRACE_MS = { SIGINT: 500, SIGTERM: 5_000 };
export type StopSignal = keyof typeof GRACE_MS;

/**
 * How to drain when told to. Whoever presses Ctrl-C is no balancer, and does not wait for one.
 *
 * @param delay milliseconds, as `--drain-delay` says.
 */
export function drainOptions(signal: StopSignal, delay: number): { grace: number; delay: number } {
  return { grace: GRACE_MS[signal], delay: signal === 'SIGTERM' ? delay : 0 };
}

/** What is said then. */
export function stopping(signal: StopSignal, drainDelay: number): string {
  const { delay } = drainOptions(signal, drainDelay);
  const delayed = delay === 0 ? '' : `Not ready any more; going on for ${delay / 1_000} s.\n`;
  return `\n${delayed}Finishing what has begun. Once more stops at once.\n`;
}

/** Fulfils when the server has stopped after the first signal. A second one ends the process at once. */
export function stopOnSignal(server: Server, delay: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    const onSignal = (signal: StopSignal): void => {
      if (isStopping) {
        server.destroy();
        // By convention the code of a process that a signal has ended.
        process.exit(128 + constants.signals[signal]);
      }
      isStopping = true;
      print(stopping(signal, delay));
      tellSystemd('STOPPING=1');
      server.drain(drainOptions(signal, delay)).then(resolve, reject);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
