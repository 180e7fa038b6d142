/** Users, written as `name:hash` on the command line and in `serval.json`. */
import { type PasswordHash, parsePasswordHash } from './password-hash.ts';

/** @throws {TypeError} */
export function parseUsers(users: readonly string[]): Map<string, PasswordHash> {
  const parsed = new Map<string, PasswordHash>();
  for (const user of users) {
    const { name, hash } = parseUser(user);
    if (parsed.has(name)) throw new TypeError(`duplicate user "${name}"`);
    parsed.set(name, hash);
  }
  return parsed;
}

/** @throws {TypeError} */
export function parseUser(text: string): { name: string; hash: PasswordHash } {
  const colon = text.indexOf(':');
  // RFC 7617 §2: a user-id contains no colon and no control character.
  const name = text.slice(0, Math.max(colon, 0)).normalize('NFC');
  if (name === '' || /[\x00-\x1f\x7f]/.test(name)) {
    throw new TypeError('expected name:hash, which "serval hash <name>" prints');
  }
  try {
    return { name, hash: parsePasswordHash(text.slice(colon + 1)) };
  } catch (error) {
    const { message } = error as Error;
    throw new TypeError(`user "${name}": ${message}; "serval hash ${name}" makes a hash from a password`);
  }
}
