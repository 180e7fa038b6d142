/** The server's side of the opening handshake (RFC 6455 §4.2; over HTTP/2: RFC 8441 §5), without a connection. */
import { Rejection, rejectionRow, rejectionsOf } from '../octets/rejection.ts';
import { FieldLines } from '../semantics/field-lines.ts';
import { isToken } from '../semantics/field-syntax.ts';
import type { RequestHead } from '../semantics/request-head.ts';
import { acceptFor } from './accept-key.ts';
import { type DeflateExtension, loadCodec } from './codec.ts';
import type { WebSocketSettings } from './options.ts';

export interface Handshake {
  /** The fields of the answer that opens the WebSocket. */
  readonly fields: FieldLines;
  /** The chosen subprotocol; empty without one. */
  readonly protocol: string;
  /** The accepted extension, as the answer names it; empty without one. */
  readonly extensions: string;
  readonly deflate: DeflateExtension | undefined;
}

/** What can be wrong with a handshake. */
export const HANDSHAKE_REJECTIONS = rejectionsOf({
  WebSocketMethod: rejectionRow(400, 'RFC 6455 §4.1', 'A WebSocket handshake is a GET request.'),
  WebSocketContent: rejectionRow(400, 'RFC 6455 §4.1', 'A WebSocket handshake has no content.'),
  WebSocketKey: rejectionRow(400, 'RFC 6455 §4.2.1', 'Sec-WebSocket-Key is not 16 octets in base64.'),
  WebSocketVersion: rejectionRow(426, 'RFC 6455 §4.4', 'Only version 13 of WebSocket is supported.'),
  WebSocketProtocol: rejectionRow(400, 'RFC 6455 §4.1', 'Sec-WebSocket-Protocol is not a list of tokens.'),
  WebSocketExtensions: rejectionRow(400, 'RFC 6455 §9.1', 'Sec-WebSocket-Extensions is malformed.'),
  WebSocketOrigin: rejectionRow(403, 'RFC 6455 §10.2', 'Pages of this origin may not connect.'),
});

/** The fields that tell a client which version it needs (RFC 6455 §4.4). */
export function versionFields(): FieldLines {
  const fields = new FieldLines();
  fields.add('Sec-WebSocket-Version', '13');
  return fields;
}

const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** @param origin of the request, as in its URL: `https://example.com`. */
export function shakeHands(
  head: RequestHead,
  origin: string,
  settings: WebSocketSettings,
): Handshake | Rejection {
  const { fields: received, version, method } = head;
  const overHttp1 = version !== '2';
  if (overHttp1 && method !== 'GET') return HANDSHAKE_REJECTIONS.WebSocketMethod;
  if (overHttp1 && head.hasContent) return HANDSHAKE_REJECTIONS.WebSocketContent;
  if (received.get('sec-websocket-version') !== '13') return HANDSHAKE_REJECTIONS.WebSocketVersion;
  const fields = new FieldLines();
  if (overHttp1) {
    const key = received.get('sec-websocket-key') ?? '';
    if (!KEY.test(key)) return HANDSHAKE_REJECTIONS.WebSocketKey;
    fields.add('Sec-WebSocket-Accept', acceptFor(key));
  }
  if (!isAllowedOrigin(received.get('origin'), origin, settings)) return HANDSHAKE_REJECTIONS.WebSocketOrigin;
  const protocol = chooseProtocol(received.get('sec-websocket-protocol'), settings.protocol);
  if (protocol === undefined) return HANDSHAKE_REJECTIONS.WebSocketProtocol;
  if (protocol !== '') fields.add('Sec-WebSocket-Protocol', protocol);
  const offered = received.get('sec-websocket-extensions');
  const accepted =
    settings.deflate && offered !== null ? acceptDeflate(offered, settings.maxMessageSize) : undefined;
  if (accepted instanceof Rejection) return accepted;
  if (accepted !== undefined) fields.add('Sec-WebSocket-Extensions', accepted.extensions);
  for (const [name, value] of settings.headers) fields.add(name, value);
  return { fields, protocol, extensions: accepted?.extensions ?? '', deflate: accepted?.deflate };
}

/** Browsers send cookies with a handshake of any page, and CORS does not apply: only Origin shows which page asks (RFC 6455 §10.2). */
function isAllowedOrigin(origin: string | null, own: string, { origins }: WebSocketSettings): boolean {
  if (origin === null || origins === 'any') return true;
  return origins === undefined ? origin === own : origins.includes(origin);
}

/** @returns the first protocol in the client's order of preference; `undefined` if the field is malformed. */
function chooseProtocol(offered: string | null, known: readonly string[]): string | undefined {
  if (offered === null) return '';
  const names = offered.split(',').map((name) => name.trim());
  // RFC 6455 §4.1: tokens, each once.
  if (names.some((name) => !isToken(name)) || new Set(names).size !== names.length) return undefined;
  const chosen = names.find((name) => known.includes(name));
  // The server's own text: the client's is a part of the head, which it would hold.
  return known.find((name) => name === chosen) ?? '';
}

/** Each message is compressed alone (RFC 7692 §7.1.1): a context for each connection would hold 300 KiB. */
function acceptDeflate(
  offered: string,
  maxPayload: number,
): { extensions: string; deflate: DeflateExtension } | Rejection | undefined {
  const { PerMessageDeflate, extension } = loadCodec();
  const name = PerMessageDeflate.extensionName;
  let offers: Record<string, unknown>;
  try {
    offers = extension.parse(offered);
  } catch {
    return HANDSHAKE_REJECTIONS.WebSocketExtensions;
  }
  if (offers[name] === undefined) return undefined;
  const noContext = { serverNoContextTakeover: true, clientNoContextTakeover: true };
  for (const offer of offers[name] as object[]) {
    const deflate = new PerMessageDeflate({ ...noContext, isServer: true, maxPayload });
    try {
      const parameters = deflate.accept([offer]);
      return { extensions: extension.format({ [name]: [parameters] }), deflate };
    } catch {
      // An offer that cannot be accepted is declined, whatever the others are (RFC 7692 §7.1).
    }
  }
  // Without an offer that can be accepted the connection goes on without compression (RFC 7692 §5.1).
  return undefined;
}
