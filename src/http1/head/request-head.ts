/** The head of a request, checked and understood: request-line, header section, and what follows from them. */
import { sameAuthority } from '../../semantics/address/authority.ts';
import type { Framing } from '../content/framing.ts';
import { REJECTIONS, type Rejection } from '../rejections.ts';
import type { FieldSection } from './field-section.ts';
import type { HeaderSection } from './header-section.ts';
import { parseRequestTarget, type RequestTarget, type TargetForm } from './request-target.ts';

export class RequestHead {
  /** As sent: methods are case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  readonly form: TargetForm;
  /** What an absolute-form says, `http` or `https`; else the connection tells. */
  readonly scheme: string | undefined;
  /** Path and query as sent, `*`, or empty in authority-form. */
  readonly path: string;
  /** The authority the request is for (RFC 9110 §7.1), empty when an HTTP/1.0 request names none. */
  readonly authority: string;
  readonly section: HeaderSection;
  readonly #line: string;

  constructor(
    line: string,
    method: string,
    target: RequestTarget,
    authority: string,
    section: HeaderSection,
  ) {
    this.method = method;
    this.form = target.form;
    this.scheme = target.scheme;
    this.path = target.path;
    this.authority = authority;
    this.section = section;
    this.#line = line;
  }

  /** The minor version: HTTP/1.2 and later are handled as 1.1 (RFC 9110 §2.5). */
  get minor(): number {
    return this.section.minor;
  }

  get fields(): FieldSection {
    return this.section.fields;
  }

  get framing(): Framing {
    return this.section.framing;
  }

  /** Connection options, as flags of `semantics/connection-options`. */
  get connectionOptions(): number {
    return this.section.connectionOptions;
  }

  /** The client waits for 100 (Continue) before it sends content (RFC 9110 §10.1.1). */
  get expectsContinue(): boolean {
    return this.section.expectsContinue;
  }

  /** The value of `Upgrade`, if the request offers to change protocols (RFC 9110 §7.8). */
  get upgrade(): string | undefined {
    return this.section.upgrade;
  }

  /** The octets of the head, one character each. */
  get text(): string {
    return this.#line + this.section.text;
  }
}

/** Puts the parts together. @param line the octets of the request-line, one character each, with its CRLF. */
export function assembleRequestHead(
  line: string,
  method: string,
  target: string,
  section: HeaderSection,
): RequestHead | Rejection {
  const parsed = parseRequestTarget(method, target);
  if ('status' in parsed) return parsed;
  if (parsed.authority === undefined) return new RequestHead(line, method, parsed, section.host, section);
  // RFC 9112 §3.2.2 lets the target win; two different answers to "which host?" are refused here instead.
  const defaultPort = parsed.scheme === 'https' ? '443' : '80';
  if (section.host !== '' && !sameAuthority(section.host, parsed.authority, defaultPort))
    return REJECTIONS.HostMismatch;
  return new RequestHead(line, method, parsed, parsed.authority, section);
}
