/** SIGINT and SIGTERM end the server, for a user at a terminal and for a service manager. SIGHUP reads certificates again. */
import { constants } from 'node:os';
import { print } from '../output.ts';
import type { RunningServer } from './served.ts';
import { reloading, tellSystemd } from './tell-systemd.ts';

/** How long open connections may still bring a request after the signal. */
export const GRACE_MS = { SIGINT: 500, SIGTERM: 5_000 };
export type StopSignal = keyof typeof GRACE_MS;

/**
 * How to drain on a signal. The delay is for load balancers; a user who presses Ctrl-C should not have to wait for it.
 *
 * @param delay milliseconds, from `--drain-delay`.
 */
export function drainOptions(signal: StopSignal, delay: number): { grace: number; delay: number } {
  return { grace: GRACE_MS[signal], delay: signal === 'SIGTERM' ? delay : 0 };
}

/** What is printed then. */
export function stopping(signal: StopSignal, drainDelay: number): string {
  const { delay } = drainOptions(signal, drainDelay);
  const delayed = delay === 0 ? '' : `Not ready any more; continuing for ${delay / 1_000} s.\n`;
  return `\n${delayed}Finishing requests in progress. Press Ctrl-C again to stop at once.\n`;
}

/** Fulfils when the server has stopped after the first signal. A second one ends the process at once. */
export function stopOnSignal({ server, operatorServers }: RunningServer, delay: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    const onSignal = (signal: StopSignal): void => {
      if (isStopping) {
        server.destroy();
        // By convention, the exit code of a process that a signal ended.
        process.exit(128 + constants.signals[signal]);
      }
      isStopping = true;
      print(stopping(signal, delay));
      tellSystemd('STOPPING=1');
      server
        .drain(drainOptions(signal, delay))
        // Until then it reports that the server is draining.
        .finally(() => {
          for (const operator of operatorServers) operator.destroy();
        })
        .then(resolve, reject);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

/** Without certificates that change, SIGHUP ends the process, as it does by default. @returns what removes the signal handler. */
export function reloadOnSignal({ reloadCertificates }: RunningServer): () => void {
  if (reloadCertificates === undefined) return () => {};
  const onReload = async (): Promise<void> => {
    tellSystemd(...reloading());
    await reloadCertificates();
    tellSystemd('READY=1');
  };
  const listener = (): void => void onReload();
  process.on('SIGHUP', listener);
  return () => void process.off('SIGHUP', listener);
}
