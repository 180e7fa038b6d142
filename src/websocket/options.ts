/** The options of `upgradeWebSocket`, and those that both ends of a WebSocket have: checked and with defaults. */
import { addFields, type FieldsInit } from '../fetch/fields-init.ts';
import { checkInteger, checkMembers, checkType, refusal } from '../options/checks.ts';

/** What both ends decide for themselves. */
export interface MessageOptions {
  /** Bytes of one message, after decompression. Beyond: the connection is closed with 1009. Default 1 MiB; for a client 16 MiB. */
  maxMessageSize?: number;
  /** Whether messages are compressed if the other end agrees (RFC 7692). Each message is compressed alone. Default false. */
  deflate?: boolean;
  /** Milliseconds of silence after which a ping is sent; 0 sends none. A second such time without an answer ends it. Default 30,000. */
  pingInterval?: number;
  /** Milliseconds that the other end has to answer a close. Default 10,000. */
  closeTimeout?: number;
}

/** How a request becomes a WebSocket (Fetch Server API draft, "WebSocketUpgradeInit"). All members but `protocol` are Serval's own. */
export interface WebSocketUpgradeInit extends MessageOptions {
  /** The subprotocols of the application. The first one that the client names and that is in this list is chosen. */
  protocol?: string[];
  /**
   * The origins whose pages may connect: `https://app.example.com`. `"any"` allows all. Default: the origin of the request itself,
   * so that other sites cannot use a visitor's cookies. A client that sends no Origin is not a browser, and is allowed.
   */
  origins?: string[] | 'any';
  /**
   * Bytes that may wait because the client does not read. Default 16 MiB. Beyond: the connection is cut. Wait for `drained()` to stay
   * below it.
   */
  maxBufferedAmount?: number;
  /** More fields of the answer, such as `Set-Cookie`; those of the handshake itself cannot be given. */
  headers?: FieldsInit;
}

export interface MessageSettings extends Readonly<Required<MessageOptions>> {
  readonly maxBufferedAmount: number;
}

export interface WebSocketSettings extends MessageSettings {
  readonly protocol: readonly string[];
  readonly origins: readonly string[] | 'any' | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export const MIB = 1024 * 1024;
export const MESSAGE_OPTIONS = [
  ...(['maxMessageSize', 'deflate', 'pingInterval', 'closeTimeout'] as const),
] satisfies (keyof MessageOptions)[];
const UPGRADE_OPTIONS = [
  ...MESSAGE_OPTIONS,
  ...(['protocol', 'origins', 'maxBufferedAmount', 'headers'] as const),
] satisfies (keyof WebSocketUpgradeInit)[];

/** @throws {TypeError | RangeError} naming the option and the value. */
export function resolveWebSocketOptions(init?: WebSocketUpgradeInit): WebSocketSettings {
  if (init !== undefined) return resolve(init);
  defaults ??= resolve({});
  return defaults;
}

let defaults: WebSocketSettings | undefined;

function resolve(init: WebSocketUpgradeInit): WebSocketSettings {
  checkMembers('options', init, UPGRADE_OPTIONS);
  const { protocol = [], origins } = init;
  checkTexts('options.protocol', protocol);
  if (origins !== undefined && origins !== 'any') checkTexts('options.origins', origins);
  checkInteger('options.maxBufferedAmount', init.maxBufferedAmount, 1, Number.MAX_SAFE_INTEGER);
  return {
    ...resolveMessageOptions(init, MIB),
    protocol,
    origins,
    headers: checkedHeaders(init.headers),
    maxBufferedAmount: init.maxBufferedAmount ?? 16 * MIB,
  };
}

/** @throws {TypeError | RangeError} naming the option and the value. */
export function resolveMessageOptions(
  { maxMessageSize, deflate, pingInterval, closeTimeout }: MessageOptions,
  defaultSize: number,
): Readonly<Required<MessageOptions>> {
  checkType('options.deflate', deflate, 'boolean');
  checkInteger('options.maxMessageSize', maxMessageSize, 1, 2 ** 31 - 1);
  checkInteger('options.pingInterval', pingInterval, 0, 2 ** 31 - 1);
  checkInteger('options.closeTimeout', closeTimeout, 1, 2 ** 31 - 1);
  return {
    maxMessageSize: maxMessageSize ?? defaultSize,
    deflate: deflate ?? false,
    pingInterval: pingInterval ?? 30_000,
    closeTimeout: closeTimeout ?? 10_000,
  };
}

export function checkTexts(name: string, value: unknown): asserts value is readonly string[] {
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string'))
    throw new TypeError(refusal(name, 'an array of strings', value));
}

/** The handshake decides about these, and no answer to it has content. */
const RESERVED = /^(?:sec-websocket-.*|connection|upgrade|content-length|transfer-encoding)$/i;

function checkedHeaders(init: FieldsInit): readonly (readonly [string, string])[] {
  const headers: [string, string][] = [];
  addFields(init, {
    add: (name, value) => {
      if (RESERVED.test(name)) throw new TypeError(`options.headers: the handshake decides about ${name}`);
      headers.push([name, value]);
    },
  });
  return headers;
}
