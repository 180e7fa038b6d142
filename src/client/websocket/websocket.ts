/**
 * The client's end of a WebSocket: the standard interface (WebSockets Standard) over an upgrade of HTTP/1.1 (RFC 6455) or a stream of
 * HTTP/2 (RFC 8441).
 */

import process from 'node:process';
import { plainEvent } from '../../websocket/events/light-events.ts';
import { GOING_AWAY } from '../../websocket/frame-tunnel.ts';
import { type Negotiated, StandardWebSocket } from '../../websocket/standard-socket.ts';
import { type Abortable, abortOn, forgetAbort } from '../abort-listeners.ts';
import { openTunnel } from '../client.ts';
import type { ClientTunnel } from '../connection/wire.ts';
import { clientError } from '../errors.ts';
import { watchFrames } from './frame-watch.ts';
import { Handshake } from './handshake.ts';
import { resolveWebSocket, type WebSocketClientSettings, type WebSocketOptions } from './options.ts';
import { Turn } from './turns.ts';

/** The longest time that a timer has. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * A WebSocket, as browsers have it, and more: options, `drained()` and `streams()`.
 *
 * ```ts
 * import { WebSocket } from 'serval/client';
 *
 * const socket = new WebSocket('ws://localhost:4221/echo');
 * socket.onopen = () => socket.send('hello');
 * socket.onmessage = ({ data }) => console.log(data);
 * socket.onerror = ({ error }) => console.error(error.message);
 * ```
 */
export class WebSocket extends StandardWebSocket {
  readonly url: string;
  /** @internal */
  protected readonly origin: string;
  readonly #settings: WebSocketClientSettings;
  readonly #opening: Opening;

  /**
   * Begins the handshake. An event `open`, or `error` and `close`, tells of its end.
   *
   * @param url an absolute URL with the scheme ws, wss, http or https, and without a fragment.
   * @param options subprotocols, or options.
   * @throws {DOMException} `SyntaxError` for another URL, or for subprotocols that are no tokens.
   * @throws {TypeError | RangeError} naming the option and the value that is wrong.
   */
  constructor(url: string | URL, options?: string | readonly string[] | WebSocketOptions) {
    super();
    const target = parseUrl(url);
    this.url = target.href;
    this.origin = target.origin;
    this.#settings = resolveWebSocket(options);
    this.#opening = new Opening(target, this.#settings, () => this.tunnel?.close(GOING_AWAY, ''));
    this.#opening.result.then(
      (opened) => this.#onOpen(opened),
      (error) => this.fail(error),
    );
  }

  override close(code?: number, reason?: string): void {
    super.close(code, reason);
    if (this.readyState !== this.CONNECTING) return;
    this.closing();
    this.#opening.abort(
      clientError('ERR_HTTP_REQUEST_CANCELLED', 'The WebSocket was closed before it was open'),
    );
  }

  #onOpen({ tunnel, negotiated }: Opened): void {
    const { octets, received } = tunnel;
    const { observer } = this.#settings;
    if (observer?.onWebSocketFrame !== undefined)
      watchFrames(octets, received, (frame) => observer.onWebSocketFrame!(frame));
    const carrier = {
      octets,
      takeReceived: () => received,
      onActivity: () => {},
      onEnd: () => tunnel.close(),
      cutOff: () => tunnel.abort(),
    };
    this.open(carrier, 'client', negotiated, this.#settings);
    octets.once('close', () => this.tunnel!.onLost());
    this.dispatchEvent(plainEvent('open'));
  }

  /** @internal */
  protected override end(code: number, reason: string, wasClean: boolean): void {
    if (this.#settings.ownsClient) void this.#settings.client.close();
    super.end(code, reason, wasClean);
  }

  /** @internal An error of a listener is not this class's: it goes where errors go that are caught by nobody, as in other event targets. */
  protected override onFault(error: unknown): void {
    process.nextTick(() => {
      throw error;
    });
  }
}

interface Opened {
  readonly tunnel: ClientTunnel;
  readonly negotiated: Negotiated;
}

/** The way from a URL to a tunnel. */
class Opening implements Abortable {
  readonly result: Promise<Opened>;
  readonly #settings: WebSocketClientSettings;
  readonly #controller = new AbortController();
  readonly #turn: Turn;

  constructor(target: URL, settings: WebSocketClientSettings, onClosing: () => void) {
    this.#settings = settings;
    this.#turn = new Turn(target.hostname);
    this.result = this.#open(target, onClosing);
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
    this.#turn.end();
  }

  async #open(target: URL, onClosing: () => void): Promise<Opened> {
    const { client, signal, handshakeTimeout } = this.#settings;
    // It keeps the process alive as long as the handshake does: a connection that waits does not.
    const timer = setTimeout(() => this.#onTimeout(), handshakeTimeout || NEVER_MS);
    if (signal !== undefined) abortOn(signal, this);
    try {
      if (signal?.aborted) throw signal.reason;
      const handshake = new Handshake(this.#settings);
      const url = target.href.replace(/^ws/, 'http');
      const { head, tunnel, content } = await openTunnel(client, {
        request: (userAgent) => handshake.request(url, userAgent, this.#controller.signal),
        turn: this.#turn,
        onClosing,
      });
      void content?.stream.cancel();
      try {
        return { tunnel: tunnel!, negotiated: handshake.read(head, tunnel?.version) };
      } catch (error) {
        tunnel?.abort();
        throw error;
      }
    } finally {
      clearTimeout(timer);
      if (signal !== undefined) forgetAbort(signal, this);
      this.#turn.end();
    }
  }

  #onTimeout(): void {
    this.abort(clientError('ERR_HTTP_TIMEOUT', 'The WebSocket was not open in time: handshakeTimeout'));
  }
}

/** WebSockets Standard, "new WebSocket(url, protocols)". */
function parseUrl(given: string | URL): URL {
  const text = String(given);
  if (!URL.canParse(text))
    throw new DOMException(`WebSocket: expected an absolute URL, got ${JSON.stringify(text)}`, 'SyntaxError');
  const url = new URL(text);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:')
    throw new DOMException(`WebSocket: the scheme ${url.protocol} is not ws or wss`, 'SyntaxError');
  if (url.href.includes('#'))
    throw new DOMException('WebSocket: a URL must not have a fragment (RFC 6455 §3)', 'SyntaxError');
  if (url.username !== '' || url.password !== '')
    throw new DOMException(
      'WebSocket: a URL must not have credentials; send Authorization instead',
      'SyntaxError',
    );
  return url;
}
