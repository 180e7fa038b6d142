/**
 * An established tunnel: the octets of the connection, both ways, as streams (Fetch Server API draft, "Tunnel").
 *
 * After CONNECT a response of 200, after an upgrade one of 101 has been sent, and HTTP is over on this connection.
 */

import type { Socket } from 'node:net';
import { toArrayBuffer } from '../../fetch/body-conversions.ts';
import { notSupported, protocolError } from '../../fetch/errors.ts';
import type { FieldsInit } from '../../fetch/fields-init.ts';
import { addFields } from '../../fetch/fields-init.ts';
import { serializeStatusLine } from '../../http1/response-encoder.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import { isToken } from '../../semantics/field-syntax.ts';
import type { Tunnel } from '../api.ts';
import type { Http1Connection } from '../connection/http1-connection.ts';
import type { Exchange } from './exchange.ts';

/** Answers that the tunnel stands, and takes the socket from HTTP. */
export function acceptTunnel(exchange: Exchange, protocol: string | null, init: FieldsInit): Tunnel {
  const fields = new FieldLines();
  addFields(init, {
    // What is switched to has been settled with the client, not here.
    add: (name, value) => {
      if (name.toLowerCase() !== 'upgrade') fields.add(name, value);
    },
  });
  if (protocol !== null && !isToken(protocol.replace('/', '')))
    throw new TypeError('accept: Upgrade names no protocol');
  if (!exchange.transition('accept')) throw exchange.signal.reason;
  const { driver } = exchange;
  const status = protocol === null ? 200 : 101;
  const upgrade = protocol === null ? '' : `Connection: upgrade\r\nUpgrade: ${protocol}\r\n`;
  const dateLine = fields.hasDate ? '' : driver.service.sweep.dateLine;
  exchange.status = status;
  // Neither response has content, and neither may say anything about its framing (RFC 9110 §9.3.6, §15.2).
  driver.outbound.text(`${serializeStatusLine(status)}${fields.lines}${dateLine}${upgrade}\r\n`);
  const received = driver.handOver();
  return new SocketTunnel(exchange, driver, received);
}

class SocketTunnel implements Tunnel {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly closed: Promise<void>;
  readonly #driver: Http1Connection;
  readonly #socket: Socket;
  #settleClosed!: { resolve(): void; reject(error: unknown): void };
  #readableController!: ReadableStreamDefaultController<Uint8Array>;
  #writableController!: WritableStreamDefaultController;
  #hasEnded = { sending: false, receiving: false };
  #isOver = false;
  /** Rejects the write that waits for the client to read. */
  #failWrite: ((error: unknown) => void) | undefined;

  constructor(exchange: Exchange, driver: Http1Connection, received: Uint8Array) {
    const { socket } = driver;
    this.#driver = driver;
    this.#socket = socket;
    this.closed = new Promise((resolve, reject) => {
      this.#settleClosed = { resolve, reject };
    });
    this.closed.catch(() => {});
    exchange.openResponse = { cancel: (error) => this.#onCutOff(error) };

    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#readableController = controller;
        if (received.length > 0) controller.enqueue(new Uint8Array(received));
      },
      pull: () => {
        socket.resume();
      },
      cancel: (reason) => this.destroy(reason),
    });
    this.writable = new WritableStream<Uint8Array>({
      start: (controller) => {
        this.#writableController = controller;
      },
      write: (octets) => this.#write(octets),
      close: () => new Promise((resolve) => socket.end(() => resolve(this.#onHalfEnd('sending')))),
      abort: (reason) => this.destroy(reason),
    });
    socket.on('data', (octets: Uint8Array) => {
      // A socket that is destroyed still hands out what it had buffered.
      if (this.#isOver) return;
      driver.onTunnelActivity();
      this.#readableController.enqueue(new Uint8Array(toArrayBuffer(octets)));
      if ((this.#readableController.desiredSize ?? 0) <= 0) socket.pause();
    });
    socket.on('end', () => {
      if (!this.#isOver) this.#readableController.close();
      this.#onHalfEnd('receiving');
    });
    if (socket.readableEnded) {
      this.#readableController.close();
      this.#onHalfEnd('receiving');
    }
  }

  capsules(): never {
    throw notSupported('capsules: not supported yet');
  }

  datagrams(): never {
    throw notSupported('datagrams: not supported yet');
  }

  close(): void {
    if (this.#isOver || this.#hasEnded.sending || this.writable.locked) {
      // A locked writable is its writer's to close; the socket's sending side can be ended all the same.
      if (this.#isOver || this.#hasEnded.sending) return;
      this.#writableController.error(new TypeError('The tunnel has been closed'));
      this.#socket.end(() => this.#onHalfEnd('sending'));
      return;
    }
    this.writable.close().catch(() => {});
  }

  destroy(error?: unknown): void {
    if (this.#isOver) return;
    this.#driver.destroy(error ?? protocolError('ERR_HTTP_CONNECT_ERROR', 'The tunnel was destroyed'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    this.close();
    await this.closed;
  }

  #write(octets: Uint8Array): Promise<void> | void {
    if (!(octets instanceof Uint8Array)) {
      const error = new TypeError('A tunnel carries octets: a Uint8Array is needed');
      this.destroy(error);
      throw error;
    }
    this.#driver.onTunnelActivity();
    if (this.#socket.write(octets)) return;
    return new Promise((resolve, reject) => {
      this.#failWrite = reject;
      this.#socket.once('drain', resolve);
    });
  }

  #onHalfEnd(direction: 'sending' | 'receiving'): void {
    this.#hasEnded[direction] = true;
    if (this.#isOver || !this.#hasEnded.sending || !this.#hasEnded.receiving) return;
    this.#isOver = true;
    this.#settleClosed.resolve();
    this.#driver.closeTunnel();
  }

  /** The connection was lost, destroyed or idle for too long. */
  #onCutOff(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failWrite?.(error);
    if (!this.#hasEnded.receiving) this.#readableController.error(error);
    if (!this.#hasEnded.sending) this.#writableController.error(error);
    this.#settleClosed.reject(error);
  }
}
