/** Collects garbage on request, before memory is measured. */
import process from 'node:process';

interface Collector {
  readonly gc?: () => void;
  readonly Bun?: { gc(synchronous: boolean): void };
}

/**
 * Collects garbage on SIGUSR2. Answers a message of the parent with the bytes of heap in use, after a collection for `collect`.
 * Needs a Node that was started with `--expose-gc`, or Bun.
 */
export function listenForCollect(): void {
  process.on('SIGUSR2', collect);
  process.on('message', (what) => {
    if (what === 'collect') collect();
    process.send?.(process.memoryUsage().heapUsed);
  });
}

function collect(): void {
  const { gc, Bun } = globalThis as Collector;
  Bun?.gc(true);
  gc?.();
  // The second collection frees what the finalizers of the first released.
  gc?.();
}
