/**
 * The wire that an HTTP/1 connection is: one exchange after the other, each response framed by RFC 9112 §6 and written to
 * the connection's output.
 */
import type { ContentEncoder } from '../../http1/content/content-encoder.ts';
import { serializeInterimResponse, serializeStatusLine } from '../../http1/response-encoder.ts';
import type { ServerConnection } from '../../http1/server-connection.ts';
import { nativeLatin1 } from '../../io/latin1.ts';
import type { Outbound } from '../../io/outbound.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';
import type { Carried, OpenedTunnel, Wire, WireAddresses, WireHead, WireSecurity } from '../exchange/wire.ts';
import type { ConnectionObserver, ExchangeObserver, ObservedExchange } from '../observer.ts';
import { MOST_DISCARDED } from './awaited.ts';

/** Pieces up to this size are collected as text, as cheap as their framing. */
const TINY_PIECE = 256;
/** Pieces up to this size are copied, to leave in one write with those around them: four of 8 KiB take 0.36 × of the CPU. */
const SMALL_PIECE = 16 * 1024;

/** What a wire takes from its connection. */
export interface WireHost {
  readonly connection: ServerConnection;
  readonly outbound: Outbound;
  readonly addresses: WireAddresses;
  readonly observer: ConnectionObserver | undefined;
  /** The server wants this response to be the connection's last. */
  readonly isEnding: boolean;
  /** `Date: …` CRLF. */
  readonly dateLine: string;
  /** `Keep-Alive: timeout=…` CRLF, or empty. */
  readonly keepAliveLine: string;
  flush(): void;
  onContentWanted(): void;
  onContentRefused(): void;
  onResponseEnd(): void;
  destroy(error: unknown): void;
  handOver(status: number): OpenedTunnel;
}

export class Http1Wire implements Wire {
  /** The exchange that is carried now. */
  exchange: Carried | undefined;
  readonly security: WireSecurity;
  /** HTTP/1 has no PRIORITY_UPDATE, and delivers one response at a time. */
  readonly clientPriority = undefined;
  readonly #host: WireHost;
  readonly #connection: ServerConnection;
  readonly #outbound: Outbound;
  #encoder: ContentEncoder | undefined;

  constructor(host: WireHost, security: WireSecurity) {
    this.#host = host;
    this.#connection = host.connection;
    this.#outbound = host.outbound;
    this.security = security;
  }

  get addresses(): WireAddresses {
    return this.#host.addresses;
  }

  get requestIsComplete(): boolean {
    return this.#connection.requestIsComplete;
  }

  /** Only chunked content can be followed by trailer fields (RFC 9112 §7.1.2). */
  get sendsTrailers(): boolean {
    return this.#connection.framing.kind === 'chunked';
  }

  get isBlocked(): boolean {
    return this.#outbound.isBlocked;
  }

  observe(exchange: ObservedExchange): ExchangeObserver | undefined {
    return this.#host.observer?.onExchange(exchange, 0, this.#connection.buffered);
  }

  carry(exchange: Carried): void {
    this.exchange = exchange;
  }

  // --- the response ---

  sendInterim(status: number, fields: FieldLines | undefined): void {
    this.#outbound.text(serializeInterimResponse(status, fields));
    this.#host.flush();
  }

  sendWhole(head: WireHead, content: string | Uint8Array | null): void {
    this.#begin(head);
    if (content === null || content.length === 0 || this.#connection.framing.kind === 'none') return;
    if (typeof content === 'string') this.#outbound.text(content);
    else if (content.length <= SMALL_PIECE) this.#outbound.piece(content);
    else this.#outbound.octets(content);
  }

  sendHead(head: WireHead): boolean {
    this.#begin(head);
    if (this.#connection.framing.kind === 'none') return false;
    this.#encoder = this.#connection.contentEncoder();
    return true;
  }

  #begin({ status, reason, fields, contentLength }: WireHead): void {
    const head = this.#connection.beginResponse({
      status,
      reason,
      fields,
      contentLength,
      dateLine: this.#host.dateLine,
      keepAliveLine: this.#host.keepAliveLine,
      serverCloses: this.#isLastResponse,
    });
    this.#outbound.text(head);
  }

  /** Whether the response that begins now has to be the connection's last, whatever its fields say. */
  get #isLastResponse(): boolean {
    if (this.#host.isEnding) return true;
    const { exchange } = this;
    const connection = this.#connection;
    // The client of a CONNECT may have sent octets for the tunnel: they must not be taken for requests.
    if (connection.request!.form === 'authority') return true;
    if (exchange?.content === undefined) return false;
    // A client that waits for 100 may send the content or leave it, and the server can't tell which (RFC 9110 §10.1.1).
    if (exchange.owesContinue) return true;
    const { contentRemaining } = connection;
    return !exchange.content.hasReader && contentRemaining > MOST_DISCARDED && contentRemaining !== Infinity;
  }

  sendPiece(octets: Uint8Array): void {
    const encoder = this.#encoder!;
    const before = encoder.before(octets.length);
    if (octets.length <= TINY_PIECE) {
      this.#outbound.text(before + nativeLatin1(octets, 0, octets.length) + encoder.after);
    } else if (octets.length <= SMALL_PIECE) {
      this.#outbound.text(before);
      this.#outbound.piece(octets);
      this.#outbound.text(encoder.after);
    } else {
      this.#outbound.text(before);
      this.#outbound.octets(octets);
      this.#outbound.text(encoder.after);
    }
  }

  lendPiece(octets: Uint8Array): Promise<void> {
    const encoder = this.#encoder!;
    this.#outbound.text(encoder.before(octets.length));
    const taken = this.#outbound.lend(octets);
    this.#outbound.text(encoder.after);
    this.#host.flush();
    return taken;
  }

  endContent(trailers: FieldLines | undefined): void {
    this.#outbound.text(this.#encoder!.end(trailers?.lines));
  }

  drained(): Promise<void> {
    return this.#outbound.drained();
  }

  flush(): void {
    this.#host.flush();
  }

  flushSoon(): void {
    this.#outbound.flushSoon(this.#host);
  }

  release(): void {
    this.#encoder = undefined;
    this.#connection.endResponse();
    this.#host.onResponseEnd();
  }

  abort(error: unknown): void {
    this.#host.destroy(error);
  }

  prioritize(): void {}

  onHandlerEnd(): void {}

  // --- the request's content ---

  onContentWanted(): void {
    this.#host.onContentWanted();
  }

  onContentRefused(): void {
    this.#host.onContentRefused();
  }

  // --- the tunnel ---

  openTunnel(fields: FieldLines, protocol: string | null): OpenedTunnel {
    const status = protocol === null ? 200 : 101;
    const upgrade = protocol === null ? '' : `Connection: upgrade\r\nUpgrade: ${protocol}\r\n`;
    const dateLine = fields.hasDate ? '' : this.#host.dateLine;
    // Neither response has content, and neither may say anything about its framing (RFC 9110 §9.3.6, §15.2).
    this.#outbound.text(`${serializeStatusLine(status)}${fields.lines}${dateLine}${upgrade}\r\n`);
    return this.#host.handOver(status);
  }
}
