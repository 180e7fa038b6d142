/** What the inspector sends to its page, as JSON. Times are in milliseconds since the recorder began. */

export interface ConnectionRow {
  readonly id: number;
  readonly remote: string;
  readonly local: string;
  readonly openedAt: number;
  isHttp2: boolean;
  /** What the TLS handshake has agreed on, and when. */
  tls?: TlsRow;
  closedAt?: number;
  /** Why it was closed, in a sentence. */
  ending?: string;
  /** Octets of the connection, decrypted. */
  received: number;
  sent: number;
  /** Exchanges of it, those that are not kept included. */
  exchanges: number;
}

export interface TlsRow {
  readonly at: number;
  readonly protocol: string;
  readonly cipher: string;
  readonly alpnProtocol: string;
  readonly serverName: string | null;
  readonly isResumed: boolean;
}

export interface ExchangeRow {
  readonly id: number;
  readonly connection: number;
  /** 0 for HTTP/1. */
  readonly stream: number;
  /** Values of the query whose names sound secret are hidden. */
  method: string;
  path: string;
  readonly version: string;
  /** The first octet of the request has arrived. */
  readonly arrivedAt: number;
  /** The connection had finished what was before it. */
  readonly beganAt: number;
  /** The head is complete. */
  readonly headAt: number;
  /** The content of the request is complete; the same as `headAt` where there is none. */
  requestEndAt?: number;
  /** The final response has begun. */
  answeredAt?: number;
  /** The response has been handed to the transport, or was cut off. */
  endAt?: number;
  /** 0 before the final response begins. */
  status: number;
  state: string;
  readonly states: StateRow[];
  /** The response was cut off: why. */
  error?: string;
  refused?: RefusalRow;
  /** Octets of its messages; over HTTP/2 of its frames. */
  received: number;
  sent: number;
}

export interface StateRow {
  readonly at: number;
  readonly operation: string;
  readonly state: string;
}

/** Why a request was refused before the application heard of it. */
export interface RefusalRow {
  readonly reason: string;
  readonly status: number;
  readonly section: string;
  readonly sentence: string;
}

/** A named piece of a message. */
export interface Part {
  readonly kind: string;
  /** As the RFC calls it. */
  readonly name: string;
  readonly note: string;
  readonly source: string;
  readonly url: string;
  /** One character an octet; empty if hidden. */
  readonly text: string;
  readonly length: number;
  readonly isHidden?: true;
  /** What to show in place of octets that mean a number or bits. */
  readonly meaning?: string;
  /** The octets of it that broke a rule. */
  readonly broken?: { readonly start: number; readonly end: number };
}

/** A line of a message over HTTP/1; a frame over HTTP/2. */
export interface PartLine {
  readonly title: string;
  readonly note: string;
  readonly source: string;
  readonly url: string;
  readonly parts: readonly Part[];
  /** These octets have not been on the wire like this: HPACK has compressed them. */
  readonly isDecoded?: true;
  /** What the header block that begins in this frame says. */
  readonly block?: HeaderBlock;
}

/** A header block, as HPACK has written it (RFC 7541 §6). */
export interface HeaderBlock {
  readonly fields: readonly EncodedField[];
  /** Octets of the block, and of the names and values that it stands for. */
  readonly octets: number;
  readonly decoded: number;
  /** The dynamic table after this block, the newest entry first. */
  readonly table: readonly { readonly index: number; readonly name: string; readonly value: string }[];
  /** Entries of the table that are left out here. */
  readonly omitted: number;
  /** Octets as RFC 7541 §4.1 counts them, with 32 for each entry. */
  readonly size: number;
  readonly maxSize: number;
}

export interface EncodedField {
  readonly name: string;
  /** `[hidden]` for a secret. */
  readonly value: string;
  /** How it was written, in a few words. */
  readonly form: string;
  readonly source: string;
  readonly url: string;
  /** Octets in the block, and of the name and the value. */
  readonly octets: number;
  readonly decoded: number;
  /** It broke a rule. */
  readonly isBroken?: true;
}

export interface MessageDetail {
  readonly title: string;
  readonly lines: readonly PartLine[];
  /** Octets that were not kept. */
  readonly omitted: number;
}

