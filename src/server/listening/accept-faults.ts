/**
 * Says, once a minute at most, that connections can't be accepted.
 *
 * Out of file descriptors, Node itself accepts and closes what comes (libuv, `uv__emfile_trick`), and tells nobody. But a
 * process gets the lowest descriptor that is free, so a connection with one of the last numbers says that all below are taken.
 */
import type { Socket } from 'node:net';
import { descriptorLimit } from '../../io/descriptor-limit.ts';
import { reportFault } from '../diagnostics.ts';

const EVERY_MS = 60_000;
/** Files may take the very last ones. */
const NEARLY = 8;

export class AcceptFaults {
  #reportedAt = -Infinity;
  readonly #last = descriptorLimit() - NEARLY;

  onAccepted(socket: Socket): void {
    const handle = (socket as { _handle?: { fd?: number } | null })._handle;
    const descriptor = handle?.fd;
    if (descriptor === undefined || descriptor < this.#last) return;
    const message = `${descriptor + 1} of ${descriptorLimit()} file descriptors are in use; connections for which there is none are closed, or wait`;
    this.onError(Object.assign(new Error(message), { code: 'EMFILE' }));
  }

  /** The next accept may work. */
  onError(error: Error): void {
    const now = performance.now();
    if (now - this.#reportedAt < EVERY_MS) return;
    this.#reportedAt = now;
    reportFault(error, 'accepting a connection');
  }
}
