import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { type AcmeCertificates, AcmeCertificates as Certificates } from '../../src/acme/certificates.ts';
import { type AcmeOptions, resolveAcme } from '../../src/acme/options.ts';
import { Response, serve } from '../../src/index.ts';
import { HandClock } from '../io/hand-clock.ts';
import { until } from '../support/until.ts';
import { type Pebble, WITHOUT_PEBBLE, withPebble } from './with-pebble.ts';

const root = mkdtempSync(join(tmpdir(), 'serval-acme-'));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(root, String(++folders));

const NAMES = ['a.test', 'b.test'];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Real time, until a test lets more of it pass. */
class Clock extends HandClock {
  offset = 0;
  override date(): number {
    return Date.now() + this.offset;
  }
}

interface Running {
  readonly certificates: AcmeCertificates;
  readonly clock: Clock;
  readonly folder: string;
  readonly errors: string[];
  /** Fulfils when there is a certificate; fails, and does not wait for ever, if none comes. */
  ready(): Promise<void>;
  /** The certificate that clients see. */
  seen(name?: string): Promise<X509Certificate>;
}

/** A server with certificates of this Pebble, at the ports where Pebble asks. */
async function withCertificates(
  pebble: Pebble,
  use: (running: Running) => Promise<void>,
  options: Partial<AcmeOptions> = {},
): Promise<void> {
  const { directory, ca, httpPort, tlsPort } = pebble;
  const folder = options.folder ?? newFolder();
  const errors: string[] = [];
  const onError = (error: Error) => errors.push(error.message);
  const settings = resolveAcme({
    names: NAMES,
    email: 'ann@a.test',
    directory,
    ca,
    folder,
    onError,
    ...options,
  });
  const clock = new Clock();
  const certificates = new Certificates(settings, clock);
  const server = serve(() => new Response('served'), {
    ...{ hostname: '127.0.0.1', port: tlsPort, tls: certificates, redirectHttp: httpPort },
  });
  let isReady = false;
  void certificates.ready.then(() => {
    isReady = true;
  });
  const ready = () => until('there is a certificate', () => isReady, 60_000);
  const seen = (name = NAMES[0]!) => certificateAt(tlsPort, name);
  try {
    await server.ready;
    await use({ certificates, clock, folder, errors, ready, seen });
  } finally {
    server.closed.catch(() => {});
    server.destroy();
    await certificates.close();
  }
}

