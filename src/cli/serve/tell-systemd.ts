/** Notifies systemd, if it has started this process and expects notifications. */
import { notify } from '../../systemd/index.ts';
import { complain } from '../output.ts';

/** One after the other: a separate program sends each, and `READY` must not overtake `RELOADING`. */
let turn: Promise<unknown> = Promise.resolve();

/** Neither waits nor fails: serving does not depend on it. */
export function tellSystemd(...assignments: readonly string[]): void {
  turn = turn
    .then(() => notify(...assignments))
    .catch((error: Error) =>
      complain(`warning: cannot notify systemd of ${assignments[0]}: ${error.message}`),
    );
}

/** `Type=notify-reload` needs the time as well, to tell reloads apart. */
export function reloading(): string[] {
  return ['RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`];
}
