/** Garbage is collected when SIGUSR2 says so: before memory is looked at. */
import process from 'node:process';

interface Collector {
  readonly gc?: () => void;
  readonly Bun?: { gc(synchronous: boolean): void };
}

/** Takes a Node that was started with `--expose-gc`, or a Bun; without either the signal does nothing. */
export function listenForCollect(): void {
  const { gc, Bun } = globalThis as Collector;
  process.on('SIGUSR2', () => {
    Bun?.gc(true);
    // The second takes what only the finalizers of the first let go.
    gc?.();
    gc?.();
  });
}
