/**
 * What may happen to an exchange, and when: one table (Fetch Server API draft, "Exchange states").
 *
 * Misuse by the handler throws; races with the peer are discarded. `docs/EXCHANGE-STATES.md` is drawn from this.
 */

export const EXCHANGE_STATES = ['open', 'informational', 'committed', 'denied', 'aborted'] as const;
export type ExchangeState = (typeof EXCHANGE_STATES)[number];

/**
 * What a handler does (the first four), what the server does (`continue`: it sends 100; `refuse`: it answers instead of
 * the handler), and `abort`: the peer has gone, or took too long.
 */
export const EXCHANGE_OPERATIONS = [
  'sendInformational',
  'respond',
  'accept',
  'deny',
  'continue',
  'refuse',
  'abort',
] as const;
export type ExchangeOperation = (typeof EXCHANGE_OPERATIONS)[number];

/** The state that follows, `throws` for misuse, `discarded` for an operation that comes too late. */
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
    continue: 'informational',
    refuse: 'committed',
    abort: 'aborted',
  },
  /** A 1xx has been sent. Denial promises that nothing was processed, which is no longer true. */
  informational: {
    sendInformational: 'informational',
    respond: 'committed',
    accept: 'committed',
    deny: 'throws',
    continue: 'informational',
    refuse: 'committed',
    abort: 'aborted',
  },
  /** A final response, or a tunnel, has begun. */
  committed: {
    sendInformational: 'throws',
    respond: 'throws',
    accept: 'throws',
    deny: 'throws',
    continue: 'discarded',
    refuse: 'discarded',
    abort: 'aborted',
  },
  denied: {
    sendInformational: 'throws',
    respond: 'throws',
    accept: 'throws',
    deny: 'throws',
    continue: 'discarded',
    refuse: 'discarded',
    abort: 'discarded',
  },
  /** The connection was lost. The handler can't have known. */
  aborted: {
    sendInformational: 'discarded',
    respond: 'discarded',
    accept: 'discarded',
    deny: 'discarded',
    continue: 'discarded',
    refuse: 'discarded',
    abort: 'discarded',
  },
};
