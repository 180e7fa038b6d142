/** The head of a request, made from the decoded fields after the checks of RFC 9113 §8.2 and §8.3. */
import type { HeaderField } from '../../hpack/header-field.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { isHostAndPort, sameAuthority } from '../../semantics/address/authority.ts';
import { parseContentLength } from '../../semantics/content-length.ts';
import { FieldSection } from '../../semantics/field-section.ts';
import type { ConnectRequest, RequestHead } from '../../semantics/request-head.ts';
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import type { Http2Limits } from '../limits.ts';
import { HTTP2_REJECTIONS } from '../rejections.ts';
import * as marks from './field-marks.ts';

const { faultOf, markField } = marks;

const NO_CONTENT_LENGTH = -1;
/** A plain CONNECT names no protocol for its tunnel (RFC 9110 §9.3.6). */
const PLAIN_CONNECT: ConnectRequest = { protocol: null };

export class Http2RequestHead implements RequestHead {
  readonly version = '2';
  readonly method: string;
  readonly scheme: string | undefined;
  readonly authority: string;
  readonly path: string;
  readonly fields: FieldSection;
  readonly hasContent: boolean;
  readonly expectsContinue: boolean;
  readonly connect: ConnectRequest | undefined;
  /** The value of Content-Length, or -1. */
  readonly contentLength: number;
  /** The reason why the request is refused with a status, if it is. */
  readonly rejection: Rejection | undefined;
  readonly #lines: readonly HeaderField[];

  constructor(reader: RequestHeadReader, lines: readonly HeaderField[], endsStream: boolean) {
    this.method = reader.method;
    this.scheme = reader.scheme === '' ? undefined : reader.scheme;
    this.authority = reader.authority;
    this.path = reader.path;
    this.fields = FieldSection.of(reader.names, reader.values);
    this.connect = reader.connect;
    // The octets after a CONNECT are those of the tunnel (RFC 9113 §8.5).
    this.hasContent = !endsStream && reader.connect === undefined;
    this.expectsContinue = reader.expectsContinue && this.hasContent;
    this.contentLength = reader.contentLength;
    this.rejection = reader.rejection;
    this.#lines = lines;
  }

  /** The decoded fields as lines, with pseudo-fields. It is made for people: HTTP/2 does not send such text. */
  get text(): string {
    return `${this.#lines.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`;
  }
}

export interface RequestHeadFacts {
  readonly limits: Http2Limits;
  /** SETTINGS_ENABLE_CONNECT_PROTOCOL has been sent (RFC 8441 §3). */
  readonly allowsConnectProtocol: boolean;
  readonly endsStream: boolean;
}

/** @returns the head, or the reason why it is malformed (RFC 9113 §8.1.1). */
export function readRequestHead(
  lines: readonly HeaderField[],
  facts: RequestHeadFacts,
): Http2RequestHead | Http2Error {
  const reader = new RequestHeadReader();
  const fault = reader.read(lines, facts);
  return fault ?? new Http2RequestHead(reader, lines, facts.endsStream);
}

class RequestHeadReader {
  method = '';
  scheme = '';
  authority = '';
  path = '';
  contentLength = NO_CONTENT_LENGTH;
  expectsContinue = false;
  connect: ConnectRequest | undefined;
  rejection: Rejection | undefined;
  readonly names: string[] = [];
  readonly values: string[] = [];
  #protocol = '';
  #host = '';
  #pathMark = 0;
  /** The index of the Cookie field, to which further Cookie fields are joined (RFC 9113 §8.2.3). */
  #cookieAt = -1;
  /** The pseudo-fields so far, one bit each. */
  #seen = 0;

  read(lines: readonly HeaderField[], facts: RequestHeadFacts): Http2Error | undefined {
    for (const field of lines) {
      const mark = field.mark === 0 ? markField(field) : field.mark;
      const fault =
        mark < marks.HOST && mark > marks.ORDINARY ? this.#pseudo(mark, field) : this.#field(mark, field);
      if (fault !== undefined) return fault;
    }
    const { limits } = facts;
    // RFC 9113 §8.5: CONNECT has other pseudo-fields than other methods.
    const fault = this.method === 'CONNECT' ? this.#checkConnect(facts) : this.#checkTarget();
    if (fault !== undefined) return fault;
    // RFC 9113 §8.1.1: without DATA, the length of the content is 0.
    if (facts.endsStream && this.contentLength > 0) return HTTP2_ERRORS.ContentLengthMismatch;
    if (this.names.length > limits.fieldLines) this.rejection = HTTP2_REJECTIONS.TooManyFieldLines;
    else if (this.path.length + this.method.length > limits.requestLine)
      this.rejection = HTTP2_REJECTIONS.TargetTooLong;
    else if (limits.content > 0 && this.contentLength > limits.content)
      this.rejection ??= HTTP2_REJECTIONS.ContentTooLarge;
    return this.#addHost();
  }

