/** Broadcast across workers: processes and threads, deaths, reloads, and a worker that is blocked. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { WebSocket as WsClient } from 'ws';
import { Topics } from '../../src/websocket/index.ts';
import { Outbox } from '../../src/workers/outbox.ts';
import { until } from '../support/until.ts';
import { moduleNamed, type Supervised, withSupervisor } from './with-supervisor.ts';

const skip = process.platform === 'win32' && 'a socket is not handed on there';

interface Client {
  readonly socket: WsClient;
  /** Process and thread. */
  readonly worker: string;
  /** What has come, but for the first message. */
  readonly messages: string[];
}

async function connect({ origin }: Supervised): Promise<Client> {
  const socket = new WsClient(origin.replace('http', 'ws'), { perMessageDeflate: true });
  const messages: string[] = [];
  socket.on('message', (data, isBinary) =>
    messages.push(isBinary ? `${(data as Buffer).toString('hex')}` : String(data)),
  );
  socket.on('error', () => {});
  await until('it is greeted', () => messages.length > 0);
  return { socket, worker: messages.shift()!, messages };
}

/** Clients of so many workers, at least two of each. */
async function connectAll(running: Supervised, workers: number): Promise<Client[]> {
  const clients: Client[] = [];
  const countOf = (wanted: string): number => clients.filter(({ worker }) => worker === wanted).length;
  const enough = (): number =>
    new Set(clients.map(({ worker }) => worker).filter((one) => countOf(one) > 1)).size;
  while (enough() < workers) {
    clients.push(...(await Promise.all(Array.from({ length: 4 }, () => connect(running)))));
    assert.ok(clients.length < 400, 'one of the workers gets no connection');
  }
  return clients;
}

/** Waits until each but the sender has the message, once. */
async function reaches(
  clients: readonly Client[],
  from: Client,
  message: string,
  sent: string | Buffer = message,
) {
  from.socket.send(sent);
  const others = clients.filter((client) => client !== from);
  await until('all have it', () => others.every(({ messages }) => messages.length > 0));
  for (const { messages } of others) assert.deepEqual(messages.splice(0), [message]);
  assert.deepEqual(from.messages, []);
}

function end(clients: readonly Client[]): void {
  for (const { socket } of clients) socket.terminate();
}

describe('topics that workers share', { skip, timeout: 100_000 }, () => {
  for (const [name, counts, workers] of [
    ['processes', { workers: 3 }, 3],
    ['processes with threads', { workers: 2, threads: 2 }, 4],
  ] as const) {
    it(`${name}: text and binary reach the subscribers of all workers once, and other topics nobody`, () =>
      withSupervisor(
        counts,
        async (running) => {
          const clients = await connectAll(running, workers);
          const [first] = clients as [Client];
          first.socket.send('others');
          await reaches(clients, first, 'Grüße');
          await reaches(clients, clients.at(-1)!, '00ff', Buffer.from([0, 255]));
          await reaches(clients, first, 'x'.repeat(100_000));
          end(clients);
        },
        moduleNamed('topics'),
      ));
  }

  it('a worker that dies takes its sockets with it; the others go on, and its replacement joins them', () =>
    withSupervisor(
      { workers: 2 },
      async (running) => {
        const clients = await connectAll(running, 2);
        const [victim] = clients as [Client];
        const closed = once(victim.socket, 'close');
        victim.socket.send('die');
        assert.equal((await closed)[0], 1006);
        await running.heard('replaced');
        const rest = clients.filter(({ worker }) => worker !== victim.worker);
        await reaches(rest, rest[0]!, 'still here');
        const fresh: Client[] = [];
        while (!fresh.some(({ worker }) => worker !== rest[0]!.worker)) fresh.push(await connect(running));
        await reaches([...rest, ...fresh], fresh.at(-1)!, 'welcome');
        end([...rest, ...fresh]);
      },
      moduleNamed('topics'),
    ));

  it('a reload closes the sockets of old workers with 1001 and waits for them; both generations hear each other', () =>
    withSupervisor(
      { workers: 2, grace: 5_000 },
      async (running) => {
        const old = await connectAll(running, 2);
        // They keep their connections open: their close frames are not answered as long as nothing is read.
        for (const { socket } of old) socket.pause();
        await running.supervisor.reload();
        const fresh = await connectAll(running, 2);
        assert.ok(fresh.every(({ worker }) => !old.some((one) => one.worker === worker)));
        await reaches(fresh, fresh[0]!, 'after the reload');
        assert.ok(!running.events.some(({ type }) => type === 'drained'));
        const closed = old.map(({ socket }) => once(socket, 'close'));
        for (const { socket } of old) socket.resume();
        for (const [code] of await Promise.all(closed)) assert.equal(code, 1001);
        await running.heard('drained', 2);
        end(fresh);
      },
      moduleNamed('topics'),
    ));

  it('a worker that is blocked loses what does not fit, which is reported, and the rest goes on', () =>
    withSupervisor(
      { workers: 2 },
      async (running) => {
        const clients = await connectAll(running, 2);
        const [blocked] = clients as [Client];
        const sender = clients.find(({ worker }) => worker !== blocked.worker)!;
        blocked.socket.send('block');
        sender.socket.send('flood');
        await running.heard('behind');
        const { message, pid } = running.events.find(({ type }) => type === 'behind')!;
        assert.equal(`${pid}`, blocked.worker.split('.')[0]);
        assert.match(message, /was blocked: \d+ messages for its topics were lost$/);
        await reaches(clients, sender, 'over');
        end(clients);
      },
      moduleNamed('topics'),
    ));
});

it('shared: without a supervisor they are topics of this thread; a name can be used once', () => {
  const topics = new Topics({ shared: 'alone' });
  assert.equal(topics.publish('any', 'text'), 0);
  assert.throws(
    () => new Topics({ shared: 'alone' }),
    /options\.shared: there are topics called "alone" already/,
  );
  assert.throws(() => new Topics({ shared: '' }), /options\.shared: expected a non-empty string/);
  assert.throws(() => new Topics({ workers: 2 } as never), /options\.workers: there is no such option/);
});

it('an outbox holds 16 MiB; what comes beyond is lost and counted, until half of it was taken', () => {
  const taken: (() => void)[] = [];
  const losses: number[] = [];
  const outbox = new Outbox(
    (_octets, _count, onTaken) => void taken.push(onTaken),
    (lost) => losses.push(lost),
  );
  const piece = new Uint8Array(2 ** 20);
  for (let sent = 0; sent < 16; sent++) outbox.send(piece, 1);
  assert.equal(taken.length, 16);
  outbox.send(new Uint8Array(1), 3);
  assert.equal(taken.length, 16);
  for (let count = 0; count < 7; count++) taken[count]!();
  assert.deepEqual(losses, []);
  taken[7]!();
  assert.deepEqual(losses, [3]);
  outbox.send(piece, 1);
  assert.equal(taken.length, 17);
});
