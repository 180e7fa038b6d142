/**
 * What may happen to an exchange, and when: one table (Fetch Server API draft, "Exchange states").
 *
 * Misuse by the handler throws; races with the peer are discarded. `docs/EXCHANGE-STATES.md` is drawn from this.
 */

export const EXCHANGE_STATES = ['open', 'informational', 'committed', 'denied', 'aborted'] as const;
export type ExchangeState = (typeof EXCHANGE_STATES)[number];

/** What a handler does (the first four), or what happens to it. */
export const EXCHANGE_OPERATIONS = ['sendInformational', 'respond', 'accept', 'deny', 'abort'] as const;
export type ExchangeOperation = (typeof EXCHANGE_OPERATIONS)[number];

/** The state that follows, `throws` for misuse, `discarded` for a race that the peer has won. */
export type ExchangeOutcome = ExchangeState | 'throws' | 'discarded';

export const EXCHANGE_TRANSITIONS: Readonly<
  Record<ExchangeState, Readonly<Record<ExchangeOperation, ExchangeOutcome>>>
> = {
  /** Nothing has been sent. */
  open: {
    sendInformational: 'informational',
    respond: 'committed',
    accept: 'committed',
    deny: 'denied',
    abort: 'aborted',
  },
  /** A 1xx has been sent. Denial promises that nothing was processed, and can't be true any more. */
  informational: {
    sendInformational: 'informational',
    respond: 'committed',
    accept: 'committed',
    deny: 'throws',
    abort: 'aborted',
  },
  /** A final response, or a tunnel, has begun. */
  committed: {
    sendInformational: 'throws',
    respond: 'throws',
    accept: 'throws',
    deny: 'throws',
    abort: 'aborted',
  },
  denied: {
    sendInformational: 'throws',
    respond: 'throws',
    accept: 'throws',
    deny: 'throws',
    abort: 'discarded',
  },
  /** The connection was lost. The handler can't have known. */
  aborted: {
    sendInformational: 'discarded',
    respond: 'discarded',
    accept: 'discarded',
    deny: 'discarded',
    abort: 'discarded',
  },
};
