/** Tells systemd how we are, when it has started us and wants to know. */
import { notify } from '../../systemd/index.ts';
import { complain } from '../output.ts';

/** One after the other: each is said by a program of its own, and `READY` must not come before `RELOADING`. */
let turn: Promise<unknown> = Promise.resolve();

/** Does not wait, and does not fail: what is served is worth more than who knows of it. */
export function tellSystemd(...assignments: readonly string[]): void {
  turn = turn
    .then(() => notify(...assignments))
    .catch((error: Error) => complain(`warning: systemd was not told ${assignments[0]}: ${error.message}`));
}

/** What `Type=notify-reload` needs besides: which of two reloads this is. */
export function reloading(): string[] {
  return ['RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`];
}
