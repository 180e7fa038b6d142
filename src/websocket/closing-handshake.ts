/** How far the end of a WebSocket has come (RFC 6455 §7.1). An open one has none. */

export class ClosingHandshake {
  /** This end has sent its close frame. */
  hasSent = false;
  /** The peer's close frame. */
  received: { readonly code: number; readonly reason: string } | undefined;
  /** Messages and the close frame wait for their compression: the end comes behind them. */
  endsBehindSent = false;
  /** This end's side of the tunnel has ended. */
  hasEnded = false;
  peerHasEnded = false;
}
