/** The header section of a request, apart from its request-line: host, framing, and the fields about this hop. */

import { Rejection } from '../../octets/rejection.ts';
import { isAuthority } from '../../semantics/address/authority.ts';
import { parseConnectionOptions, UPGRADE_OPTION } from '../../semantics/connection/connection-options.ts';
import { parseExpect } from '../../semantics/expect.ts';
import { FieldSection } from '../../semantics/field-section.ts';
import { listMembers } from '../../semantics/field-syntax.ts';
import type { ConnectRequest } from '../../semantics/request-head.ts';
import { type Framing, requestFraming } from '../content/framing.ts';
import type { MessageLimits } from '../limits.ts';
import { REJECTIONS } from '../rejections.ts';
import {
  CONNECTION,
  CONTENT_LENGTH,
  EXPECT,
  type FieldSectionScanner,
  HOST,
  TRANSFER_ENCODING,
  UPGRADE,
} from './field-section-scanner.ts';

export interface HeaderSection {
  /** Its octets, one character each, with the empty line that ends it. */
  readonly text: string;
  /** The minor version of the request, on which the meaning of the section depends. */
  readonly minor: number;
  readonly fields: FieldSection;
  /** The value of Host; empty if an HTTP/1.0 request has none. */
  readonly host: string;
  readonly framing: Framing;
  /** The declared length of the content is beyond the limit. */
  readonly declaresTooMuch: boolean;
  /** Connection options, as flags of `semantics/connection/connection-options`. */
  readonly connectionOptions: number;
  /** Whether the client waits for 100 (Continue) before it sends content (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
  /** The protocol that the request offers to upgrade to (RFC 9110 §7.8). */
  readonly upgrade: ConnectRequest | undefined;
}

/**
 * Reads a section that has been scanned.
 *
 * @param text the octets of the section, which start at `start` in the scanned buffer.
 */
export function readHeaderSection(
  text: string,
  start: number,
  section: FieldSectionScanner,
  minor: number,
  limits: MessageLimits,
): HeaderSection | Rejection {
  const value = (field: number): string =>
    text.slice(section.notedStart[field]! - start, section.notedEnd[field]! - start);
  const { noted } = section;
  const fields = new FieldSection(text);

  let host = '';
  if (noted[HOST]! > 0) {
    // RFC 9112 §3.2: a server MUST answer 400 to more than one Host, and to an invalid one.
    if (noted[HOST]! > 1) return REJECTIONS.HostRepeated;
    host = value(HOST);
    if (!isAuthority(host)) return REJECTIONS.HostSyntax;
  } else if (minor >= 1) {
    return REJECTIONS.HostMissing;
  }

  const framing = requestFraming({
    minor,
    transferEncodingLines: noted[TRANSFER_ENCODING]!,
    transferEncoding: noted[TRANSFER_ENCODING]! > 0 ? value(TRANSFER_ENCODING) : '',
    contentLengthLines: noted[CONTENT_LENGTH]!,
    contentLength: noted[CONTENT_LENGTH]! > 0 ? value(CONTENT_LENGTH) : '',
  });
  if (framing instanceof Rejection) return framing;
  const declaresTooMuch = framing.kind === 'length' && limits.content > 0 && framing.length > limits.content;

  // HTTP/1.0 has neither expectations nor upgrades: both are ignored there (RFC 9110 §10.1.1, §7.8).
  let expectsContinue = false;
  if (minor >= 1 && noted[EXPECT]! > 0) {
    const expectation = parseExpect(noted[EXPECT]! > 1 ? fields.get('expect')! : value(EXPECT));
    if (expectation === 'unknown' && !declaresTooMuch) return REJECTIONS.ExpectationFailed;
    // Without content the client does not wait.
    expectsContinue = expectation === 'continue' && framing.kind !== 'none';
  }
  let connectionOptions = 0;
  if (noted[CONNECTION]! > 0) {
    const options = noted[CONNECTION]! > 1 ? fields.get('connection')! : value(CONNECTION);
    connectionOptions = parseConnectionOptions(options);
  }
  const offersUpgrade = noted[UPGRADE]! > 0 && minor >= 1 && (connectionOptions & UPGRADE_OPTION) !== 0;
  const upgrade = offersUpgrade ? firstUpgrade(fields.get('upgrade')!) : undefined;
  return {
    ...{ text, minor, fields, host, framing, declaresTooMuch, connectionOptions, expectsContinue, upgrade },
  };
}

/** The first protocol that the client offers. Empty members are ignored (RFC 9110 §5.6.1.2, §7.8). */
function firstUpgrade(value: string): ConnectRequest | undefined {
  const protocol = listMembers(value).find((member) => member !== '');
  return protocol === undefined ? undefined : { protocol: protocol.toLowerCase() };
}
