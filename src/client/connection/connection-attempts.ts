/**
 * Connects to one of several addresses (RFC 8305 §5, "Happy Eyeballs"). The next address is tried when an attempt has failed,
 * or has not succeeded within a delay. Attempts go on side by side, until the first one succeeds.
 */
import { isIP, type Socket } from 'node:net';

/** An address that has failed, and why; `undefined` for an attempt that goes on. */
export interface AttemptOutcome {
  readonly address: string;
  readonly error: Error | undefined;
}

export interface AttemptsListener {
  onOpen(socket: Socket): void;
  /** No attempt is left. */
  onFailed(): void;
}

export class ConnectionAttempts {
  readonly #addresses: readonly string[];
  readonly #delay: number;
  readonly #connect: (address: string) => Socket;
  readonly #listener: AttemptsListener;
  readonly #pending = new Map<Socket, string>();
  readonly #failed: AttemptOutcome[] = [];
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param delay before the next address is tried as well, in milliseconds; 0: not before the attempt has failed. */
  constructor(
    addresses: readonly string[],
    delay: number,
    connect: (address: string) => Socket,
    listener: AttemptsListener,
  ) {
    this.#addresses = addresses;
    this.#delay = delay;
    this.#connect = connect;
    this.#listener = listener;
    this.#tryNext();
  }

  /** Of the attempts so far, in the order in which they failed; those that go on at the end. */
  get outcomes(): readonly AttemptOutcome[] {
    const pending = [...this.#pending.values()];
    return [...this.#failed, ...pending.map((address) => ({ address, error: undefined }))];
  }

  /** Ends all attempts. The listener is not called any more. */
  cancel(): void {
    clearTimeout(this.#timer);
    for (const socket of this.#pending.keys()) socket.destroy();
    this.#pending.clear();
  }

  #tryNext(): void {
    clearTimeout(this.#timer);
    const address = this.#addresses[this.#next++];
    if (address === undefined) {
      if (this.#pending.size === 0) this.#listener.onFailed();
      return;
    }
    const socket = this.#connect(address);
    this.#pending.set(socket, address);
    // A socket can fail after it was destroyed, too.
    socket.on('error', (error) => this.#onError(socket, error));
    socket.once('connect', () => this.#onConnect(socket));
    if (this.#delay > 0 && this.#next < this.#addresses.length)
      this.#timer = setTimeout(() => this.#tryNext(), this.#delay);
  }

  #onError(socket: Socket, error: Error): void {
    const address = this.#pending.get(socket);
    if (address === undefined) return;
    this.#pending.delete(socket);
    this.#failed.push({ address, error });
    socket.destroy();
    this.#tryNext();
  }

  #onConnect(socket: Socket): void {
    if (!this.#pending.delete(socket)) return;
    this.cancel();
    socket.removeAllListeners('error');
    this.#listener.onOpen(socket);
  }
}

/** The addresses of both families in turn, beginning with the family of the first (RFC 8305 §4). */
export function alternatingFamilies(addresses: readonly string[]): string[] {
  const isOfFirst = (address: string): boolean => isIP(address) === isIP(addresses[0]!);
  const first = addresses.filter(isOfFirst);
  const second = addresses.filter((address) => !isOfFirst(address));
  const turns = addresses.map((_, i) => [first[i], second[i]]);
  return turns.flat().filter((address) => address !== undefined);
}
