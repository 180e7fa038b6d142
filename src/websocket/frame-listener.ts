/** Who hears of what comes through a tunnel. */
import type { Buffer } from 'node:buffer';

/** What the frames are to the WebSocket that they belong to. One for all WebSockets, instead of closures for each. */
export interface FrameListener<Owner> {
  /** @param data text, or octets that are to be copied if they are kept. */
  onMessage(owner: Owner, data: string | Buffer): void;
  /** No message will be sent or received any more. */
  onClosing(owner: Owner): void;
  /** The peer has broken a rule. */
  onBroken(owner: Owner, error: Error): void;
  onEnd(owner: Owner, code: number, reason: string, wasClean: boolean): void;
}

/** Gets the pings and pongs of the peer, and `drain` when the connection takes more after it was full. */
export type SignalListener = (signal: 'ping' | 'pong' | 'drain', data?: Uint8Array) => void;
