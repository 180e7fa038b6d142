/**
 * The TLS handshake of a connection, between the PROXY header and HTTP. First the ClientHello is read, which costs its octets
 * and nothing else; by it the certificate is chosen; then OpenSSL takes over.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Expiring } from '../../io/deadline.ts';
import { attach, detach, pause, type SocketEvents, shareReading } from '../../io/driven-socket.ts';
import { kept } from '../../io/shared-reading.ts';
import type { SocketAddresses } from '../../io/socket-address.ts';
import { NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import type { TlsAcceptance } from '../../tls/acceptance.ts';
import { DECODE_ERROR, fatalAlert, INTERNAL_ERROR, UNRECOGNIZED_NAME } from '../../tls/alerts.ts';
import { ACME_TLS } from '../../tls/alpn.ts';
import { ClientHelloReader, HELLO_REJECTIONS } from '../../tls/client-hello.ts';
import type { Choice } from '../../tls/contexts.ts';
import { reportFault, tlsHandshake, tlsRejected } from '../diagnostics.ts';
import type { WireSecurity } from '../exchange/wire.ts';
import type { LiveConnection, Service } from '../service.ts';
import { TlsSecurity, whyNotVerified } from './tls-security.ts';

type Successor = SocketEvents & LiveConnection;

/** Serves the connection from now on. */
export interface HandshakeHost {
  /** Takes the secrets of the handshake, line by line. */
  readonly onKeyLog?: ((line: Uint8Array) => void) | undefined;
  /** @param socket the one that HTTP goes through. */
  onSecured(handshake: TlsHandshake, socket: Socket, security: WireSecurity): Successor;
  /** The client speaks HTTP without TLS. */
  onPlain(handshake: TlsHandshake): Successor;
}

export class TlsHandshake implements Expiring, SocketEvents, LiveConnection {
  deadline: number;
  /** From when the ClientHello is complete until OpenSSL has it. */
  #isHeld = false;
  /** The accepted one; in its place OpenSSL's, once there is one. */
  #socket: Socket;
  #successor: Successor | undefined;
  /** It was told to close while the handshake was on its way. */
  #closesIfIdle = false;
  #isOver = false;
  /** What came while the certificate was being chosen. */
  readonly #held: Uint8Array[] = [];
  readonly #reader = new ClientHelloReader();
  readonly #service: Service;
  readonly #tls: TlsAcceptance;
  readonly #addresses: SocketAddresses;
  readonly #host: HandshakeHost;

  constructor(
    socket: Socket,
    service: Service,
    tls: TlsAcceptance,
    addresses: SocketAddresses,
    host: HandshakeHost,
  ) {
    this.#socket = socket;
    this.#service = service;
    this.#tls = tls;
    this.#addresses = addresses;
    this.#host = host;
    this.deadline = service.sweep.after(service.settings.timeouts.handshake);
    attach(socket, this);
    service.sweep.add(this);
    tls.handshakes.add(this);
  }

  get isPaused(): boolean {
    return this.#successor?.isPaused ?? this.#isHeld;
  }

