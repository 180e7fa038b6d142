/**
 * A wire without octets and sockets: what the exchange sends are fields of this object, and what the client does are calls.
 * It shows the least that a protocol has to do to carry an exchange.
 */
import { type Duplex, duplexPair } from 'node:stream';
import { connectionReset } from '../../src/fetch/errors.ts';
import { ContentLengthMismatch, responseMayHaveContent } from '../../src/semantics/content-length.ts';
import type { FieldLines } from '../../src/semantics/field-lines.ts';
import { FieldSection } from '../../src/semantics/field-section.ts';
import type { Carried, OpenedTunnel, Wire, WireHead } from '../../src/server/exchange/wire.ts';

export interface SentHead {
  readonly status: number;
  readonly fields: FieldSection;
}

/** Octets that may wait for the client before the wire is blocked. */
const ROOM = 64 * 1024;

export class MemoryWire implements Wire {
  readonly addresses = {
    remoteAddress: { address: '192.0.2.1', port: 1024, family: 'IPv4' as const },
    localAddress: { address: '192.0.2.2', port: 80, family: 'IPv4' as const },
  };
  readonly security = {
    ...{ encrypted: false, alpnProtocol: 'memory', serverName: null, peerCertificate: null },
    misdirects: () => false,
  };
  readonly sendsTrailers = true;
  readonly clientPriority = undefined;
  requestIsComplete: boolean;
  readonly interims: SentHead[] = [];
  head: SentHead | undefined;
  content = '';
  trailers: FieldSection | undefined;
  /** The response is complete. */
  isReleased = false;
  /** Why the exchange was broken off. */
  error: unknown;
  /** The client's side of a tunnel. */
  tunnel: Duplex | undefined;
  /** The client does not read. */
  isStalled = false;

  #exchange: Carried | undefined;
  #remaining = -1;
  #unread = 0;
  #onDrained: (() => void)[] = [];
  readonly #method: string;
  readonly #pieces: Uint8Array[] = [];
  #hasEnded = false;
  #trailers = FieldSection.of([], []);
  readonly #onChange: () => void;

  constructor(method: string, hasContent: boolean, onChange: () => void) {
    this.#method = method;
    this.requestIsComplete = !hasContent;
    this.#onChange = onChange;
  }

  // --- what the exchange does ---

  get isBlocked(): boolean {
    return this.isStalled && this.#unread >= ROOM;
  }

  carry(exchange: Carried): void {
    this.#exchange = exchange;
  }

  sendInterim(status: number, fields: FieldLines | undefined): void {
    this.interims.push({ status, fields: sectionOf(fields) });
    this.#onChange();
  }

  sendWhole(head: WireHead, content: string | Uint8Array | null): void {
    if (!this.sendHead(head) || content === null) return;
    this.content += typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
  }

  sendHead({ status, fields, contentLength }: WireHead): boolean {
    const length = contentLength < 0 ? '' : `content-length: ${contentLength}\r\n`;
    this.head = { status, fields: new FieldSection(`${fields.lines}${length}\r\n`) };
    this.#remaining = contentLength;
    this.#onChange();
    return responseMayHaveContent(this.#method, status);
  }

  sendPiece(octets: Uint8Array): void {
    if (this.#remaining >= 0) {
      this.#remaining -= octets.length;
      if (this.#remaining < 0) throw new ContentLengthMismatch('too long');
    }
    this.content += Buffer.from(octets).toString('latin1');
    this.#unread += octets.length;
  }

  async lendPiece(octets: Uint8Array): Promise<void> {
    this.sendPiece(octets);
    if (this.isBlocked) await this.drained();
  }

  endContent(trailers: FieldLines | undefined): void {
    if (this.#remaining > 0) throw new ContentLengthMismatch('too short');
    this.trailers = sectionOf(trailers);
  }

  drained(): Promise<void> {
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  prioritize(): void {}

  onHandlerEnd(): void {}

  flush(): void {}

  flushSoon(): void {}

  release(): void {
    this.isReleased = true;
    this.#onChange();
  }

  abort(error: unknown): void {
    if (this.error !== undefined) return;
    this.error = error;
    this.#exchange?.abort(error);
    this.tunnel?.destroy();
    this.#wake();
    this.#onChange();
  }

  onContentWanted(): void {
    this.#deliver();
  }

  onContentRefused(): void {
    this.#pieces.length = 0;
  }

  openTunnel(fields: FieldLines, protocol: string | null): OpenedTunnel {
    const status = protocol === null ? 200 : 101;
    this.head = { status, fields: sectionOf(fields) };
    const [ours, theirs] = duplexPair();
    this.tunnel = theirs;
    this.#onChange();
    return {
      status,
      octets: ours,
      carry: (carried) => this.carry(carried),
      takeReceived: () => new Uint8Array(0),
      onActivity: () => {},
      close: () => ours.destroy(),
      abort: (error) => this.abort(error),
    };
  }

  // --- what the client does ---

  arrive(octets: Uint8Array): void {
    this.#pieces.push(octets);
    this.#deliver();
  }

  end(trailers: Readonly<Record<string, string>> = {}): void {
    this.#hasEnded = true;
    this.#trailers = FieldSection.of(Object.keys(trailers), Object.values(trailers));
    this.#deliver();
  }

  resume(): void {
    this.isStalled = false;
    this.#unread = 0;
    this.#wake();
  }

  leave(): void {
    this.abort(connectionReset('The client has gone'));
  }

  #deliver(): void {
    const content = this.#exchange?.content;
    if (content === undefined || this.requestIsComplete) return;
    while (content.isWanted && this.#pieces.length > 0) content.deliver(this.#pieces.shift()!);
    if (!this.#hasEnded || this.#pieces.length > 0) return;
    this.requestIsComplete = true;
    content.end(this.#trailers);
  }

  #wake(): void {
    for (const onDrained of this.#onDrained.splice(0)) onDrained();
  }
}

function sectionOf(fields: FieldLines | undefined): FieldSection {
  return new FieldSection(`${fields?.lines ?? ''}\r\n`);
}
