/** One connection of an experiment to the server of this process: TCP or a unix socket, and TLS over it. It records both directions. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { PartLine } from '../../messages.ts';
import type { Place } from '../places.ts';
import type { Entry, Transcript } from '../transcript.ts';
import { Unreachable } from './unreachable.ts';

/** More is not read in an experiment, in bytes. */
const MOST_RECEIVED = 4 * 1024 * 1024;
/** How long a server may take to end its side after its last response. */
const CLOSING_MS = 500;

export interface LinkHost {
  readonly transcript: Transcript;
  readonly place: Place;
  /** Aborted when the experiment has to end. */
  readonly signal: AbortSignal;
  /** Whether the server of this process has accepted the connection. */
  isOwn(link: Link): boolean;
}

export class Link {
  readonly number: number;
  /** When it could carry requests, in milliseconds since the experiment began. */
  readyAt = 0;
  /** Of TCP, or of the unix socket. */
  connectedAt = 0;
  openedAt = 0;
  /** The port of this end; 0 for a unix socket. */
  localPort = 0;
  /** When the server ended its side, or cut the connection off. */
  closedAt: number | undefined;
  /** What ALPN has chosen (RFC 7301); empty without TLS. */
  protocol = '';
  received = 0;
  #onOctets: (octets: Buffer) => void = () => {};
  #onEnd: () => void = () => {};
  readonly #host: LinkHost;
  #socket: Socket | undefined;
  #hasEnded = false;
  readonly #closed: Promise<void>;
  #resolveClosed!: () => void;

  constructor(number: number, host: LinkHost) {
    this.number = number;
    this.#host = host;
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  /** The server has ended its side, or the experiment has. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * @param protocols for ALPN (RFC 7301).
   * @throws {Unreachable}
   */
  async open(protocols: readonly string[]): Promise<void> {
    const { transcript, place, signal } = this.#host;
    signal.throwIfAborted();
    this.openedAt = transcript.now();
    const socket = connectTcp(place.address);
    this.#socket = socket;
    signal.addEventListener('abort', () => this.#socket!.destroy(), { once: true });
    await happened(socket, 'connect', place.name);
    this.connectedAt = transcript.now();
    this.localPort = socket.localPort ?? 0;
    const isPath = 'path' in place.address;
    transcript.event(this.number, isPath ? 'Connected to the unix socket' : 'TCP connection established');
    socket.setNoDelay(true);
    if (place.isSecure) await this.#secure(socket, protocols);
    this.readyAt = transcript.now();
    this.#listen(this.#socket);
  }

  /**
   * The certificate is not checked, because its names are those of the site and not this machine's address. What is checked is stronger:
   * the other end of the connection is in this process.
   */
  async #secure(socket: Socket, protocols: readonly string[]): Promise<void> {
    const { place, transcript } = this.#host;
    const { serverName } = place;
    const secured: TLSSocket = connectTls({
      ...{ socket, rejectUnauthorized: false, ALPNProtocols: [...protocols] },
      ...(serverName !== undefined && { servername: serverName }),
    });
    this.#socket = secured;
    await happened(secured, 'secureConnect', place.name);
    if (!this.#host.isOwn(this)) {
      secured.destroy();
      throw new Unreachable(
        `The other end of ${place.name} could not be recognised as this server, so nothing was sent.`,
      );
    }
    this.protocol = secured.alpnProtocol || '';
    const version = secured.getProtocol()?.replace('v', ' ') ?? 'TLS';
    transcript.event(this.number, `${version} ready${this.protocol === '' ? '' : `, ALPN ${this.protocol}`}`);
  }

  #listen(socket: Socket): void {
    socket.on('data', (octets: Buffer) => {
      this.received += octets.length;
      if (this.received > MOST_RECEIVED) {
        this.#host.transcript.event(this.number, 'More than 4 MiB came: the client cuts the connection off');
        this.#finish();
        socket.destroy();
        return;
      }
      this.#onOctets(octets);
    });
    socket.on('end', () => this.#onServerEnd('The server closes the connection'));
    socket.on('error', () => this.#onServerEnd('The server cuts the connection off'));
    socket.on('close', () => this.#finish());
  }

  #onServerEnd(text: string): void {
    if (this.#hasEnded) return;
    this.closedAt = this.#host.transcript.now();
    this.#host.transcript.event(this.number, text);
    this.#finish();
  }

  #finish(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onEnd();
    this.#resolveClosed();
  }

  /** @param onEnd the server has ended its side, or the connection is cut off. */
  listen(onOctets: (octets: Buffer) => void, onEnd: () => void): void {
    this.#onOctets = onOctets;
    this.#onEnd = onEnd;
    if (this.#hasEnded) onEnd();
  }

  /** @param octets text has one character an octet. @param open the entry that goes on with it. */
  write(octets: string | Uint8Array, lines: readonly PartLine[], open?: Entry): Entry {
    const entry = this.#host.transcript.octets(this.number, 'client', octets.length, open);
    entry.add(...lines);
    if (!this.#hasEnded) {
      if (typeof octets === 'string') this.#socket!.write(octets, 'latin1');
      else this.#socket!.write(octets);
    }
    return entry;
  }

  /** Ends this side, if the server has not. */
  end(): void {
    if (this.#hasEnded) return;
    this.#host.transcript.event(this.number, 'The client closes the connection');
    this.#finish();
    this.#socket?.end();
  }

  /** @returns whether the server ends its side within half a second. */
  async serverCloses(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSING_MS);
    });
    await Promise.race([this.#closed, late]);
    clearTimeout(timer);
    return this.closedAt !== undefined;
  }

  /** Nothing holds it when the server does not end its side. */
  destroySoon(): void {
    this.#finish();
    setTimeout(() => this.#socket?.destroy(), CLOSING_MS).unref();
  }
}

function happened(socket: Socket, event: 'connect' | 'secureConnect', place: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => done(() => reject(new Unreachable(wordsFor(error, place))));
    const onClose = (): void => onError(new Error('it was closed before it was ready'));
    const onReady = (): void => done(resolve);
    const done = (settle: () => void): void => {
      socket.off('error', onError).off('close', onClose).off(event, onReady);
      // What is destroyed may fail once more.
      socket.on('error', () => {});
      settle();
    };
    socket.once('error', onError).once('close', onClose).once(event, onReady);
  });
}

/** OpenSSL says `… tlsv13 alert certificate required …`. */
const alertIn = ({ message }: Error): string | undefined => /\balert ([a-z ]+[a-z])/.exec(message)?.[1];

function wordsFor(error: Error, place: string): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return `${place} does not accept connections (${code}).`;
  const alert = alertIn(error);
  if (alert !== undefined) return `The server ended the TLS handshake with an alert: ${alert}.`;
  return `${place} can't be reached: ${message}.`;
}
