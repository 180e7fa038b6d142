/**
 * How passwords are kept: salted, and by a function that is slow and needs memory (scrypt, RFC 7914), so that who gets hold
 * of a hash can't try many.
 *
 *     scrypt.15.8.3.c2FsdHNhbHRzYWx0c2E.X5z…
 *            │  │ │ │                   └ the key, 32 octets, base64url without padding
 *            │  │ │ └ the salt, 16 octets or more, the same
 *            │  │ └ p, how often in parallel
 *            │  └ r, the size of a block
 *            └ the binary logarithm of N, the cost
 *
 * There is nothing in it that a shell or JSON would touch, so it can be written anywhere without quotes.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasswordHash {
  readonly cost: ScryptOptions;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** OWASP's advice of 2024 for 32 MiB: a tenth to a third of a second. */
const LOG_N = 15;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 3;

const SALT_OCTETS = 16;
const KEY_OCTETS = 32;

/** A hash from elsewhere must not be worthless, nor take all the memory there is. */
const LOG_N_RANGE = [14, 20] as const;
const MAX_BLOCK_SIZE = 32;
const MAX_PARALLELIZATION = 16;
const MAX_MEMORY_OCTETS = 256 * 1024 * 1024;
const MAX_SALT_OCTETS = 64;

/** @throws {TypeError} for an empty password, or one with control characters (RFC 7617 §2). */
export async function hashPassword(password: string): Promise<string> {
  const normal = normalPassword(password);
  const salt = randomBytes(SALT_OCTETS);
  const key = await derive(normal, salt, costOf(LOG_N, BLOCK_SIZE, PARALLELIZATION));
  const numbers = [LOG_N, BLOCK_SIZE, PARALLELIZATION].join('.');
  return `scrypt.${numbers}.${salt.toString('base64url')}.${key.toString('base64url')}`;
}

/** @throws {TypeError} that says what is wrong, without repeating it: it may be a password. */
export function parsePasswordHash(text: string): PasswordHash {
  const match = /^scrypt\.(\d{1,2})\.(\d{1,2})\.(\d{1,2})\.([\w-]{1,200})\.([\w-]{1,200})$/.exec(text);
  if (match === null) throw new TypeError('not a hash as "serval hash" prints it');
  const [logN, blockSize, parallelization] = match.slice(1, 4).map(Number) as [number, number, number];
  if (logN < LOG_N_RANGE[0] || logN > LOG_N_RANGE[1]) {
    throw new TypeError(`the cost of the hash is 2^${logN}; it has to be 2^${LOG_N_RANGE.join(' to 2^')}`);
  }
  const cost = costOf(logN, blockSize, parallelization);
  const outside = blockSize < 1 || blockSize > MAX_BLOCK_SIZE;
  if (outside || parallelization < 1 || parallelization > MAX_PARALLELIZATION) {
    throw new TypeError(
      `the hash has r=${blockSize} and p=${parallelization}, which is too little or too much`,
    );
  }
  if (cost.maxmem! > 2 * MAX_MEMORY_OCTETS) throw new TypeError('the hash takes more than 256 MiB to verify');
  const salt = Buffer.from(match[4]!, 'base64url');
  const key = Buffer.from(match[5]!, 'base64url');
  if (salt.length < SALT_OCTETS || salt.length > MAX_SALT_OCTETS || key.length !== KEY_OCTETS) {
    throw new TypeError('the hash is cut short, or has something added');
  }
  return { cost, salt, key };
}

export async function verifyPassword(password: string, { cost, salt, key }: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt, cost), key);
}

/** RFC 7617 §2.1 and RFC 8265 §4.2.2: `é` is the same password on every keyboard. */
export function normalPassword(password: string): string {
  const normal = password.normalize('NFC');
  if (normal === '') throw new TypeError('the password is empty');
  if (/[\x00-\x1f\x7f]/.test(normal)) throw new TypeError('the password has a control character in it');
  return normal;
}

function costOf(logN: number, r: number, p: number): ScryptOptions {
  const N = 2 ** logN;
  // It needs 128·N·r octets and some more; Node's own bound is 32 MiB.
  return { N, r, p, maxmem: 2 * 128 * N * r };
}

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_OCTETS, cost, (error, key) => {
      // `null` with Node, `undefined` with Bun.
      if (error) reject(error);
      else resolve(key);
    });
  });
}
