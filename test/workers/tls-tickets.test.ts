import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import tls from 'node:tls';
import { certificateAuthority, certificatePair } from '../support/certificates.ts';
import { moduleNamed, withSupervisor } from './with-supervisor.ts';

const pair = certificatePair('a.test');
const ca = certificateAuthority().cert;

interface Answer {
  readonly who: string;
  readonly isResumed: boolean;
  readonly session: Buffer;
}

/** One request over a connection of its own. @param session of a connection before. */
async function ask(port: number, maxVersion: tls.SecureVersion, session?: Buffer): Promise<Answer> {
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'a.test',
    ca,
    maxVersion,
    ...(session && { session }),
  });
  let ticket = session;
  socket.on('session', (newer) => {
    ticket = newer;
  });
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    text += piece;
  });
  socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
  await once(socket, 'end');
  const isResumed = socket.isSessionReused();
  socket.destroy();
  return { who: text.split('\r\n\r\n')[1]!, isResumed, session: ticket! };
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`${version}: sessions are resumed whichever worker and thread answers, also after a reload`, async () => {
    const data = { port: 0, ...pair };
    const options = { workers: 2, threads: 2, port: 0, data: data as never };
    await withSupervisor(
      options,
      async ({ supervisor, heard }) => {
        const { port } = supervisor.addresses[0]!;
        const first = await ask(port, version);
        assert.equal(first.isResumed, false);
        const count = async (from: Buffer) => {
          let session = from;
          let resumed = 0;
          const seen = new Set<string>();
          for (let turn = 0; turn < 60; turn++) {
            const answer = await ask(port, version, session);
            if (answer.isResumed) resumed++;
            seen.add(answer.who);
            session = answer.session;
          }
          return { resumed, seen, session };
        };
        const before = await count(first.session);
        assert.ok(before.seen.size > 1, `${before.seen.size} answered`);
        assert.equal(before.resumed, 60);
        await supervisor.reload();
        // It does not wait until the old workers have exited, and they may answer until then.
        await heard('drained', 2);
        const after = await count(before.session);
        assert.equal(after.resumed, 60);
        assert.ok([...after.seen].every((who) => !before.seen.has(who)));
      },
      moduleNamed('secured'),
    );
  });
}
