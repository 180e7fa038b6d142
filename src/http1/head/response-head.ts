/** The head of a response: status-line, header section, and the facts that follow from both. */

import { Rejection } from '../../octets/rejection.ts';
import { parseConnectionOptions } from '../../semantics/connection/connection-options.ts';
import { FieldSection } from '../../semantics/field-section.ts';
import { withoutOWS } from '../../semantics/field-syntax.ts';
import { type Framing, receivedResponseFraming } from '../content/framing.ts';
import type { ResponseLimits } from '../limits.ts';
import { REJECTIONS } from '../rejections.ts';
import { RESPONSE_REJECTIONS } from '../response-rejections.ts';
import {
  CONNECTION,
  CONTENT_LENGTH,
  type FieldSectionScanner,
  TRANSFER_ENCODING,
  UPGRADE,
} from './field-section-scanner.ts';
import { unfold } from './obs-fold.ts';
import type { StatusLineScanner } from './status-line.ts';

/** The facts about the request on which the meaning of its response depends. */
export interface AnsweredRequest {
  readonly method: string;
  /** The request has an `Upgrade` field, so 101 may answer it. */
  readonly offersUpgrade: boolean;
}

export interface ResponseHead {
  /** Three digits, of which the first is not 0. */
  readonly status: number;
  /** The reason phrase as sent, often empty. A client ignores it (RFC 9112 §4). */
  readonly reason: string;
  /** The minor version: HTTP/1.2 and later are handled as 1.1 (RFC 9110 §2.5). */
  readonly minor: number;
  readonly fields: FieldSection;
  readonly framing: Framing;
  /** Connection options, as flags of `semantics/connection/connection-options`. */
  readonly connectionOptions: number;
  /** The value of `Upgrade`: the new protocol in a 101, otherwise the protocols that the server offers (RFC 9110 §7.8). */
  readonly upgrade: string | undefined;
  /** The response declares content that its status does not allow. The framing of the connection is not reliable then. */
  readonly contradictsItself: boolean;
  /** The octets of the head as received, one character each. */
  readonly text: string;
}

/**
 * Reads a head that has been scanned. Each obs-fold in it is replaced by spaces (RFC 9112 §5.2).
 *
 * @param text the octets of the head, which start at `start` in the scanned buffer.
 */
export function readResponseHead(
  text: string,
  start: number,
  line: StatusLineScanner,
  section: FieldSectionScanner,
  sectionStart: number,
  request: AnsweredRequest,
  limits: ResponseLimits,
): ResponseHead | Rejection {
  const { noted } = section;
  const { status, minor } = line;
  const unfolded = section.hasFolds ? unfold(text) : text;
  const value = (field: number): string =>
    withoutOWS(unfolded, section.notedStart[field]! - start, section.notedEnd[field]! - start);
  const fields = new FieldSection(unfolded, sectionStart - start);
  const framing = receivedResponseFraming({
    requestMethod: request.method,
    status,
    minor,
    transferEncodingLines: noted[TRANSFER_ENCODING]!,
    transferEncoding: noted[TRANSFER_ENCODING]! > 0 ? value(TRANSFER_ENCODING) : '',
    contentLengthLines: noted[CONTENT_LENGTH]!,
    contentLength: noted[CONTENT_LENGTH]! > 0 ? value(CONTENT_LENGTH) : '',
  });
  if (framing instanceof Rejection) return framing;
  if (framing.kind === 'length' && limits.content > 0 && framing.length > limits.content)
    return REJECTIONS.ContentTooLarge;
  const connectionOptions =
    noted[CONNECTION]! === 0
      ? 0
      : parseConnectionOptions(noted[CONNECTION]! > 1 ? fields.get('connection')! : value(CONNECTION));
  const upgrade = noted[UPGRADE]! > 0 ? (fields.get('upgrade') ?? undefined) : undefined;
  // RFC 9110 §7.8: a server MUST NOT switch to a protocol that was not offered, and MUST name the new protocol.
  if (status === 101 && (!request.offersUpgrade || upgrade === undefined))
    return RESPONSE_REJECTIONS.ProtocolSwitched;
  const contradictsItself =
    status === 204 &&
    (noted[TRANSFER_ENCODING]! > 0 || (noted[CONTENT_LENGTH]! > 0 && Number(value(CONTENT_LENGTH)) > 0));
  const reason = text.slice(line.reasonStart - start, line.reasonEnd - start);
  return {
    status,
    reason,
    minor,
    fields,
    framing,
    connectionOptions,
    upgrade,
    contradictsItself,
    text,
  };
}
