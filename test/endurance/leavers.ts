/**
 * A thousand clients wait for server-sent events and leave: by FIN, by RST, or in silence, without a packet. Looks whether the
 * server notices each of them, cancels each source, settles each `completed`, and gives sockets and memory back. With Serval's
 * `Response`, with the runtime's own, and with Hono's `streamSSE`.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Command, UsageError, wholeNumber } from '../support/commands.ts';
import { markdownTable, thousands } from '../support/markdown-table.ts';
import { AskedProgram } from './leavers/asked-program.ts';
import { Namespaces, SERVER_ADDRESS } from './leavers/namespaces.ts';
import type { Held } from './leavers/server.ts';

const HELP = `[options]

  --clients NUMBER   clients that leave (1,000)
  --ways WORDS       some of fin,rst,silence (all). Silence needs root on Linux
  --every NUMBER     milliseconds between two events, 0 for one event alone (0)
  --retries NUMBER   net.ipv4.tcp_retries2 of the server, which bounds silence while events are sent (8)`;

const WAYS = ['fin', 'rst', 'silence'] as const;
const FLAVOURS = ['serval', 'native', 'hono'] as const;
const NAMES = { serval: "Serval's Response", native: 'native Response', hono: 'Hono streamSSE' };
type Way = (typeof WAYS)[number];
type Flavour = (typeof FLAVOURS)[number];

/** Connections before the first look, so that code is compiled and pools are filled. */
const WARM_UP = 200;
/** Keep-alive probes begin after 15 s, and the tenth is the last; the rest is for a busy machine. */
const PATIENCE_MS = { fin: 20_000, rst: 20_000, silence: 60_000 };
const MIB = 2 ** 20;
/** Heap that may stay: compiled code and caches, not a thousand of anything (a connection holds about 10 KiB). */
const MOST_HEAP_RISE = 2 * MIB;

export const leavers: Command = {
  summary: 'clients of event streams leave by FIN, RST and in silence: is all of it given back?',
  help: HELP,
  async run(words) {
    const { values } = parseArgs({
      args: [...words],
      options: {
        clients: { type: 'string', default: '1000' },
        ways: { type: 'string', default: WAYS.join(',') },
        every: { type: 'string', default: '0' },
        retries: { type: 'string', default: '8' },
      },
    });
    const clients = wholeNumber('--clients', values.clients, 1);
    const every = wholeNumber('--every', values.every);
    const retries = wholeNumber('--retries', values.retries, 1);
    const ways = values.ways.split(',').map(wayOf);
    using namespaces = Namespaces.create();
    if (namespaces === undefined && ways.includes('silence'))
      throw new UsageError('--ways: silence needs Linux, root and the program ip; use --ways fin,rst');
    namespaces?.giveUpAfter(retries);
    // Signals end this process without its disposals.
    process.once('exit', () => namespaces?.[Symbol.dispose]());
    const faults: string[] = [];
    const lines: string[][] = [];
    for (const way of ways) {
      for (const flavour of FLAVOURS) {
        const departure = await watch({ way, flavour, clients, every, namespaces });
        lines.push(lineOf(departure, clients));
        console.error(lines.at(-1)!.join('  '));
        faults.push(...faultsOf(departure, clients));
      }
    }
    console.log(markdownTable(HEADINGS, ALIGNMENT, lines));
    return faults;
  },
};

function wayOf(word: string): Way {
  const way = WAYS.find((known) => known === word);
  if (way === undefined) throw new UsageError(`--ways: expected ${WAYS.join(', ')}, got ${word}`);
  return way;
}

interface Departure {
  readonly way: Way;
  readonly flavour: Flavour;
  readonly before: Held;
  readonly during: Held;
  readonly after: Held;
  /** Until the last of them was noticed, in milliseconds. */
  readonly took: number;
}

interface Plan {
  readonly way: Way;
  readonly flavour: Flavour;
  readonly clients: number;
  readonly every: number;
  readonly namespaces: Namespaces | undefined;
}

