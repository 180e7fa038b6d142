/**
 * Runs a chapter of the conformance suite: every row over an in-memory socket, whole, octet by octet and, where the
 * connection must end, with a request behind it that must not be answered; and over TCP, from a server process.
 *
 * Nothing here waits for a time to pass: that a connection is open is proved by the answer to a next request, which also
 * shows that both ends agree where the message ended.
 */
import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import { after, describe, test } from 'node:test';
import { cutAt, everyCut, latin1 } from '../support/each-split.ts';
import { explained } from '../support/explained.ts';
import { MemorySocket } from '../support/memory-socket.ts';
import { RawConnection } from '../support/raw-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { transcript } from '../support/transcript.ts';
import { PATIENCE } from '../support/until.ts';
import application, { type Application } from './application.ts';
import { answer, type Closure, DATE, type Outcome, type Requirement } from './requirement.ts';

const NEXT = 'GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const NEXT_ANSWER = answer('next', { connection: 'close' });
const BEHIND = 'GET /behind HTTP/1.1\r\nHost: a\r\n\r\n';

/** Above this size octet by octet is pieces of so many octets: it takes time and shows nothing new. */
const OCTETS_UP_TO = 1_000;
/** A row of which it is known that it fails need not take as long as others that do. */
const PATIENCE_IF_KNOWN = 300;

