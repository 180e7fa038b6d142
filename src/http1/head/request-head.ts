/** The head of an HTTP/1 request: request-line, header section, and the facts that follow from both. */

import { Rejection } from '../../octets/rejection.ts';
import { sameAuthority } from '../../semantics/address/authority.ts';
import type { FieldSection } from '../../semantics/field-section.ts';
import type { ConnectRequest, RequestHead } from '../../semantics/request-head.ts';
import type { Framing } from '../content/framing.ts';
import { REJECTIONS } from '../rejections.ts';
import type { HeaderSection } from './header-section.ts';
import { parseRequestTarget, type RequestTarget, type TargetForm } from './request-target.ts';

/** The two ends of a CONNECT tunnel agree on its protocol, and the server does not know it (RFC 9110 §9.3.6). */
const CONNECT: ConnectRequest = { protocol: null };

export class Http1RequestHead implements RequestHead {
  readonly method: string;
  readonly form: TargetForm;
  /** `http` or `https` in absolute-form; otherwise the connection decides. */
  readonly scheme: string | undefined;
  readonly path: string;
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

  /** Connection options, as flags of `semantics/connection/connection-options`. */
  get connectionOptions(): number {
    return this.section.connectionOptions;
  }

  get expectsContinue(): boolean {
    return this.section.expectsContinue;
  }

  get version(): '1.0' | '1.1' {
    return this.section.minor === 0 ? '1.0' : '1.1';
  }

  get hasContent(): boolean {
    return this.section.framing.kind !== 'none';
  }

  get connect(): ConnectRequest | undefined {
    return this.form === 'authority' ? CONNECT : this.section.upgrade;
  }

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
): Http1RequestHead | Rejection {
  const parsed = parseRequestTarget(method, target);
  if (parsed instanceof Rejection) return parsed;
  if (parsed.authority === undefined)
    return new Http1RequestHead(line, method, parsed, section.host, section);
  // RFC 9112 §3.2.2 uses the authority of the target and ignores Host. A request with two different hosts is refused here.
  const defaultPort = parsed.scheme === 'https' ? '443' : '80';
  if (section.host !== '' && !sameAuthority(section.host, parsed.authority, defaultPort))
    return REJECTIONS.HostMismatch;
  return new Http1RequestHead(line, method, parsed, parsed.authority, section);
}
