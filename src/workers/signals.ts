/** What operators say to a supervisor: SIGTERM and SIGINT to end, SIGHUP to reload. */
import { constants } from 'node:os';
import process from 'node:process';

export type StopSignal = 'SIGINT' | 'SIGTERM';

/** What a supervisor can do about them. */
interface Obedient {
  readonly closed: Promise<void>;
  reload(): Promise<void>;
  drain(options: { grace?: number; delay?: number }): Promise<void>;
  destroy(): void;
}

export interface SignalOptions {
  /** Instead of `reload()`. What it rejects with is printed. */
  reload?: () => Promise<void>;
  /** What to drain with, by signal. Default: what the supervisor was told, but no delay for SIGINT. */
  drain?: (signal: StopSignal) => { grace?: number; delay?: number };
  /** Called at the first. */
  onStop?: (signal: StopSignal) => void;
  /** Called with why a reload has failed. Default: a line on standard error. */
  onReloadError?: (error: unknown) => void;
}

/**
 * SIGTERM and SIGINT drain; the second of them breaks off everything and ends this process with 128 + its number. SIGHUP
 * reloads; one that comes during a reload asks for another one after it, and no more of them do.
 *
 * @returns what ends the obedience.
 */
export function obeySignals(supervisor: Obedient, options: SignalOptions = {}): () => void {
  const reload = options.reload ?? (() => supervisor.reload());
  const onReloadError = options.onReloadError ?? printError;
  let isStopping = false;
  const onStop = (signal: StopSignal): void => {
    if (isStopping) {
      supervisor.destroy();
      // By convention the code of a process that a signal has ended.
      const exit = () => process.exit(128 + constants.signals[signal]);
      supervisor.closed.then(exit, exit);
      return;
    }
    isStopping = true;
    options.onStop?.(signal);
    // Who presses Ctrl-C is no balancer, and does not wait for one.
    const times = options.drain?.(signal) ?? (signal === 'SIGINT' ? { delay: 0 } : {});
    void supervisor.drain(times);
  };
  let isReloading = false;
  let isAskedAgain = false;
  const onReload = async (): Promise<void> => {
    isAskedAgain = true;
    if (isReloading) return;
    isReloading = true;
    // The next begins when this one is over: only then it takes up all that has changed since.
    while (isAskedAgain && !isStopping) {
      isAskedAgain = false;
      try {
        await reload();
      } catch (error) {
        if (!isStopping) onReloadError(error);
      }
    }
    isReloading = false;
  };
  const listeners = { SIGINT: onStop, SIGTERM: onStop, SIGHUP: () => void onReload() };
  for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of Object.entries(listeners)) process.off(signal, listener);
  };
}

function printError(error: unknown): void {
  console.error(`serval: reload failed: ${error instanceof Error ? error.message : String(error)}`);
}
