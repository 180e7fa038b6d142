/** The arguments of `new WebSocket()`, checked and with defaults. */

import { addFields, type FieldsInit } from '../../fetch/fields-init.ts';
import { checkInteger, checkMembers, checkType, refusal } from '../../options/checks.ts';
import { isToken } from '../../semantics/field-syntax.ts';
import {
  checkTexts,
  MESSAGE_OPTIONS,
  type MessageOptions,
  type MessageSettings,
  MIB,
  resolveMessageOptions,
} from '../../websocket/options.ts';
import { Client, sharedClient } from '../client.ts';
import type { WireObserver } from '../connection/wire-observer.ts';
import type { ClientTlsOptions } from '../tls-options.ts';

/** What a WebSocket can be given beside its URL. All members but `protocols` are Serval's own. */
export interface WebSocketOptions extends MessageOptions {
  /** Subprotocols, the preferred one first. The server has to choose one of them. */
  protocols?: string | readonly string[];
  /** More fields for the request of the handshake, such as Authorization, Cookie or Origin. */
  headers?: FieldsInit;
  /** The client whose connections, options and life the WebSocket shares. Default: one for all, as `fetch` has it. */
  client?: Client;
  /** For `wss` URLs, in place of `client`: as the options of a `Client`. */
  tls?: ClientTlsOptions;
  /** Whether HTTP/2 is offered to the server of a `wss` URL, in place of `client`. Default true. */
  http2?: boolean;
  /** Milliseconds until the WebSocket has to be open, including the connection; 0 for no limit. Default 30,000. */
  handshakeTimeout?: number;
  /** Ends the handshake. It has no effect on a WebSocket that is open. */
  signal?: AbortSignal | null;
  /** Sees the handshake, the frames of the WebSocket, and those of HTTP/2. */
  observer?: WireObserver;
}

export interface WebSocketClientSettings extends MessageSettings {
  readonly protocols: readonly string[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly client: Client;
  /** The client belongs to this WebSocket. */
  readonly ownsClient: boolean;
  readonly handshakeTimeout: number;
  readonly signal: AbortSignal | undefined;
  readonly observer: WireObserver | undefined;
}

const OPTIONS = [
  ...MESSAGE_OPTIONS,
  ...(['protocols', 'headers', 'client', 'tls', 'http2', 'handshakeTimeout', 'signal', 'observer'] as const),
] satisfies (keyof WebSocketOptions)[];

/** The handshake decides about them (RFC 6455 §4.1). */
const OWN_FIELDS = /^(?:sec-websocket-.*|upgrade|connection|content-length|transfer-encoding|expect|te)$/i;

/**
 * @param given protocols, or options.
 * @throws {TypeError | RangeError} naming the option and the value.
 * @throws {DOMException} `SyntaxError` for a subprotocol that is no token, or is named twice.
 */
export function resolveWebSocket(
  given: string | readonly string[] | WebSocketOptions = {},
): WebSocketClientSettings {
  const isProtocols = typeof given === 'string' || Array.isArray(given);
  const options = isProtocols ? { protocols: given as string | string[] } : (given as WebSocketOptions);
  checkMembers('options', options, OPTIONS);
  const { client, tls, http2, signal, handshakeTimeout } = options;
  if (client !== undefined && !(client instanceof Client))
    throw new TypeError(refusal('options.client', 'a Client', client));
  if (client !== undefined && (tls !== undefined || http2 !== undefined))
    throw new TypeError('options.client: tls and http2 are options of the client then');
  checkType('options.http2', http2, 'boolean');
  if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal))
    throw new TypeError(refusal('options.signal', 'an AbortSignal', signal));
  checkInteger('options.handshakeTimeout', handshakeTimeout, 0, 2 ** 31 - 1);
  const settings = {
    ...resolveMessageOptions(options, 16 * MIB),
    // As in browsers: how much may wait is the decision of who sends.
    maxBufferedAmount: Number.POSITIVE_INFINITY,
    protocols: checkedProtocols(options.protocols),
    headers: checkedFields(options.headers),
    handshakeTimeout: handshakeTimeout ?? 30_000,
    signal: signal ?? undefined,
    observer: options.observer,
  };
  const ownsClient = tls !== undefined || http2 !== undefined;
  const own = ownsClient
    ? new Client({ ...(tls !== undefined && { tls }), ...(http2 !== undefined && { http2 }) })
    : undefined;
  return { ...settings, ownsClient, client: own ?? client ?? sharedClient() };
}

/** RFC 6455 §4.1 item 10: tokens, each once; as in browsers, whatever their case. */
function checkedProtocols(given: WebSocketOptions['protocols'] = []): readonly string[] {
  const protocols = typeof given === 'string' ? [given] : given;
  checkTexts('options.protocols', protocols);
  const wrong = protocols.find((protocol) => !isToken(protocol));
  if (wrong !== undefined)
    throw new DOMException(refusal('options.protocols', 'tokens', wrong), 'SyntaxError');
  if (new Set(protocols.map((protocol) => protocol.toLowerCase())).size !== protocols.length)
    throw new DOMException('options.protocols: one of them is named twice', 'SyntaxError');
  return [...protocols];
}

function checkedFields(init: FieldsInit): [name: string, value: string][] {
  const fields: [name: string, value: string][] = [];
  addFields(init, {
    add: (name, value) => {
      if (OWN_FIELDS.test(name))
        throw new TypeError(`options.headers: the handshake decides about ${name} (RFC 6455 §4.1)`);
      fields.push([name, value]);
    },
  });
  return fields;
}