  #pseudo(mark: number, { value }: HeaderField): Http2Error | undefined {
    // RFC 9113 §8.3: all pseudo-fields come before regular fields, each at most once.
    if (this.names.length > 0) return HTTP2_ERRORS.PseudoFieldLate;
    const bit = 1 << (mark === marks.PATH_ASTERISK ? marks.PATH : mark);
    if ((this.#seen & bit) !== 0) return HTTP2_ERRORS.PseudoFieldRepeated;
    this.#seen |= bit;
    switch (mark) {
      case marks.METHOD:
        this.method = value;
        return undefined;
      case marks.SCHEME:
        this.scheme = value.toLowerCase();
        return undefined;
      case marks.AUTHORITY:
        this.authority = value;
        return undefined;
      case marks.PROTOCOL:
        this.#protocol = value;
        return undefined;
      case marks.STATUS:
        return HTTP2_ERRORS.PseudoFieldUnknown;
      default:
        this.path = value;
        this.#pathMark = mark;
        return undefined;
    }
  }

  #field(mark: number, { name, value }: HeaderField): Http2Error | undefined {
    switch (mark) {
      case marks.ORDINARY:
        break;
      case marks.COOKIE:
        if (this.#cookieAt >= 0) {
          this.values[this.#cookieAt] += `; ${value}`;
          return undefined;
        }
        this.#cookieAt = this.names.length;
        break;
      case marks.HOST:
        if (this.#host !== '') return HTTP2_ERRORS.HostRepeated;
        this.#host = value;
        break;
      case marks.CONTENT_LENGTH:
        // As in HTTP/1.1, a repeated Content-Length is refused even if the values are equal.
        if (this.contentLength !== NO_CONTENT_LENGTH) return HTTP2_ERRORS.ContentLengthSyntax;
        this.contentLength = parseContentLength(value);
        break;
      case marks.EXPECT_CONTINUE:
        this.expectsContinue = true;
        break;
      case marks.EXPECT_OTHER:
        this.rejection = HTTP2_REJECTIONS.ExpectationFailed;
        break;
      default:
        return faultOf(mark);
    }
    this.names.push(name);
    this.values.push(value);
    return undefined;
  }

  /** RFC 9113 §8.3.1: a request has a method, a scheme and a path, and for http and https an authority. */
  #checkTarget(): Http2Error | undefined {
    if (this.#protocol !== '') return HTTP2_ERRORS.ProtocolWithoutConnect;
    if (this.method === '' || this.scheme === '' || this.path === '') return HTTP2_ERRORS.PseudoFieldMissing;
    if (this.#pathMark === marks.PATH_ASTERISK && this.method !== 'OPTIONS') return HTTP2_ERRORS.PathSyntax;
    return this.#checkAuthority();
  }

  #checkConnect({ allowsConnectProtocol }: RequestHeadFacts): Http2Error | undefined {
    if (this.#protocol !== '') {
      // RFC 9113 §8.3: the pseudo-field of an extension is only allowed after the extension was negotiated.
      if (!allowsConnectProtocol) return HTTP2_ERRORS.PseudoFieldUnknown;
      // RFC 8441 §4: with :protocol, :scheme and :path are required, and :authority has its usual meaning.
      if (this.scheme === '' || this.path === '') return HTTP2_ERRORS.PseudoFieldMissing;
      if (this.#pathMark === marks.PATH_ASTERISK) return HTTP2_ERRORS.PathSyntax;
      this.connect = { protocol: this.#protocol.toLowerCase() };
      return this.#checkAuthority();
    }
    if (this.scheme !== '' || this.path !== '' || !isHostAndPort(this.authority))
      return HTTP2_ERRORS.ConnectTarget;
    this.connect = PLAIN_CONNECT;
    return this.#checkAuthority();
  }

  #checkAuthority(): Http2Error | undefined {
    if (this.authority === '') {
      if (this.#host === '') return HTTP2_ERRORS.AuthorityMissing;
      this.authority = this.#host;
      return undefined;
    }
    // Stricter than RFC 9113 §8.3.1, where :authority overrides Host: two different hosts are refused.
    const defaultPort = this.scheme === 'https' ? '443' : '80';
    if (this.#host !== '' && !sameAuthority(this.#host, this.authority, defaultPort))
      return HTTP2_ERRORS.HostMismatch;
    return undefined;
  }

  /** Adds Host for applications, which look for it as in HTTP/1.1. RFC 9113 §8.3.1 requires the same of a gateway. */
  #addHost(): undefined {
    if (this.#host !== '') return;
    this.names.unshift('host');
    this.values.unshift(this.authority);
  }
}
