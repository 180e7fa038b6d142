/** Attributes the requests lost by a kill to the killed worker, and finds those that should not have been lost. */
import type { Failure, InFlight } from '../../support/checking-client.ts';

export interface Loss {
  /** Requests in flight on connections of the killed worker, and how many of them were lost. */
  readonly own: { readonly inFlight: number; readonly lost: number };
  /** The same on connections without a response so far, whose worker is unknown. */
  readonly fresh: { readonly inFlight: number; readonly lost: number };
  /** Losses that should not occur: requests of other workers, and more requests than were in flight. */
  readonly strange: readonly Failure[];
}

/**
 * @param pid of the killed worker.
 * @param inFlight at the moment of the kill.
 * @param failed from the kill until another worker served in its place.
 */
export function attribute(pid: number, inFlight: readonly InFlight[], failed: readonly Failure[]): Loss {
  const isOwn = (request: InFlight) => request.worker?.split('.')[0] === String(pid);
  const isFresh = (request: InFlight) => request.worker === undefined;
  const own = { inFlight: inFlight.filter(isOwn).length, lost: failed.filter(isOwn).length };
  const fresh = { inFlight: inFlight.filter(isFresh).length, lost: failed.filter(isFresh).length };
  const others = failed.filter((request) => !isOwn(request) && !isFresh(request));
  // A connection fails once. The failed request may be the next one, sent before the client saw the end.
  const surplus = [
    ...failed.filter(isOwn).slice(own.inFlight),
    ...failed.filter(isFresh).slice(fresh.inFlight),
  ];
  return { own, fresh, strange: [...others, ...surplus] };
}
