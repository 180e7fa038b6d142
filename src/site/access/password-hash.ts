/**
 * Password hashes: salted scrypt (RFC 7914), which is slow and needs memory, so that a leaked hash resists guessing.
 *
 *     scrypt.15.8.3.c2FsdHNhbHRzYWx0c2E.X5z…
 *            │  │ │ │                   └ key: 32 bytes, base64url without padding
 *            │  │ │ └ salt: 16 bytes or more, base64url without padding
 *            │  │ └ p, the parallelization
 *            │  └ r, the block size
 *            └ the binary logarithm of N, the cost
 *
 * It contains no character that is special in a shell or in JSON, so it needs no quotes or escapes.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasswordHash {
  readonly cost: ScryptOptions;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** OWASP's recommendation of 2024 for 32 MiB. It takes a tenth to a third of a second. */
const LOG_N = 15;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 3;

const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Bounds for hashes that other programs made: not too weak, and not too expensive to verify. */
const LOG_N_RANGE = [14, 20] as const;
const MAX_BLOCK_SIZE = 32;
const MAX_PARALLELIZATION = 16;
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
const MAX_SALT_BYTES = 64;

/** @throws {TypeError} for an empty password, or one with control characters (RFC 7617 §2). */
export async function hashPassword(password: string): Promise<string> {
  const normal = normalPassword(password);
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(normal, salt, costOf(LOG_N, BLOCK_SIZE, PARALLELIZATION));
  const numbers = [LOG_N, BLOCK_SIZE, PARALLELIZATION].join('.');
  return `scrypt.${numbers}.${salt.toString('base64url')}.${key.toString('base64url')}`;
}

/** @throws {TypeError} whose message never repeats `text`: it may be a password. */
export function parsePasswordHash(text: string): PasswordHash {
  const match = /^scrypt\.(\d{1,2})\.(\d{1,2})\.(\d{1,2})\.([\w-]{1,200})\.([\w-]{1,200})$/.exec(text);
  if (match === null) throw new TypeError('not a hash that "serval hash" printed');
  const [logN, blockSize, parallelization] = match.slice(1, 4).map(Number) as [number, number, number];
  if (logN < LOG_N_RANGE[0] || logN > LOG_N_RANGE[1]) {
    throw new TypeError(`hash cost: expected 2^${LOG_N_RANGE.join(' to 2^')}, got 2^${logN}`);
  }
  const cost = costOf(logN, blockSize, parallelization);
  const outside = blockSize < 1 || blockSize > MAX_BLOCK_SIZE;
  if (outside || parallelization < 1 || parallelization > MAX_PARALLELIZATION) {
    throw new TypeError(
      `hash: expected r from 1 to ${MAX_BLOCK_SIZE} and p from 1 to ${MAX_PARALLELIZATION}, got r=${blockSize} and p=${parallelization}`,
    );
  }
  if (cost.maxmem! > 2 * MAX_MEMORY_BYTES) throw new TypeError('the hash needs more than 256 MiB to verify');
  const salt = Buffer.from(match[4]!, 'base64url');
  const key = Buffer.from(match[5]!, 'base64url');
  if (salt.length < SALT_BYTES || salt.length > MAX_SALT_BYTES || key.length !== KEY_BYTES) {
    throw new TypeError('the hash is truncated, or too long');
  }
  return { cost, salt, key };
}

export async function verifyPassword(password: string, { cost, salt, key }: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt, cost), key);
}

/** Normalizes to NFC (RFC 7617 §2.1, RFC 8265 §4.2.2): `é` is the same password on every keyboard. */
export function normalPassword(password: string): string {
  const normal = password.normalize('NFC');
  if (normal === '') throw new TypeError('the password is empty');
  if (/[\x00-\x1f\x7f]/.test(normal)) throw new TypeError('the password contains a control character');
  return normal;
}

function costOf(logN: number, r: number, p: number): ScryptOptions {
  const N = 2 ** logN;
  // scrypt needs a little more than 128·N·r bytes. Node's default limit is 32 MiB.
  return { N, r, p, maxmem: 2 * 128 * N * r };
}

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, cost, (error, key) => {
      // `null` on Node, `undefined` on Bun.
      if (error) reject(error);
      else resolve(key);
    });
  });
}