async function watch({ way, flavour, clients, every, namespaces }: Plan): Promise<Departure> {
  const host = namespaces === undefined ? '127.0.0.1' : SERVER_ADDRESS;
  await using server = new AskedProgram(at('server'), [host, flavour, `${every}`], namespaces?.on('server'));
  const held = () => server.ask<Held>('held');
  const port = await server.ask<number>('port');
  await using visitors = new AskedProgram(at('clients'), [host, `${port}`, '/'], namespaces?.on('client'));
  await visitors.ask(`connect ${WARM_UP}`);
  await visitors.ask('fin');
  await until(held, ({ sockets, settled }) => sockets === 0 && settled === WARM_UP, PATIENCE_MS.fin);
  const before = await held();
  await visitors.ask(`connect ${clients}`);
  const during = await held();
  const left = performance.now();
  if (way === 'silence') namespaces!.fallSilent();
  else await visitors.ask(way);
  const isOver = ({ cancelled, settled, sockets }: Held) =>
    cancelled === WARM_UP + clients && settled === WARM_UP + clients && sockets === 0;
  await until(held, isOver, PATIENCE_MS[way]);
  const took = performance.now() - left;
  if (way === 'silence') {
    // Their kernel still has the sockets, and would say so to the next server.
    await visitors.ask('forget');
    namespaces!.speak();
  }
  // Loops of the application that sleep between two events hold what they hold until they wake up.
  await sleep(every + 500);
  return { way, flavour, before, during, after: await held(), took };
}

const at = (program: string) => fileURLToPath(new URL(`./leavers/${program}.js`, import.meta.url));

/** Waits for it at most so long: the table shows how far it came. */
async function until(
  look: () => Promise<Held>,
  isOver: (held: Held) => boolean,
  patience: number,
): Promise<void> {
  const deadline = performance.now() + patience;
  while (!isOver(await look()) && performance.now() < deadline) await sleep(100);
}

const HEADINGS = [
  ...[
    'left by',
    'response',
    'clients',
    'noticed',
    'cancelled',
    'signals',
    'last after',
    'CLOSE_WAIT',
    'sockets',
  ],
  ...['descriptors', 'heap before', 'with all', 'after', 'resident'],
];
const ALIGNMENT = ['---', '---', ...Array.from({ length: HEADINGS.length - 2 }, () => '--:')];

function lineOf({ way, flavour, before, during, after, took }: Departure, clients: number): string[] {
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
  return [
    ...[way, NAMES[flavour], thousands(clients)],
    ...[after.settled, after.cancelled, after.aborted].map((count) => thousands(count - WARM_UP)),
    took < 1_000 ? `${Math.round(took)} ms` : `${(took / 1_000).toFixed(1)} s`,
    ...[after.closeWait, after.sockets].map(thousands),
    `${before.descriptors} → ${during.descriptors} → ${after.descriptors}`,
    ...[before.heap, during.heap, after.heap].map(mib),
    [before, during, after].map(({ resident }) => (resident / MIB).toFixed(0)).join(' → '),
  ];
}

function faultsOf({ way, flavour, before, after }: Departure, clients: number): string[] {
  const wrong = (what: string) => `${way}, ${NAMES[flavour]}: ${what}`;
  const faults: string[] = [];
  for (const what of ['opened', 'settled', 'cancelled', 'aborted'] as const)
    if (after[what] !== before[what] + clients)
      faults.push(wrong(`${what}: ${after[what] - before[what]} of ${clients}`));
  for (const what of ['connections', 'sockets'] as const)
    if (after[what] > 0) faults.push(wrong(`${after[what]} ${what} are left`));
  if (after.descriptors > before.descriptors)
    faults.push(wrong(`${after.descriptors - before.descriptors} descriptors are left`));
  const rise = after.heap - before.heap;
  if (rise > MOST_HEAP_RISE) faults.push(wrong(`the heap grew by ${(rise / MIB).toFixed(1)} MiB`));
  return faults;
}
