/**
 * An established tunnel: octets both ways, as streams (Fetch Server API draft, "Tunnel").
 *
 * The wire has answered 200 to a CONNECT or 101 to an upgrade. What passes from here on is no longer HTTP.
 */

import type { Duplex } from 'node:stream';
import { toArrayBuffer } from '../../fetch/body-conversions.ts';
import { notSupported, protocolError } from '../../fetch/errors.ts';
import type { FieldsInit } from '../../fetch/fields-init.ts';
import { addFields } from '../../fetch/fields-init.ts';
import { Deferred } from '../../io/deferred.ts';
import { leaveFlow } from '../../io/driven-socket.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import { isToken } from '../../semantics/field-syntax.ts';
import type { Tunnel } from '../api.ts';
import type { Exchange } from './exchange.ts';
import type { OpenedTunnel } from './wire.ts';

/** Opens the tunnel on the wire, and gives it to the handler. */
export function acceptTunnel(exchange: Exchange, protocol: string | null, init: FieldsInit): Tunnel {
  const fields = new FieldLines();
  addFields(init, {
    // The protocol has been agreed with the client; the wire names it.
    add: (name, value) => {
      if (name.toLowerCase() !== 'upgrade') fields.add(name, value);
    },
  });
  if (protocol !== null && !isToken(protocol.replace('/', '')))
    throw new TypeError('accept: Upgrade names no protocol');
  if (!exchange.transition('accept')) throw exchange.signal.reason;
  const opened = exchange.wire.openTunnel(fields, protocol);
  exchange.status = opened.status;
  return new ExchangeTunnel(exchange, opened);
}

class ExchangeTunnel implements Tunnel {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #exchange: Exchange;
  readonly #opened: OpenedTunnel;
  readonly #octets: Duplex;
  readonly #closed = new Deferred();
  #readableController!: ReadableStreamDefaultController<Uint8Array>;
  #writableController!: WritableStreamDefaultController;
  #hasEnded = { sending: false, receiving: false };
  #isOver = false;
  /** Rejects the write that waits for the client to read. */
  #failWrite: ((error: unknown) => void) | undefined;

  constructor(exchange: Exchange, opened: OpenedTunnel) {
    const { octets: socket } = opened;
    const received = opened.takeReceived();
    leaveFlow(socket);
    this.#exchange = exchange;
    this.#opened = opened;
    this.#octets = socket;
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
      opened.onActivity();
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

  get closed(): Promise<void> {
    return this.#closed.promise;
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
      this.#octets.end(() => this.#onHalfEnd('sending'));
      return;
    }
    this.writable.close().catch(() => {});
  }

  destroy(error?: unknown): void {
    if (this.#isOver) return;
    this.#opened.abort(error ?? protocolError('ERR_HTTP_CONNECT_ERROR', 'The tunnel was destroyed'));
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
    this.#opened.onActivity();
    if (this.#octets.write(octets)) return;
    return new Promise((resolve, reject) => {
      this.#failWrite = reject;
      this.#octets.once('drain', resolve);
    });
  }

  #onHalfEnd(direction: 'sending' | 'receiving'): void {
    this.#hasEnded[direction] = true;
    if (this.#isOver || !this.#hasEnded.sending || !this.#hasEnded.receiving) return;
    this.#isOver = true;
    this.#closed.resolve();
    this.#exchange.onResponseEnd();
    this.#opened.close();
  }

  /** The connection was lost, destroyed or idle for too long. */
  #onCutOff(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failWrite?.(error);
    if (!this.#hasEnded.receiving) this.#readableController.error(error);
    if (!this.#hasEnded.sending) this.#writableController.error(error);
    this.#closed.reject(error);
  }
}
