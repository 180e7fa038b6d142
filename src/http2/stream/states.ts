/**
 * The states of a stream (RFC 9113 §5.1), as one table: what may be sent and received in each state, and which state follows.
 *
 * ```text
 *                        send or receive HEADERS
 *                 idle ───────────────────────────→ open
 *                                             END_STREAM │ END_STREAM
 *                                               received │ sent
 *                          half-closed (remote) ←────────┴────────→ half-closed (local)
 *                                  │ END_STREAM sent                        │ END_STREAM received
 *                                  └────────────────→ closed ←──────────────┘
 *                                        RST_STREAM, from any state but idle
 * ```
 *
 * Without server push, no stream is ever reserved. `docs/STREAM-STATES.md` is generated from this table.
 */
import type { Http2ErrorReason } from '../errors.ts';

export const STREAM_STATES = [
  'idle',
  'open',
  'half-closed (remote)',
  'half-closed (local)',
  'closed',
] as const;
export type StreamState = (typeof STREAM_STATES)[number];

/** The actions of this end, and those of the peer. */
export const STREAM_EVENTS = [
  'sendHeaders',
  'sendData',
  'sendEnd',
  'sendReset',
  'receiveHeaders',
  'receiveData',
  'receiveEnd',
  'receiveReset',
  'receiveWindowUpdate',
] as const;
export type StreamEvent = (typeof STREAM_EVENTS)[number];

/** The next state, or the error of the peer. `ignored` for a race; `misuse` for an error of the caller. */
export type StreamOutcome = StreamState | Http2ErrorReason | 'ignored' | 'misuse';

const TABLE = {
  idle: {
    sendHeaders: 'open',
    sendData: 'misuse',
    sendEnd: 'misuse',
    sendReset: 'misuse',
    receiveHeaders: 'open',
    receiveData: 'FrameOnIdleStream',
    receiveEnd: 'FrameOnIdleStream',
    receiveReset: 'FrameOnIdleStream',
    receiveWindowUpdate: 'FrameOnIdleStream',
  },
  open: {
    sendHeaders: 'open',
    sendData: 'open',
    sendEnd: 'half-closed (local)',
    sendReset: 'closed',
    receiveHeaders: 'open',
    receiveData: 'open',
    receiveEnd: 'half-closed (remote)',
    receiveReset: 'closed',
    receiveWindowUpdate: 'open',
  },
  'half-closed (remote)': {
    sendHeaders: 'half-closed (remote)',
    sendData: 'half-closed (remote)',
    sendEnd: 'closed',
    sendReset: 'closed',
    receiveHeaders: 'FrameAfterEnd',
    receiveData: 'FrameAfterEnd',
    receiveEnd: 'FrameAfterEnd',
    receiveReset: 'closed',
    receiveWindowUpdate: 'half-closed (remote)',
  },
  'half-closed (local)': {
    sendHeaders: 'misuse',
    sendData: 'misuse',
    sendEnd: 'misuse',
    sendReset: 'closed',
    receiveHeaders: 'half-closed (local)',
    receiveData: 'half-closed (local)',
    receiveEnd: 'closed',
    receiveReset: 'closed',
    receiveWindowUpdate: 'half-closed (local)',
  },
  /** An action of this end is ignored here: the peer may have closed the stream a moment before. */
  closed: {
    sendHeaders: 'ignored',
    sendData: 'ignored',
    sendEnd: 'ignored',
    sendReset: 'ignored',
    receiveHeaders: 'HeadersOnClosedStream',
    receiveData: 'FrameOnClosedStream',
    receiveEnd: 'FrameOnClosedStream',
    receiveReset: 'ignored',
    receiveWindowUpdate: 'ignored',
  },
} as const satisfies Record<StreamState, Record<StreamEvent, StreamOutcome>>;

for (const row of Object.values(TABLE)) Object.freeze(row);

export const STREAM_TRANSITIONS: Readonly<Record<StreamState, Readonly<Record<StreamEvent, StreamOutcome>>>> =
  Object.freeze(TABLE);

const STATES: ReadonlySet<string> = new Set(STREAM_STATES);

/** Whether an outcome is a state. */
export function isStreamState(outcome: StreamOutcome): outcome is StreamState {
  return STATES.has(outcome);
}
