/**
 * The states of a stream (RFC 9113 §5.1): what may be sent and received in each, and which state follows. One table.
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
 * There is no server push, so nothing is ever reserved. `docs/STREAM-STATES.md` is drawn from this.
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

/** What this end does, and what the peer does. */
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

/** The state that follows; what is wrong with it; `ignored` for a race; `misuse` for what this end must not do. */
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
  /** What this end does too late is a race that the peer has won. After a reset by this end, so is what the peer does. */
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
