/** Garbage is collected when somebody outside says so: before memory is looked at. */
import process from 'node:process';

interface Collector {
  readonly gc?: () => void;
  readonly Bun?: { gc(synchronous: boolean): void };
}

/**
 * On SIGUSR2 it collects. A parent's message is answered with the octets of heap in use; `collect` has them collected
 * before. It takes a Node that was started with `--expose-gc`, or a Bun.
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
  // The second takes what only the finalizers of the first let go.
  gc?.();
}
