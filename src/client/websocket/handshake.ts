/** The client's side of the opening handshake (RFC 6455 §4.1; over HTTP/2: RFC 8441 §5), without a connection. */
import { randomBytes } from 'node:crypto';
import { RequestFields } from '../../http1/head/request-fields.ts';
import { listMembers } from '../../semantics/field-syntax.ts';
import { acceptFor } from '../../websocket/accept-key.ts';
import { type DeflateExtension, loadCodec } from '../../websocket/codec.ts';
import type { Negotiated } from '../../websocket/standard-socket.ts';
import { targetOf } from '../connection/destination.ts';
import { type ClientError, clientError } from '../errors.ts';
import type { ReceivedHead } from '../received-head.ts';
import type { OutgoingRequest } from '../request-init.ts';
import type { WebSocketClientSettings } from './options.ts';

/** What the client has asked for. */
export class Handshake {
  readonly #settings: WebSocketClientSettings;
  /** RFC 6455 §4.1 item 7: 16 octets that no other connection has. */
  readonly #key = randomBytes(16).toString('base64');
  readonly #deflate: DeflateExtension | undefined;

  constructor(settings: WebSocketClientSettings) {
    this.#settings = settings;
    this.#deflate = settings.deflate ? deflateFor(settings.maxMessageSize) : undefined;
  }

  /** @param url with the scheme http or https. @throws {TypeError} for a field that can't be sent. */
  request(url: string, userAgent: string, signal: AbortSignal): OutgoingRequest {
    const fields: (readonly [name: string, value: string])[] = [
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Key', this.#key],
      ...this.#commonFields(userAgent),
    ];
    const connectFields = new RequestFields();
    for (const [name, value] of this.#commonFields(userAgent)) connectFields.add(name, value);
    return {
      method: 'GET',
      target: targetOf(url),
      fields,
      body: undefined,
      unsettled: undefined,
      integrity: undefined,
      expectContinue: false,
      signal,
      redirect: 'manual',
      decode: false,
      trailers: undefined,
      onInterim: undefined,
      observer: this.#settings.observer,
      tunnel: { protocol: 'websocket', connectFields },
    };
  }

  #commonFields(userAgent: string): (readonly [name: string, value: string])[] {
    const { headers, protocols } = this.#settings;
    const hasAgent = userAgent === '' || headers.some(([name]) => name.toLowerCase() === 'user-agent');
    return [
      ['Sec-WebSocket-Version', '13'],
      ...(protocols.length > 0 ? [['Sec-WebSocket-Protocol', protocols.join(', ')] as const] : []),
      ...(this.#deflate === undefined ? [] : [['Sec-WebSocket-Extensions', offerOf(this.#deflate)] as const]),
      ...headers,
      ...(hasAgent ? [] : [['User-Agent', userAgent] as const]),
    ];
  }

  /**
   * Checks the answer of the server, as the list in RFC 6455 §4.1 has it.
   *
   * @throws {ClientError} if it does not open the WebSocket that was asked for.
   */
  read({ status, fields }: ReceivedHead, version: '1.1' | '2' | undefined): Negotiated {
    if (version === undefined)
      throw clientError(
        'ERR_HTTP_WEBSOCKET_REFUSED',
        `The server has not opened the WebSocket: it answered ${status} (RFC 6455 §4.1)`,
      );
    if (version === '1.1') {
      // The decoder has seen that the status is 101, and that there is an Upgrade.
      if (fields.get('upgrade')!.toLowerCase() !== 'websocket') throw broken('Upgrade is not websocket');
      if (!listMembers((fields.get('connection') ?? '').toLowerCase()).includes('upgrade'))
        throw broken('Connection does not name Upgrade');
      if (fields.get('sec-websocket-accept') !== acceptFor(this.#key))
        throw broken('Sec-WebSocket-Accept does not belong to its Sec-WebSocket-Key');
    }
    return {
      protocol: this.#protocolOf(fields.get('sec-websocket-protocol')),
      ...this.#extensionsOf(fields.get('sec-websocket-extensions')),
    };
  }

  #protocolOf(chosen: string | null): string {
    const { protocols } = this.#settings;
    // Stricter than RFC 6455, like browsers: the application has named all that it speaks.
    if (chosen === null && protocols.length > 0) throw broken('it has chosen no subprotocol');
    if (chosen !== null && !protocols.includes(chosen))
      throw broken('it has chosen a subprotocol that was not offered');
    return chosen ?? '';
  }

  #extensionsOf(accepted: string | null): Omit<Negotiated, 'protocol'> {
    if (accepted === null) return { extensions: '', deflate: undefined };
    const { PerMessageDeflate, extension } = loadCodec();
    const deflate = this.#deflate;
    let answers: Record<string, unknown>;
    try {
      answers = extension.parse(accepted);
    } catch {
      throw broken('Sec-WebSocket-Extensions is malformed', 'RFC 6455 §9.1');
    }
    const { [PerMessageDeflate.extensionName]: answer, ...others } = answers;
    // RFC 6455 §9.1: a client fails the connection if an extension was not asked for, or is there twice.
    if (deflate === undefined || Object.keys(others).length > 0 || (answer as unknown[]).length !== 1)
      throw broken('it has accepted an extension that was not offered', 'RFC 6455 §9.1');
    let parameters: Record<string, unknown>;
    try {
      parameters = deflate.accept(answer);
    } catch {
      throw broken('a parameter of permessage-deflate is not one that was offered', 'RFC 7692 §7.1');
    }
    if (parameters['server_no_context_takeover'] !== true)
      throw broken('it has not accepted server_no_context_takeover', 'RFC 7692 §7.1.1.1');
    const extensions = extension.format({ [PerMessageDeflate.extensionName]: [parameters] });
    // RFC 7692 §7.1.1.2: a client may do so whether or not the server has asked for it.
    parameters['client_no_context_takeover'] = true;
    return { extensions, deflate };
  }
}

/** Each message is compressed alone (RFC 7692 §7.1.1): a context for each direction would hold 300 KiB. */
function deflateFor(maxPayload: number): DeflateExtension {
  const { PerMessageDeflate } = loadCodec();
  const noContext = { serverNoContextTakeover: true, clientNoContextTakeover: true };
  return new PerMessageDeflate({ ...noContext, clientMaxWindowBits: false, isServer: false, maxPayload });
}

function offerOf(deflate: DeflateExtension): string {
  const { PerMessageDeflate, extension } = loadCodec();
  return extension.format({ [PerMessageDeflate.extensionName]: [deflate.offer()] });
}

function broken(what: string, section = 'RFC 6455 §4.1'): ClientError {
  return clientError(
    'ERR_HTTP_PROTOCOL_ERROR',
    `The answer to the WebSocket handshake: ${what} (${section})`,
  );
}
