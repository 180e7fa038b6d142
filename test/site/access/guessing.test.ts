/** Sixty connections guess without pause, with real hashes. Whoever knows a password must get in meanwhile. */
import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { describe, it } from 'node:test';
import type { SocketAddress } from '../../../src/io/socket-address.ts';
import { basicAuth } from '../../../src/site/access/basic-auth.ts';
import { fakeContext } from '../../demo/fake-context.ts';

const GUESSERS = 60;
const USERS = 6;

/** Cheaper than those of `serval hash`, so that the test is short. */
function hash(password: string): string {
  const salt = Buffer.alloc(16, 1);
  const key = scryptSync(password, salt, 32, { N: 2 ** 14, r: 2, p: 1 });
  return `scrypt.14.2.1.${salt.toString('base64url')}.${key.toString('base64url')}`;
}

const client = (address: string, port: number): SocketAddress => ({ address, port, family: 'IPv4' });

describe('while sixty connections guess passwords', () => {
  for (const [where, address] of [
    ['another address', '192.0.2.2'],
    ['the same address', '192.0.2.1'],
  ] as const) {
    it(`a user with the right password gets in from ${where}`, async () => {
      const users = Array.from({ length: USERS }, (_, i) => `user${i}:${hash(`right ${i}`)}`);
      const handler = basicAuth(users, () => new Response('in'));
      let guesses = 0;
      const ask = async (user: number, password: string, remoteAddress: SocketAddress): Promise<number> => {
        const authorization = `Basic ${Buffer.from(`user${user}:${password}`).toString('base64')}`;
        const request = new Request('http://127.0.0.1/', { headers: { authorization } });
        const ctx = fakeContext({ remoteAddress });
        return (await handler(request, ctx, ctx)).status;
      };
      let isOver = false;
      const guessing = Array.from({ length: GUESSERS }, async (_, port) => {
        while (!isOver) {
          await ask(guesses % USERS, `guess ${guesses++}`, client('192.0.2.1', port));
          await new Promise(setImmediate);
        }
      });
      while (guesses < 2 * GUESSERS) await new Promise(setImmediate);
      for (let user = 0; user < USERS; user++) {
        const before = guesses;
        assert.equal(await ask(user, `right ${user}`, client(address, 50_000 + user)), 200);
        // Each guess that ended meanwhile was begun before, or had the other place.
        assert.ok(guesses - before <= GUESSERS, `${guesses - before} guesses were verified first`);
      }
      isOver = true;
      await Promise.all(guessing);
    });
  }
});