function certificateAt(port: number, servername: string): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('ACME with Pebble', { skip: WITHOUT_PEBBLE }, () => {
  for (const type of ['http-01', 'tls-alpn-01'] as const) {
    test(`the first certificate by ${type}, and its renewal after two thirds of the lifetime`, () =>
      withPebble(
        (pebble) =>
          withCertificates(
            pebble,
            async ({ certificates, clock, folder, errors, ready, seen }) => {
              await ready();
              const first = await seen();
              const issuer = new X509Certificate(await pebble.issuer());
              assert.ok(
                first.issuer.includes('Pebble Intermediate') && issuer.subject.includes('Pebble Root'),
              );
              for (const name of NAMES) assert.equal(first.checkHost(name), name);
              assert.equal((await seen('b.test')).serialNumber, first.serialNumber);
              for (const file of filesIn(folder)) assert.equal(statSync(file).mode & 0o777, 0o600, file);
              clock.offset = 19 * DAY;
              await certificates.renewIfDue();
              assert.equal((await seen()).serialNumber, first.serialNumber, 'it is too early');
              clock.offset = 21 * DAY;
              await certificates.renewIfDue();
              const second = await seen();
              assert.notEqual(second.serialNumber, first.serialNumber);
              assert.deepEqual(errors, []);
              const left = filesIn(folder).map((file) => file.slice(folder.length).split('/').pop());
              assert.deepEqual(
                left.sort(),
                ['account.json', 'certificate.pem', 'state.json'],
                'nothing else stays',
              );
            },
            { challenges: [type] },
          ),
        { lifetime: (30 * DAY) / 1_000 },
      ));
  }

  test('a restart uses what is in the folder, and an RSA key is made where one is wanted', () =>
    withPebble(async (pebble) => {
      const folder = newFolder();
      let serial = '';
      await withCertificates(
        pebble,
        async ({ ready, seen }) => {
          await ready();
          const certificate = await seen();
          assert.equal(certificate.publicKey.asymmetricKeyType, 'rsa');
          serial = certificate.serialNumber;
        },
        { folder, keyType: 'rsa' },
      );
      await pebble.stop();
      await withCertificates(
        pebble,
        async ({ errors, ready, seen }) => {
          await ready();
          assert.equal((await seen()).serialNumber, serial);
          assert.deepEqual(errors, []);
        },
        { folder },
      );
    }));

  test('a name that is not held: refused, told once, and not asked again before its time; then by the other challenge', () =>
    withPebble(async (pebble) => {
      // Nobody answers where Pebble asks by HTTP.
      const elsewhere = { ...pebble, httpPort: 0 };
      await withCertificates(elsewhere, async ({ certificates, clock, errors, seen }) => {
        await until('it was refused', () => errors.length === 1);
        assert.match(errors[0]!, /^[ab]\.test by http-01: connection: /);
        await assert.rejects(seen(), /UNRECOGNIZED_NAME|unrecognized name/i);
        await certificates.renewIfDue();
        assert.equal(errors.length, 1);
        clock.offset = 3 * 60_000;
        await certificates.renewIfDue();
        assert.equal(errors.length, 1);
        assert.equal((await seen()).checkHost('a.test'), 'a.test');
      });
    }));

  test('the authority is down, and comes back without what it knew', () =>
    withPebble(
      async (pebble) => {
        await withCertificates(pebble, async ({ certificates, clock, errors, ready, seen }) => {
          await ready();
          const first = await seen();
          await pebble.stop();
          clock.offset = 21 * DAY;
          await certificates.renewIfDue();
          assert.equal(errors.length, 1);
          assert.equal((await seen()).serialNumber, first.serialNumber, 'the old one stays');
          await pebble.start();
          // The account is unknown now: that is one more failure, and then it is made again.
          for (let turn = 1; turn < 4 && (await seen()).serialNumber === first.serialNumber; turn++) {
            clock.offset += HOUR;
            await certificates.renewIfDue();
          }
          assert.notEqual((await seen()).serialNumber, first.serialNumber);
        });
      },
      { lifetime: (30 * DAY) / 1_000 },
    ));

  test('a third of the nonces is refused (RFC 8555 §6.5)', () =>
    withPebble(
      (pebble) =>
        withCertificates(pebble, async ({ errors, ready }) => {
          await ready();
          assert.deepEqual(errors, []);
        }),
      { env: { PEBBLE_WFE_NONCEREJECT: '30' } },
    ));

  test('of two processes that share the folder, one orders for both', () =>
    withPebble(async (pebble) => {
      const folder = newFolder();
      await withCertificates(
        pebble,
        async (one) => {
          const other = new Certificates(
            resolveAcme({ names: NAMES, directory: pebble.directory, ca: pebble.ca, folder }),
            one.clock,
          );
          const { subscribe } = other;
          const stop = subscribe.call(other, () => {});
          // Whichever has the lock first; the other looks at the folder now and then.
          let haveBoth = false;
          const both = Promise.all([one.certificates.ready, other.ready]).then(() => {
            haveBoth = true;
          });
          await until('both have it', () => {
            one.clock.pass(10_000);
            return haveBoth;
          });
          await both;
          assert.deepEqual(
            (other.tls as { cert: string }).cert,
            (one.certificates.tls as { cert: string }).cert,
          );
          stop();
          await other.close();
        },
        { folder },
      );
    }));

  test('a process that is killed during a renewal, wherever it is, loses nothing', { timeout: 200_000 }, () =>
    withPebble(
      async (pebble) => {
        const folder = newFolder();
        let serial = '';
        await withCertificates(
          pebble,
          async ({ ready, seen }) => {
            await ready();
            serial = (await seen()).serialNumber;
          },
          { folder },
        );
        const program = fileURLToPath(new URL('./servers/renewing.js', import.meta.url));
        const begin = (): ChildProcess =>
          fork(program, [JSON.stringify({ ...pebble, folder, names: NAMES })], {
            stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
          });
        const file = filesIn(folder).find((path) => path.endsWith('certificate.pem'))!;
        const key = () => new X509Certificate(readFileSync(file, 'latin1'));
        for (const delay of [0, 30, 60, 100, 150, 250]) {
          const child = begin();
          await once(child, 'message');
          await new Promise((resolve) => setTimeout(resolve, delay));
          child.kill('SIGKILL');
          await once(child, 'exit');
          // What is in the folder is a whole certificate with its key.
          key();
          await withCertificates(
            { ...pebble },
            async ({ ready, seen }) => {
              await ready();
              await seen();
            },
            { folder, renews: false },
          );
        }
        // The last one died with the lock, which is free after a minute (lock.test.ts).
        const lock = join(file, '..', 'lock');
        const aMinuteAgo = Date.now() / 1_000 - 61;
        if (existsSync(lock)) utimesSync(lock, aMinuteAgo, aMinuteAgo);
        const child = begin();
        const messages: unknown[] = [];
        child.on('message', (message) => messages.push(message));
        await until('it is renewed in the end', () => messages.includes('renewed'), 120_000);
        child.kill('SIGKILL');
        await once(child, 'exit');
        assert.notEqual(key().serialNumber, serial);
        assert.ok(!existsSync(join(file, '..', 'order.json')));
      },
      { lifetime: (30 * DAY) / 1_000 },
    ),
  );
});
