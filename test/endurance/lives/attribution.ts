/** Whether what was lost when a worker was killed was that worker's, and no more. */
import type { Failure, InFlight } from '../../support/checking-client.ts';

export interface Loss {
  /** Requests that were in flight on connections of the worker, and how many of them were lost. */
  readonly own: { readonly inFlight: number; readonly lost: number };
  /** The same on connections that had not been answered yet, so that nobody knows whose they were. */
  readonly fresh: { readonly inFlight: number; readonly lost: number };
  /** What should not have been lost: requests that others held, and more than were in flight. */
  readonly strange: readonly Failure[];
}

/**
 * @param pid of the worker that was killed.
 * @param inFlight when it was.
 * @param failed from then until another served in its place.
 */
export function attribute(pid: number, inFlight: readonly InFlight[], failed: readonly Failure[]): Loss {
  const isOwn = (request: InFlight) => request.worker?.split('.')[0] === String(pid);
  const isFresh = (request: InFlight) => request.worker === undefined;
  const own = { inFlight: inFlight.filter(isOwn).length, lost: failed.filter(isOwn).length };
  const fresh = { inFlight: inFlight.filter(isFresh).length, lost: failed.filter(isFresh).length };
  const others = failed.filter((request) => !isOwn(request) && !isFresh(request));
  // A connection is lost once. It may be with the next request, sent before the client has heard of the end.
  const surplus = [
    ...failed.filter(isOwn).slice(own.inFlight),
    ...failed.filter(isFresh).slice(fresh.inFlight),
  ];
  return { own, fresh, strange: [...others, ...surplus] };
}
