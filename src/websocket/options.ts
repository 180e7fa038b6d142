/** The options of `upgradeWebSocket`, checked and with defaults. */
import { checkInteger, checkObject, checkType, refusal } from '../options/checks.ts';

/** How a request becomes a WebSocket (Fetch Server API draft, "WebSocketUpgradeInit"). All members but `protocol` are Serval's own. */
export interface WebSocketUpgradeInit {
  /** The subprotocols of the application. The first one that the client names and that is in this list is chosen. */
  protocol?: string[];
  /**
   * The origins whose pages may connect: `https://app.example.com`. `"any"` allows all. Default: the origin of the request itself,
   * so that other sites cannot use a visitor's cookies. A client that sends no Origin is not a browser, and is allowed.
   */
  origins?: string[] | 'any';
  /** Bytes of one message, after decompression. Default 1 MiB. Beyond: the connection is closed with 1009. */
  maxMessageSize?: number;
  /**
   * Bytes that may wait because the client does not read. Default 16 MiB. Beyond: the connection is cut. Wait for `drained()` to stay
   * below it.
   */
  maxBufferedAmount?: number;
  /** Whether messages are compressed if the client offers it (RFC 7692). Each message is compressed alone. Default false. */
  deflate?: boolean;
  /** Milliseconds of silence after which the server sends a ping; 0 sends none. A second such time without an answer ends it. Default 30,000. */
  pingInterval?: number;
  /** Milliseconds that the client has to answer a close. Default 10,000. */
  closeTimeout?: number;
}

export interface WebSocketSettings {
  readonly protocol: readonly string[];
  readonly origins: readonly string[] | 'any' | undefined;
  readonly maxMessageSize: number;
  readonly maxBufferedAmount: number;
  readonly deflate: boolean;
  readonly pingInterval: number;
  readonly closeTimeout: number;
}

const MIB = 1024 * 1024;
const NAMES: ReadonlySet<string> = new Set([
  'protocol',
  'origins',
  'maxMessageSize',
  'maxBufferedAmount',
  'deflate',
  'pingInterval',
  'closeTimeout',
] satisfies (keyof WebSocketUpgradeInit)[]);

/** @throws {TypeError | RangeError} naming the option and the value. */
export function resolveWebSocketOptions(init: WebSocketUpgradeInit = {}): WebSocketSettings {
  checkObject('options', init);
  for (const name of Object.keys(init))
    if (!NAMES.has(name)) throw new TypeError(`options.${name}: there is no such option`);
  const { protocol = [], origins, deflate = false } = init;
  checkTexts('options.protocol', protocol);
  if (origins !== undefined && origins !== 'any') checkTexts('options.origins', origins);
  checkType('options.deflate', deflate, 'boolean');
  checkInteger('options.maxMessageSize', init.maxMessageSize, 1, 2 ** 31 - 1);
  checkInteger('options.maxBufferedAmount', init.maxBufferedAmount, 1, Number.MAX_SAFE_INTEGER);
  checkInteger('options.pingInterval', init.pingInterval, 0, 2 ** 31 - 1);
  checkInteger('options.closeTimeout', init.closeTimeout, 1, 2 ** 31 - 1);
  return {
    protocol,
    origins,
    deflate,
    maxMessageSize: init.maxMessageSize ?? MIB,
    maxBufferedAmount: init.maxBufferedAmount ?? 16 * MIB,
    pingInterval: init.pingInterval ?? 30_000,
    closeTimeout: init.closeTimeout ?? 10_000,
  };
}

function checkTexts(name: string, value: unknown): void {
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string'))
    throw new TypeError(refusal(name, 'an array of strings', value));
}