/** The one date that a handler of the application sets itself. */
const GIVEN_DATE = 'Sun, 06 Nov 1994 08:49:37 GMT';
const DATE_LINE =
  /^Date: ((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT)\r\n/gm;

// The faults that the application makes are meant: nobody has to read of them.
subscribe('serval:fault', () => {});

type Feed = 'whole' | 'octets';

/** One connection, over whichever transport. */
interface Line {
  send(octets: Uint8Array, feed: Feed): Promise<void>;
  /** Waits until the answers end so, or nothing more will come. */
  received(ending: string, patience: number): Promise<void>;
  finish(): void;
  /** Waits for the end of the server's side. */
  ended(patience: number): Promise<Exclude<Closure, 'open'> | 'never'>;
  readonly text: string;
  handled(): Promise<readonly string[]>;
  transcript(): string;
  close(): void;
}

/** A row with one of its variants filled in. */
interface Attempt extends Outcome {
  readonly parts: readonly string[];
  readonly finish: boolean;
  readonly patience: number;
}

export function conformance(chapter: string, requirements: readonly Requirement[]): void {
  describe(chapter, { concurrency: 8 }, () => {
    const memory = memoryTransport();
    const tcp = tcpTransport();
    for (const requirement of requirements) {
      const { title, todo } = requirement;
      test(title, todo === undefined ? {} : { todo }, async () => {
        const name = requirement.application ?? 'plain';
        for (const variant of requirement.each ?? ['']) {
          const attempt = attemptOf(requirement, variant);
          await check(attempt, await memory(name), 'whole', 'in memory, whole');
          await check(attempt, await memory(name), 'octets', 'in memory, octet by octet');
          await check(attempt, await tcp(name), 'whole', 'over TCP');
          if (attempt.end === 'open' || attempt.finish) continue;
          const parts = [...attempt.parts.slice(0, -1), attempt.parts.at(-1)! + BEHIND];
          const followed = { ...attempt, parts };
          await check(followed, await memory(name), 'whole', 'in memory, with a request behind');
          await check(followed, await tcp(name), 'whole', 'over TCP, with a request behind');
        }
      });
    }
  });
}

function attemptOf(requirement: Requirement, variant: string): Attempt {
  const { raw, finish = false, end, todo } = requirement;
  const parts = typeof raw === 'function' ? [raw(variant)] : typeof raw === 'string' ? [raw] : [...raw];
  if (end === 'open') parts.push(parts.pop()! + NEXT);
  return { ...requirement, parts, finish, patience: todo === undefined ? PATIENCE : PATIENCE_IF_KNOWN };
}

async function check(attempt: Attempt, line: Line, feed: Feed, how: string): Promise<void> {
  const { answers, end, patience } = attempt;
  const expected = typeof answers === 'string' ? [answers] : answers;
  try {
    for (const [index, part] of attempt.parts.entries()) {
      await line.send(latin1(part), feed);
      if (index < attempt.parts.length - 1)
        await line.received(expected[index]!.split(DATE).at(-1)!, patience);
    }
    if (attempt.finish) line.finish();
    const ended = await line.ended(patience);
    const wanted = expected.join('') + (end === 'open' ? NEXT_ANSWER : '');
    const handled = await line.handled();
    const seen = () => `(${how})\n${line.transcript()}`;
    explained(seen, () => {
      assert.equal(masked(line.text), wanted, 'the answers');
      // A cut shows as FIN or as RST, as the system likes.
      if (end !== 'cut') assert.equal(ended, 'fin', 'the end');
      assert.ok(!handled.some((request) => request.includes('/behind')), 'nothing behind is handled');
      if (attempt.handled !== undefined) {
        const next = end === 'open' ? ['GET /next'] : [];
        assert.deepEqual(handled, [...attempt.handled, ...next], 'what the handler saw');
      }
    });
  } finally {
    line.close();
  }
}

function masked(text: string): string {
  return text.replace(DATE_LINE, (line, date) => (date === GIVEN_DATE ? line : DATE));
}

/** Applications by name, made when they are first asked for and ended with the chapter. */
function made<T>(make: (name: string) => Promise<T>, end: (one: T) => void | Promise<void>) {
  const all = new Map<string, Promise<T>>();
  after(async () => {
    for (const one of all.values()) await end(await one);
  });
  return (name: string): Promise<T> => {
    if (!all.has(name)) all.set(name, make(name));
    return all.get(name)!;
  };
}

// --- in memory ---

function memoryTransport(): (name: string) => Promise<Line> {
  const start = async (name: string) => {
    const one = application({ tunnels: name === 'tunnels' });
    await one.server.ready;
    return one;
  };
  const applications = made(start, ({ server }) => server.destroy());
  return async (name) => new MemoryLine(await applications(name));
}

let ports = 0;

class MemoryLine implements Line {
  readonly #socket: MemorySocket;
  readonly #application: Application;
  readonly #sent: Uint8Array[] = [];

  constructor(server: Application) {
    this.#application = server;
    this.#socket = new MemorySocket({ remotePort: ++ports });
    const [listener] = server.server;
    listener!.accept(this.#socket.asSocket);
  }

  get text(): string {
    return this.#socket.written.toString('latin1');
  }

  async send(octets: Uint8Array, feed: Feed): Promise<void> {
    this.#sent.push(octets);
    for (const piece of piecesOf(octets, feed)) {
      this.#socket.feed(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async received(ending: string, patience: number): Promise<void> {
    await patiently(
      this.#socket.until(() => this.text.endsWith(ending) || this.#socket.ended !== null),
      patience,
    );
  }

  finish(): void {
    this.#socket.finish();
  }

  async ended(patience: number): Promise<'fin' | 'cut' | 'never'> {
    await patiently(
      this.#socket.until(() => this.#socket.ended !== null),
      patience,
    );
    return this.#socket.ended ?? 'never';
  }

  async handled(): Promise<readonly string[]> {
    return this.#application.handled(this.#socket.remotePort);
  }

  transcript(): string {
    const sent = this.#sent.map((octets) => ({ direction: '>', octets }) as const);
    return transcript([...sent, { direction: '<', octets: this.#socket.written }]);
  }

  close(): void {
    this.#socket.destroy();
  }
}

function piecesOf(octets: Uint8Array, feed: Feed): Uint8Array[] {
  if (feed === 'whole') return [octets];
  const step = Math.ceil(octets.length / OCTETS_UP_TO);
  return cutAt(
    octets,
    everyCut(octets.length).filter((cut) => cut % step === 0),
  );
}

/** Gives up after a while; whoever waited finds out what is missing. */
async function patiently(wait: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([wait, patience]);
  clearTimeout(timer);
}

// --- over TCP ---

function tcpTransport(): (name: string) => Promise<Line> {
  const start = (name: string) =>
    startServer('../../conformance/application', { tunnels: name === 'tunnels' });
  const servers = made(start, (server) => server.stop());
  return async (name) => {
    const server = await servers(name);
    return new TcpLine(server, await RawConnection.connect(server));
  };
}

class TcpLine implements Line {
  readonly #server: ServerProcess;
  readonly #connection: RawConnection;

  constructor(server: ServerProcess, connection: RawConnection) {
    this.#server = server;
    this.#connection = connection;
  }

  get text(): string {
    return this.#connection.soFar().toString('latin1');
  }

  send(octets: Uint8Array): Promise<void> {
    return this.#connection.send(octets);
  }

  async received(ending: string, patience: number): Promise<void> {
    await this.#connection.receiveText(ending, patience);
  }

  finish(): void {
    this.#connection.finish();
  }

  async ended(patience: number): Promise<'fin' | 'cut' | 'never'> {
    const { end } = await this.#connection.receiveAll(patience);
    return end === 'fin' ? 'fin' : end === 'rst' ? 'cut' : 'never';
  }

  handled(): Promise<readonly string[]> {
    return this.#server.command('handled', this.#connection.localPort);
  }

  transcript(): string {
    return this.#connection.transcript();
  }

  close(): void {
    this.#connection.close();
  }
}
