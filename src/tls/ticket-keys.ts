/**
 * The keys of session tickets (RFC 8446 §4.6.1, RFC 5077): a client that comes back skips the costly part of the handshake,
 * whichever worker answers it, because all of them have the same keys at the same time.
 *
 * They come from a seed that the supervisor hands out once. Each period everybody derives the next secret from it and forgets
 * the one before. So nothing is sent when keys change, and who gets hold of the secret can't read what was sent before.
 */
import { hkdfSync, randomBytes } from 'node:crypto';

/** Milliseconds in which the keys stay. A client whose ticket is from before does the whole handshake once. */
export const TICKET_PERIOD_MS = 12 * 3_600_000;

/** A secret, and the period that it is for. JSON can carry it. */
export interface TicketSeed {
  readonly period: number;
  /** Base64. */
  readonly secret: string;
}

/** The key name, the HMAC key and the AES key, as OpenSSL takes them. */
const KEY_OCTETS = 48;
const SECRET_OCTETS = 32;

export class TicketKeys {
  #period: number;
  #secret: Buffer;
  #keys: Buffer | undefined;

  /** @param seed that of the supervisor; without one, tickets are good for this process alone. */
  constructor(now: number, seed?: TicketSeed) {
    this.#period = seed?.period ?? periodOf(now);
    this.#secret = seed === undefined ? randomBytes(SECRET_OCTETS) : Buffer.from(seed.secret, 'base64');
  }

  /** @param now milliseconds since 1970. A clock that goes back changes nothing. */
  at(now: number): { readonly period: number; readonly keys: Buffer } {
    const period = periodOf(now);
    while (this.#period < period) {
      this.#secret = derive(this.#secret, 'next', SECRET_OCTETS);
      this.#period++;
      this.#keys = undefined;
    }
    this.#keys ??= derive(this.#secret, 'keys', KEY_OCTETS);
    return { period: this.#period, keys: this.#keys };
  }

  /** For a process or a thread that begins now. */
  seedAt(now: number): TicketSeed {
    this.at(now);
    return { period: this.#period, secret: this.#secret.toString('base64') };
  }
}

const periodOf = (now: number): number => Math.floor(now / TICKET_PERIOD_MS);

function derive(secret: Buffer, purpose: string, octets: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `serval tickets ${purpose}`, octets));
}

// One set of keys for all servers of a thread, which may have several copies of Serval.

const KEY = Symbol.for('serval.ticketKeys');
const holder = globalThis as { [KEY]?: TicketKeys };

/** To be called before anything is served: the keys are those of the supervisor. */
export function setTicketSeed(seed: TicketSeed, now = Date.now()): void {
  holder[KEY] = new TicketKeys(now, seed);
}

/** The keys of this thread. */
export function sharedTicketKeys(): TicketKeys {
  holder[KEY] ??= new TicketKeys(Date.now());
  return holder[KEY];
}
