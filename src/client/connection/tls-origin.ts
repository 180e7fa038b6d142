/** TLS to one origin: the handshake on an open socket, with the session of an earlier one (RFC 8446 §2.2). */
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { ClientError } from '../errors.ts';
import type { ClientTlsSettings } from '../tls-options.ts';
import type { Destination } from './destination.ts';
import { certificateRefused, handshakeFailed } from './tls-errors.ts';
import type { WireSecurity } from './wire-observer.ts';

/** RFC 7301 §6, RFC 9113 §3.2. */
const HTTP2 = 'h2';
const HTTP1 = 'http/1.1';

export class TlsOrigin {
  readonly #settings: ClientTlsSettings;
  /** The name or the address that the certificate has to cover. */
  readonly #name: string;
  /** By ALPN, the preferred one first. */
  #protocols: string[];
  #session: Buffer | undefined;
  #chosen: string | undefined;

  /** @param offersHttp2 whether the server may choose HTTP/2. */
  constructor(settings: ClientTlsSettings, host: string, offersHttp2: boolean) {
    this.#settings = settings;
    this.#protocols = offersHttp2 ? [HTTP2, HTTP1] : [HTTP1];
    // A name with a dot at its end is the same name, and no server name in TLS (RFC 6066 §3).
    this.#name = (settings.servername ?? host).replace(/\.$/, '');
  }

  /** Whether requests may turn out to share a connection: the server has not chosen HTTP/1.1 yet. */
  get mayBeHttp2(): boolean {
    return this.#protocols.includes(HTTP2) && (this.#chosen === undefined || this.#chosen === HTTP2);
  }

  /** Offers nothing but HTTP/1.1 from now on. */
  requireHttp1(): void {
    this.#protocols = [HTTP1];
  }

  /** @param onEnd is called when the handshake has ended. */
  handshake(socket: Socket, onEnd: (secured: TLSSocket, error: ClientError | undefined) => void): TLSSocket {
    const secured = connect({
      socket,
      host: this.#name,
      // RFC 6066 §3: an address is no server name.
      servername: isIP(this.#name) === 0 ? this.#name : '',
      ALPNProtocols: this.#protocols,
      secureContext: this.#settings.context(),
      // It is verified below, where the certificate is still at hand for the error message.
      rejectUnauthorized: false,
      ...(this.#session !== undefined && { session: this.#session }),
    });
    // Its errors come as those of the secured socket.
    socket.on('error', () => {});
    const onError = (error: Error): void => onEnd(secured, handshakeFailed(error, this.#name));
    secured.once('error', onError);
    secured.on('session', (session) => {
      this.#session = session;
    });
    secured.once('secureConnect', () => {
      if (this.#settings.rejectUnauthorized && !secured.authorized)
        return onEnd(secured, certificateRefused(secured, this.#name));
      secured.off('error', onError);
      this.#chosen = secured.alpnProtocol || HTTP1;
      onEnd(secured, undefined);
    });
    return secured;
  }
}

/** Origins of which a session is kept, the one that was used last at the end. */
const MAX_ORIGINS = 256;

/** The origins that a client speaks TLS with: their sessions outlive their connections. */
export class TlsOrigins {
  readonly #settings: ClientTlsSettings;
  readonly #origins = new Map<string, TlsOrigin>();
  readonly #offersHttp2: boolean;

  constructor(settings: ClientTlsSettings, offersHttp2: boolean) {
    this.#settings = settings;
    this.#offersHttp2 = offersHttp2;
  }

  /** @param mayBeHttp2 `false` for connections that are to speak HTTP/1.1. */
  of({ key, host }: Pick<Destination, 'key' | 'host'>, mayBeHttp2: boolean): TlsOrigin {
    const offersHttp2 = mayBeHttp2 && this.#offersHttp2;
    const origin = this.#origins.get(key) ?? new TlsOrigin(this.#settings, host, offersHttp2);
    this.#origins.delete(key);
    this.#origins.set(key, origin);
    const [oldest] = this.#origins.keys();
    if (this.#origins.size > MAX_ORIGINS) this.#origins.delete(oldest!);
    return origin;
  }
}

/** What the handshake has agreed on, read from the socket when an observer asks. */
export class SocketSecurity implements WireSecurity {
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
  }

  get protocol() {
    return this.#socket.getProtocol() ?? '';
  }

  get cipher() {
    return this.#socket.getCipher().standardName;
  }

  get alpnProtocol() {
    return this.#socket.alpnProtocol || undefined;
  }

  get isResumed() {
    return this.#socket.isSessionReused();
  }

  get isVerified() {
    return this.#socket.authorized;
  }

  get certificate() {
    return this.#socket.getPeerX509Certificate();
  }
}