export interface ExchangeDetail {
  readonly id: number;
  readonly request: MessageDetail;
  readonly response: MessageDetail;
  /** Frames of the whole connection (stream 0), where it speaks HTTP/2. */
  readonly connectionFrames: readonly PartLine[];
  /** A command that sends the request again. */
  readonly curl: string;
  /** Which octets broke the rule, where that is known. */
  readonly fault?: { readonly sentence: string; readonly section: string; readonly note: string };
  /** Of the exchange, unless the request was refused before it became one; over HTTP/2 also of its stream. */
  readonly diagrams: readonly StateDiagram[];
}

/** A table of states, and the way through it that was taken. Times are in milliseconds after the first octet of the request. */
export interface StateDiagram {
  readonly title: string;
  readonly note: string;
  readonly link?: { readonly source: string; readonly url: string };
  /** The first is the initial one. */
  readonly states: readonly string[];
  readonly edges: readonly StateEdge[];
  readonly began: { readonly after: number; readonly note: string };
  readonly steps: readonly StateStep[];
}

export interface StateEdge {
  readonly from: string;
  readonly to: string;
  readonly events: readonly string[];
}

export interface StateStep {
  readonly after: number;
  readonly event: string;
  readonly from: string;
  /** `undefined` if the event was an error in this state. */
  readonly to: string | undefined;
  readonly note: string;
  /** How often it happened in a row. */
  readonly times: number;
}

export interface ServerRow {
  /** Percentiles in milliseconds; `undefined` if the runtime does not measure. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number } | undefined;
  /** Bytes. */
  readonly memory: { readonly rss: number; readonly heapUsed: number };
  readonly counts: Readonly<Record<string, number>>;
  /** Seconds since the server was made observable. */
  readonly uptime: number;
  readonly draining: boolean;
  readonly urls: readonly string[];
  /** Where experiments can reach it; a unix socket by its path. */
  readonly places: readonly string[];
  /** Exchanges that were not recorded, because there were too many in a second. */
  readonly skipped: number;
}

/** An experiment that the page offers. */
export interface ExperimentCard {
  readonly name: string;
  readonly group: string;
  readonly title: string;
  readonly summary: string;
}

/** What went over the wire at once, or what happened to a connection. Times are in milliseconds since the experiment began. */
export interface TranscriptEntry {
  /** Connections of an experiment are numbered from 1. */
  readonly connection: number;
  readonly from: 'client' | 'server' | 'event';
  readonly at: number;
  /** The same as `at`, except for what came in several pieces. */
  readonly until: number;
  /** Writes or reads. */
  readonly pieces: number;
  readonly octets: number;
  readonly lines: readonly PartLine[];
  /** Of an event: what happened. */
  readonly text: string;
}

/** One sentence or two of an explanation. */
export interface Sentence {
  readonly text: string;
  /** The section that it stands on, with its URL. */
  readonly source?: string;
  readonly url?: string;
}

export interface ExperimentReport {
  readonly name: string;
  /** `refused`: it has not begun. `unreachable`: no connection came about. */
  readonly state: 'running' | 'done' | 'unreachable' | 'refused';
  readonly place: string;
  readonly path: string;
  /** Its connections are encrypted: what is shown was encrypted on the wire. */
  readonly isSecure: boolean;
  /** Milliseconds. */
  readonly took: number;
  /** By connection: its row in the recorder, where it is known. */
  readonly lanes: readonly (number | null)[];
  readonly entries: readonly TranscriptEntry[];
  /** Entries that were not kept. */
  readonly omitted: number;
  readonly explanation: readonly Sentence[];
}

/** To the page. */
export type Notice =
  | { readonly type: 'hello'; readonly limits: { readonly exchanges: number; readonly connections: number } }
  | {
      readonly type: 'news';
      readonly now: number;
      readonly connections: readonly ConnectionRow[];
      readonly exchanges: readonly ExchangeRow[];
      readonly server?: ServerRow;
    }
  | { readonly type: 'detail'; readonly id: number; readonly detail: ExchangeDetail | null }
  | { readonly type: 'experiments'; readonly cards: readonly ExperimentCard[] }
  | { readonly type: 'experiment'; readonly report: ExperimentReport };

/** From the page: asks for the octets of an exchange, or for an experiment. */
export type Question =
  | { readonly type: 'detail'; readonly id: number }
  | {
      readonly type: 'try';
      readonly name: string;
      readonly path: string;
      /** One of `ServerRow.places`. */
      readonly place: string;
    };
