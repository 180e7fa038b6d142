/** The signals of a supervisor: SIGTERM and SIGINT end it, SIGHUP reloads. */
import { constants } from 'node:os';
import process from 'node:process';
import { messageOf } from './messages.ts';

export type StopSignal = 'SIGINT' | 'SIGTERM';

/** The part of a supervisor that signals control. */
interface SignalTarget {
  readonly closed: Promise<void>;
  reload(): Promise<void>;
  drain(options: { grace?: number; delay?: number }): Promise<void>;
  destroy(): void;
}

export interface SignalOptions {
  /** Replaces `reload()`. */
  reload?: () => Promise<void>;
  /** The drain options for a signal. Default: those of the supervisor, but no delay for SIGINT. */
  drain?: (signal: StopSignal) => { grace?: number; delay?: number };
  /** Called on the first signal. */
  onStop?: (signal: StopSignal) => void;
  /** Called with the error of a failed reload. Default: prints a line on standard error. */
  onReloadError?: (error: unknown) => void;
}

/**
 * SIGTERM and SIGINT drain; a second one destroys the supervisor and ends this process with 128 + the signal number. SIGHUP
 * reloads; any number of them during a reload cause one more reload after it.
 *
 * @returns a function that removes the signal handlers.
 */
export function handleSignals(supervisor: SignalTarget, options: SignalOptions = {}): () => void {
  const reload = options.reload ?? (() => supervisor.reload());
  const onReloadError = options.onReloadError ?? printError;
  let isStopping = false;
  const onStop = (signal: StopSignal): void => {
    if (isStopping) {
      supervisor.destroy();
      // By convention, the exit code of a process that a signal ended.
      const exit = () => process.exit(128 + constants.signals[signal]);
      supervisor.closed.then(exit, exit);
      return;
    }
    isStopping = true;
    options.onStop?.(signal);
    // The delay is for load balancers; a user at a terminal should not have to wait for it.
    const times = options.drain?.(signal) ?? (signal === 'SIGINT' ? { delay: 0 } : {});
    void supervisor.drain(times);
  };
  let isReloading = false;
  let isRequested = false;
  const onReload = async (): Promise<void> => {
    isRequested = true;
    if (isReloading) return;
    isReloading = true;
    // A reload starts only after the previous one has ended, so that it sees all changes since.
    while (isRequested && !isStopping) {
      isRequested = false;
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
  console.error(`serval: reload failed: ${messageOf(error)}`);
}
