import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { basicAuth, parseBasic } from '../../../src/site/access/basic-auth.ts';
import { ask } from '../ask.ts';

/** The cheapest hash there is. */
function cheapHash(password: string): string {
  const salt = Buffer.alloc(16, 1);
  const key = scryptSync(password, salt, 32, { N: 2 ** 14, r: 1, p: 1 });
  return `scrypt.14.1.1.${salt.toString('base64url')}.${key.toString('base64url')}`;
}

const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;

const handler = basicAuth([`ann:${cheapHash('me:ow')}`, `zoé:${cheapHash('süß')}`], () => new Response('in'));

async function statusFor(authorization: string | undefined): Promise<number> {
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  return (await ask(handler, '/', { headers })).status;
}

describe('basicAuth', () => {
  it('RFC 7617 §2: asks for a name and a password, in UTF-8', async () => {
    const response = await ask(handler, '/');
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('www-authenticate'), 'Basic realm="Serval", charset="UTF-8"');
    assert.equal(await response.text(), 'Unauthorized\n');
  });

  it('RFC 7617 §2: lets in who knows the password, which may have colons', async () => {
    assert.equal(await statusFor(basic('ann:me:ow')), 200);
    assert.equal(await statusFor(basic('ann:me:ow').replace('Basic', 'bAsIc')), 200);
    assert.equal(await statusFor(basic('ann:me:ow').replace(' ', '   ')), 200);
  });

  it('RFC 7617 §2.1: knows names and passwords beyond ASCII, composed or not', async () => {
    assert.equal(await statusFor(basic('zoé:süß')), 200);
    assert.equal(await statusFor(basic('zoe\u0301:su\u0308ß')), 200);
  });

  const refused: Record<string, string> = {
    'another password': basic('ann:meow'),
    'a longer password': basic('ann:me:oww'),
    'a shorter password': basic('ann:me:o'),
    'no password': basic('ann:'),
    'no colon': basic('ann'),
    nobody: basic(':me:ow'),
    'somebody else': basic('bob:me:ow'),
    "another's password": basic('ann:süß'),
    'another case': basic('Ann:me:ow'),
    'another scheme': basic('ann:me:ow').replace('Basic', 'Bearer'),
    'no scheme': basic('ann:me:ow').slice(6),
    nothing: '',
    'the scheme alone': 'Basic',
    'no base64': 'Basic ann:me:ow',
    'base64 with more behind it': `${basic('ann:me:ow')} x`,
    latin1: basic(Buffer.from('zoé:süß', 'latin1')),
    'a NUL': basic('ann:me:ow\0'),
    'a name that JavaScript knows': basic('__proto__:x'),
  };
  for (const [what, authorization] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => assert.equal(await statusFor(authorization), 401));
  }

  it('never calls what is behind it for nothing', async () => {
    const behind = basicAuth([`ann:${cheapHash('x')}`], () => assert.fail('called'));
    assert.equal((await ask(behind, '/', { headers: { Authorization: basic('ann:y') } })).status, 401);
    assert.equal((await ask(behind, '/')).status, 401);
  });

  it('RFC 9110 §15.6.4: answers 503 if too many passwords are being verified', async () => {
    const guarded = basicAuth([`ann:${cheapHash('x')}`], () => new Response('in'));
    const guess = (i: number) => ask(guarded, '/', { headers: { Authorization: basic(`ann:${i}`) } });
    const statuses = (await Promise.all(Array.from({ length: 71 }, (_, i) => guess(i)))).map(
      ({ status }) => status,
    );
    assert.equal(statuses.filter((status) => status === 401).length, 65);
    assert.equal(statuses.filter((status) => status === 503).length, 6);
  });

  it('refuses users of whom there is none', () => {
    assert.throws(() => basicAuth([], () => new Response()), TypeError);
  });
});

describe('parseBasic', () => {
  it('RFC 7617 §2: splits at the first colon', () => {
    assert.deepEqual(parseBasic(basic('a:b:c')), { user: 'a', password: 'b:c' });
    assert.deepEqual(parseBasic(basic(':')), { user: '', password: '' });
    assert.equal(parseBasic(null), undefined);
  });
});
