/** What the behavioural tests of an exchange need of a wire: a server behind it, and clients on its other side. */
import type { Duplex } from 'node:stream';
import type { Handler, ServerOptions } from '../../src/index.ts';

export interface SentRequest {
  readonly method?: string;
  readonly path?: string;
  readonly fields?: Readonly<Record<string, string | string[]>>;
  /** The whole content; `'later'` when the test sends it piece by piece. Without it the request has none. */
  readonly content?: string | Uint8Array | 'later';
  readonly trailers?: Readonly<Record<string, string>>;
}

export interface ReceivedHead {
  readonly status: number;
  /** Lower-case names; the lines of a repeated field joined by comma and space, of `set-cookie` by a newline. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The client's side of one exchange. */
export interface Peer {
  readonly interims: readonly ReceivedHead[];
  /** Rejects when the exchange is cut off before there is a final response. */
  head(): Promise<ReceivedHead>;
  /** The whole content as latin1. Rejects when it is cut off. */
  content(): Promise<string>;
  /** After `content`: the trailer fields. */
  trailers(): Promise<Readonly<Record<string, string>>>;
  send(octets: string | Uint8Array): void;
  end(): void;
  /** Reads nothing of the response until `resume`. To be called before the response begins. */
  pause(): void;
  resume(): void;
  /** Leaves without a word. */
  leave(): void;
}

/** The client's side of a tunnel, once the server has accepted it. */
export interface TunnelPeer {
  readonly head: ReceivedHead;
  readonly octets: Duplex;
}

export interface RunningWire extends AsyncDisposable {
  ask(request: SentRequest): Peer;
  /** Rejects with the head of any other response. @param protocol `undefined` for a plain CONNECT. */
  openTunnel(protocol: string | undefined, fields?: Readonly<Record<string, string>>): Promise<TunnelPeer>;
  /** New requests are answered 503. */
  setBusy(isBusy: boolean): void;
}

export interface WireKind {
  readonly name: string;
  /** `ctx.alpnProtocol`, `ctx.encrypted` and the scheme of URLs. */
  readonly alpnProtocol: string;
  readonly encrypted: boolean;
  /** Whether a client can be slow to read, so that sources wait for it. */
  readonly hasBackPressure: boolean;
  /** Whether `limits.maxRequestBodySize` is the business of the wire's decoder. */
  readonly limitsContent: boolean;
  start(handler: Handler, options?: ServerOptions): Promise<RunningWire>;
}
