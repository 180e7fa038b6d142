/** What carries the frames of a WebSocket, and what all WebSockets of an application share. */
import type { Duplex } from 'node:stream';
import type { FrameListener } from './frame-listener.ts';
import type { MessageSettings } from './options.ts';

/** What a WebSocket takes from the connection that carries it. */
export interface TunnelCarrier {
  readonly octets: Duplex;
  /** Octets that came behind the handshake. They are not kept. */
  takeReceived(): Uint8Array;
  onActivity(): void;
  /** Both directions have ended. */
  onEnd(): void;
  /** Aborted when this end begins to go away. */
  readonly drainSignal?: AbortSignal;
  /** Cuts the connection off, and reports it as lost. */
  cutOff(error: unknown): void;
}

export type Role = 'client' | 'server';

/** What does not change between the WebSockets of an application: one object for all of them. */
export interface TunnelKind<Owner> {
  readonly role: Role;
  readonly settings: Decided;
  readonly listener: FrameListener<Owner>;
}

type Decided = Pick<
  MessageSettings,
  'maxMessageSize' | 'maxBufferedAmount' | 'pingInterval' | 'closeTimeout'
>;

/** The last one that was made: those of an application are usually the same. */
let last: TunnelKind<never> | undefined;

/** @param listener the same for all WebSockets of a class. */
export function kindOf<Owner>(
  role: Role,
  { maxMessageSize, maxBufferedAmount, pingInterval, closeTimeout }: Decided,
  listener: FrameListener<Owner>,
): TunnelKind<Owner> {
  const isLast =
    last !== undefined &&
    last.role === role &&
    last.listener === (listener as unknown) &&
    last.settings.maxMessageSize === maxMessageSize &&
    last.settings.maxBufferedAmount === maxBufferedAmount &&
    last.settings.pingInterval === pingInterval &&
    last.settings.closeTimeout === closeTimeout;
  if (isLast) return last as unknown as TunnelKind<Owner>;
  const kind = {
    ...{ role, listener },
    settings: { maxMessageSize, maxBufferedAmount, pingInterval, closeTimeout },
  };
  last = kind as unknown as TunnelKind<never>;
  return kind;
}
