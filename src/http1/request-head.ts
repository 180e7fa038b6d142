/** The head of a request, checked and understood: request-line, header section, and what follows from them. */
import { isAuthority, sameAuthority } from '../semantics/authority.ts';
import { parseConnectionOptions, UPGRADE_OPTION } from '../semantics/connection-options.ts';
import {
  CONNECTION,
  CONTENT_LENGTH,
  EXPECT,
  FieldSection,
  type FieldSectionScanner,
  HOST,
  TRANSFER_ENCODING,
  UPGRADE,
} from './field-section.ts';
import { type Framing, requestFraming } from './framing.ts';
import type { MessageLimits } from './limits.ts';
import { REJECTIONS, type Rejection } from './rejections.ts';
import type { RequestLineScanner } from './request-line.ts';
import { parseRequestTarget, type TargetForm } from './request-target.ts';

export interface RequestHead {
  /** As sent: methods are case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  readonly form: TargetForm;
  /** What an absolute-form says, `http` or `https`; else the connection tells. */
  readonly scheme: string | undefined;
  /** Path and query as sent, `*`, or empty in authority-form. */
  readonly path: string;
  /** The authority the request is for (RFC 9110 §7.1), empty when an HTTP/1.0 request names none. */
  readonly authority: string;
  /** The minor version: HTTP/1.2 and later are handled as 1.1 (RFC 9110 §2.5). */
  readonly minor: number;
  readonly fields: FieldSection;
  readonly framing: Framing;
  /** Connection options, as flags of `semantics/connection-options`. */
  readonly connectionOptions: number;
  /** The client waits for 100 (Continue) before it sends content (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
  /** The value of `Upgrade`, if the request offers to change protocols (RFC 9110 §7.8). */
  readonly upgrade: string | undefined;
  /** The octets of the head, one character each. */
  readonly text: string;
}

/**
 * Puts the head together when both scanners are through.
 *
 * @param text the octets of the head, which start at `start` in what the scanners scanned.
 */
export function assembleRequestHead(
  text: string,
  start: number,
  line: RequestLineScanner,
  section: FieldSectionScanner,
  sectionStart: number,
  limits: MessageLimits,
): RequestHead | Rejection {
  const value = (field: number): string =>
    text.slice(section.notedStart[field]! - start, section.notedEnd[field]! - start);
  const { noted } = section;
  const minor = line.minor;
  const method = text.slice(line.methodStart - start, line.methodEnd - start);
  const target = text.slice(line.targetStart - start, line.targetEnd - start);
  const fields = new FieldSection(text, sectionStart - start);

  const parsed = parseRequestTarget(method, target);
  if ('status' in parsed) return parsed;

  let authority = '';
  if (noted[HOST]! > 0) {
    // RFC 9112 §3.2: more than one Host, or one that is not valid, MUST be answered 400.
    if (noted[HOST]! > 1) return REJECTIONS.HostRepeated;
    authority = value(HOST);
    if (!isAuthority(authority)) return REJECTIONS.HostSyntax;
  } else if (minor >= 1) {
    return REJECTIONS.HostMissing;
  }
  if (parsed.authority !== undefined) {
    // RFC 9112 §3.2.2 lets the target win; two different answers to "which host?" are refused here instead.
    const defaultPort = parsed.scheme === 'https' ? '443' : '80';
    if (authority !== '' && !sameAuthority(authority, parsed.authority, defaultPort))
      return REJECTIONS.HostMismatch;
    authority = parsed.authority;
  }

  const framing = requestFraming({
    minor,
    transferEncodingLines: noted[TRANSFER_ENCODING]!,
    transferEncoding: noted[TRANSFER_ENCODING]! > 0 ? value(TRANSFER_ENCODING) : '',
    contentLengthLines: noted[CONTENT_LENGTH]!,
    contentLength: noted[CONTENT_LENGTH]! > 0 ? value(CONTENT_LENGTH) : '',
  });
  if ('status' in framing) return framing;
  if (framing.kind === 'length' && limits.content > 0 && framing.length > limits.content) {
    return REJECTIONS.ContentTooLarge;
  }

  // HTTP/1.0 knows neither expectations nor upgrades: both are ignored there (RFC 9110 §10.1.1, §7.8).
  let expectsContinue = false;
  if (minor >= 1 && noted[EXPECT]! > 0) {
    if (noted[EXPECT]! > 1 || value(EXPECT).toLowerCase() !== '100-continue')
      return REJECTIONS.ExpectationFailed;
    // Without content there is nothing to wait for.
    expectsContinue = framing.kind !== 'none';
  }
  let connectionOptions = 0;
  if (noted[CONNECTION]! > 0) {
    const options = noted[CONNECTION]! > 1 ? fields.get('connection')! : value(CONNECTION);
    connectionOptions = parseConnectionOptions(options);
  }
  const offersUpgrade = noted[UPGRADE]! > 0 && minor >= 1 && (connectionOptions & UPGRADE_OPTION) !== 0;
  const upgrade = offersUpgrade ? (fields.get('upgrade') ?? undefined) : undefined;

  return {
    method,
    form: parsed.form,
    scheme: parsed.scheme,
    path: parsed.path,
    authority,
    minor,
    fields,
    framing,
    connectionOptions,
    expectsContinue,
    upgrade,
    text,
  };
}
