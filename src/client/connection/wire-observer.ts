import type { X509Certificate } from '../../platform/node-objects.ts';
import type { WebSocketFrame } from '../websocket/frame-watch.ts';

/** Callbacks that show what goes over the wire, for the command line, tests and measurements. Each may be left out. */
export interface WireObserver {
  /** The request has been given a connection. */
  onConnection?(connection: WireConnection): void;
  /**
   * The head of the request is handed to the socket. @param head one character for each octet; over HTTP/2 a line for each
   * field, the pseudo-fields first.
   */
  onRequestHead?(head: string): void;
  /** The last octet of the request is handed to the socket. */
  onRequestEnd?(): void;
  /** An interim or final response has begun. @param head as in `onRequestHead`. */
  onResponseHead?(head: string, status: number): void;
  /** A piece of content, without its framing and not yet decoded. */
  onContent?(octets: Uint8Array): void;
  /** The response is complete. */
  onResponseEnd?(): void;
  /** A frame has passed over the HTTP/2 connection of the request, of this stream or of any other. */
  onFrame?(frame: WireFrame): void;
  /** A frame of the WebSocket has passed. */
  onWebSocketFrame?(frame: WebSocketFrame): void;
  /** A redirect is followed to this URL. */
  onRedirect?(url: string, status: number): void;
  /** The request is sent again, on another connection. */
  onRetry?(error: unknown): void;
}

/** A frame of HTTP/2 (RFC 9113 §4.1). */
export interface WireFrame {
  readonly direction: 'sent' | 'received';
  /** `HEADERS`, for example, or the number of an unknown type. */
  readonly type: string;
  /** The names of the flags that are set. */
  readonly flags: readonly string[];
  /** The stream identifier; 0 for a frame of the connection. */
  readonly stream: number;
  /** Bytes of its payload. */
  readonly length: number;
  /** The content of SETTINGS, WINDOW_UPDATE, RST_STREAM and GOAWAY in words; empty for others. */
  readonly detail: string;
}

export interface WireConnection {
  /** It has carried requests before. */
  readonly isReused: boolean;
  /** `undefined` for a unix socket. */
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  /** On the clock of `performance.now()`: when it was begun, the name was looked up, and the connection was open. */
  readonly begunAt: number;
  readonly lookedUpAt: number | undefined;
  readonly connectedAt: number;
  /** When the TLS handshake was complete, and what it agreed on; `undefined` without TLS. */
  readonly securedAt: number | undefined;
  readonly security: WireSecurity | undefined;
}

/** What a TLS handshake has agreed on. It can be read as long as the connection is open. */
export interface WireSecurity {
  /** `TLSv1.3`, for example. */
  readonly protocol: string;
  /** The cipher suite, by its name in the IANA registry. */
  readonly cipher: string;
  /** `h2`, `http/1.1`, or `undefined` if the server did not choose (RFC 7301 §3.2). */
  readonly alpnProtocol: string | undefined;
  /** It continues the session of an earlier connection (RFC 8446 §2.2). */
  readonly isResumed: boolean;
  /** The certificate is valid, for the name, and from a trusted authority. */
  readonly isVerified: boolean;
  /** The server's; `undefined` when a session is continued. */
  readonly certificate: X509Certificate | undefined;
}
