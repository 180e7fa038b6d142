/** Repeats a measurement that other processes disturbed, a few times; then the sample does not count. */
import type { Measured } from './measured.ts';

const MOST_TRIES = 3;

/** @param shared the cores are known to be shared: disturbed samples count, and are marked. */
export async function undisturbed(
  attempt: () => Promise<readonly Measured[]>,
  shared: boolean,
): Promise<Measured[]> {
  for (let tries = 1; ; tries++) {
    const measured = await attempt();
    if (shared) return [...measured];
    if (measured.every(({ disturbed }) => disturbed.length === 0)) return [...measured];
    if (tries === MOST_TRIES) {
      return measured.map((one) => ({ ...one, invalid: [...one.invalid, ...one.disturbed] }));
    }
  }
}