  onOctets(octets: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#isHeld) {
      this.#held.push(kept(octets));
      return;
    }
    if (this.#reader.octets.length === 0 && isLetter(octets[0])) {
      this.#succeed(this.#host.onPlain(this));
      this.#successor!.onOctets(octets);
      return;
    }
    const result = this.#reader.read(kept(octets));
    if (result === NEED_OCTETS) return;
    if (result !== REJECTED) return this.#choose();
    const { rejection } = this.#reader;
    const isTls = rejection !== HELLO_REJECTIONS.NotTls;
    this.#reject(rejection.reason, { ...(isTls && { alert: DECODE_ERROR }) });
  }

  #choose(): void {
    this.#isHeld = true;
    pause(this.#socket);
    try {
      const choice = this.#tls.contexts.choose(this.#reader);
      if (choice instanceof Promise) {
        choice.then(
          (chosen) => this.#begin(chosen),
          (error) => this.#onNoChoice(error),
        );
      } else {
        this.#begin(choice);
      }
    } catch (error) {
      this.#onNoChoice(error);
    }
  }

  #onNoChoice(error: unknown): void {
    reportFault(error, 'a certificate could not be chosen');
    this.#reject('CertificateFault', { alert: INTERNAL_ERROR });
  }

  #begin(choice: Choice | undefined): void {
    if (this.#isOver) return;
    // RFC 6066 §3: better no connection than one that the client has to break off with a warning.
    if (choice === undefined) return this.#reject('UnknownServerName', { alert: UNRECOGNIZED_NAME });
    const plain = this.#socket;
    detach(plain);
    plain.unshift(joined([this.#reader.octets, ...this.#held]));
    const { contexts } = this.#tls;
    const socket = new TLSSocket(plain, {
      isServer: true,
      secureContext: choice.context,
      ALPNProtocols: [...choice.alpn],
      requestCert: contexts.requestCert !== false,
      // Decided below: OpenSSL would let it pass in any case.
      rejectUnauthorized: false,
    });
    this.#socket = socket;
    this.#isHeld = false;
    if (this.#host.onKeyLog !== undefined) socket.on('keylog', this.#host.onKeyLog);
    // OpenSSL gives out what it has decrypted as a socket gives out what it has read.
    shareReading(socket);
    attach(socket, this);
    socket.on('secure', () => this.#onSecure(socket, choice));
    // The event by which a server hears of errors, during the handshake and after it; there is no `error` without `tls.Server`.
    socket.on('_tlsError', (error: Error) => {
      if (!socket.destroyed) (this.#successor ?? this).onError(error);
    });
  }

  #onSecure(socket: TLSSocket, { identity }: Choice): void {
    if (this.#isOver) return;
    const { contexts } = this.#tls;
    const { serverName } = this.#reader;
    const security = new TlsSecurity(socket, serverName, identity, contexts);
    if (contexts.requestCert) {
      const code = whyNotVerified(socket);
      if (code !== undefined) return this.#reject('ClientCertificate', { code });
      if (contexts.requestCert === true && security.peerCertificate === null)
        return this.#reject('ClientCertificate', { code: 'NO_CERTIFICATE' });
    }
    // The authority has seen what it wanted to see (RFC 8737 §3).
    if (security.alpnProtocol === ACME_TLS) return this.destroy();
    const { counters } = this.#service;
    const resumed = socket.isSessionReused();
    counters.handshakesFinished++;
    if (resumed) counters.handshakesResumed++;
    if (tlsHandshake.hasSubscribers) {
      const { remoteAddress } = this.#addresses;
      const { alpnProtocol } = security;
      const [protocol, cipher] = [socket.getProtocol(), socket.getCipher()?.name];
      tlsHandshake.publish({ remoteAddress, serverName, alpnProtocol, protocol, cipher, resumed });
    }
    this.#succeed(this.#host.onSecured(this, socket, security));
    if (this.#closesIfIdle) this.#successor!.closeIfIdle();
  }

  #succeed(successor: Successor): void {
    this.#successor = successor;
    this.#reader.letGo();
    this.#held.length = 0;
    this.#end();
  }

  /** Scanners of ports and broken clients are everyday life: they are counted, and printed nowhere. */
  #reject(reason: string, { alert, code }: { alert?: number; code?: string | undefined } = {}): void {
    if (this.#isOver) return;
    this.#end();
    this.#service.counters.handshakesFailed++;
    if (tlsRejected.hasSubscribers) {
      const { remoteAddress } = this.#addresses;
      tlsRejected.publish({ remoteAddress, serverName: this.#reader.serverName, reason, code });
    }
    const socket = this.#socket;
    if (alert === undefined) socket.destroy();
    else socket.end(fatalAlert(alert), () => socket.destroy());
  }

  #end(): void {
    this.#isOver = true;
    this.#service.sweep.delete(this);
    this.#tls.handshakes.delete(this);
  }

  giveUp(): void {
    this.#reject('TooManyHandshakes');
  }

  onDeadline(): void {
    this.#reject('HandshakeTimeout');
  }

  onPeerEnd(): void {
    // A client that connects and says nothing has looked whether somebody listens.
    if (this.#reader.octets.length === 0) this.#socket.destroy();
    else this.#reject('HandshakeIncomplete');
  }

  onDrain(): void {}

  onError(error: Error): void {
    this.#reject('HandshakeFailed', { code: (error as NodeJS.ErrnoException).code });
    this.#socket.destroy();
  }

  closeIfIdle(): void {
    if (this.#reader.octets.length === 0) this.#socket.destroy();
    this.#closesIfIdle = true;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  onClose(): void {
    if (!this.#isOver) this.#end();
    this.#service.onConnectionClose(this);
  }
}

/** What a method begins with; a TLS record does not. */
function isLetter(octet: number | undefined): boolean {
  return octet !== undefined && (octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}
