/**
 * How a worker reaches the other workers of its supervisor: batches of octets out and in. `workers/` installs it, and features use it
 * without knowing how it works. Global, because the application may load another copy of Serval.
 */

/** @param count of the messages in the batch, for reports of a loss. */
type Batch = (octets: Uint8Array, count: number) => void;

/** What carries the batches. */
export interface Carrier {
  /** From now on this worker takes batches. */
  join(): void;
  send: Batch;
}

interface Installed {
  readonly carrier: Carrier;
  readonly takers: Set<(octets: Uint8Array) => void>;
}

const KEY = Symbol.for('serval.workerRelay');

const holder = globalThis as { [KEY]?: Installed };

/** @returns the function that a batch from another worker goes to. */
export function installRelay(carrier: Carrier): (octets: Uint8Array) => void {
  const takers = new Set<(octets: Uint8Array) => void>();
  holder[KEY] = { carrier, takers };
  return (octets) => {
    for (const take of takers) take(octets);
  };
}

/**
 * @param take gets each batch of another worker.
 * @returns what sends a batch to the other workers; `undefined` without a supervisor.
 */
export function joinRelay(take: (octets: Uint8Array) => void): Batch | undefined {
  const installed = holder[KEY];
  if (installed === undefined) return undefined;
  if (installed.takers.size === 0) installed.carrier.join();
  installed.takers.add(take);
  return (octets, count) => installed.carrier.send(octets, count);
}
