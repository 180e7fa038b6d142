/** The head of a request in any version of HTTP, as an exchange sees it (RFC 9110 §6.2, §7.1). */
import type { FieldSection } from './field-section.ts';

export interface RequestHead {
  /** As sent: methods are case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /** The scheme that the request names; `undefined` where the connection decides. */
  readonly scheme: string | undefined;
  /** The authority that the request is for (RFC 9110 §7.1); empty when an HTTP/1.0 request names none. */
  readonly authority: string;
  /** Path and query as sent, `*` for OPTIONS, or empty for CONNECT. */
  readonly path: string;
  readonly fields: FieldSection;
  readonly version: '1.0' | '1.1' | '2';
  /** Whether content follows the head. */
  readonly hasContent: boolean;
  /** Whether the client waits for 100 (Continue) before it sends content (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
  /** The tunnel that the request asks for; `undefined` for an ordinary request. */
  readonly connect: ConnectRequest | undefined;
  /** The head as text, one character an octet: as received over HTTP/1, as decoded lines over HTTP/2. */
  readonly text: string;
}

/** CONNECT (RFC 9110 §9.3.6), extended CONNECT (RFC 8441), or an offer to upgrade (RFC 9110 §7.8). */
export interface ConnectRequest {
  /** The protocol of the tunnel in lower case, the first one that `Upgrade` offers; `null` for a plain CONNECT. */
  readonly protocol: string | null;
}
