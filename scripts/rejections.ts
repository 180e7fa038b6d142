/**
 * What refusing garbage costs: 100,000 requests that are refused, each on a connection of its own, and as many that are
 * served in the same way, in turns, against one server process.
 *
 *     node build/scripts/rejections.js [requests]
 *
 * Prints the resident memory on the way, the processor time that the server took for each, and the ratio of the two. Fails
 * when a refusal costs more than three times what an answer costs, or when an answer is not what it should be.
 */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import process from 'node:process';
import { type ServerProcess, startServer } from '../test/support/server-process.ts';

const TOTAL = Number(process.argv[2] ?? 100_000);
const AT_ONCE = 32;
const ROUNDS = 10;
const MOST = 3;
const MIB = 2 ** 20;

interface Kind {
  readonly name: string;
  readonly raw: string;
  readonly status: string;
}

const SERVED: Kind = {
  name: 'served',
  raw: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  status: 'HTTP/1.1 200 ',
};

/** Faults that are found at once, behind the whole head, and in the content, when a handler reads it already. */
const REFUSED: readonly Kind[] = [
  { name: 'no Host', raw: 'GET / HTTP/1.1\r\nX: y\r\n\r\n', status: 'HTTP/1.1 400 ' },
  { name: 'TLS', raw: `\x16\x03\x01\x02\x00\x01\x00${'x'.repeat(500)}`, status: 'HTTP/1.1 400 ' },
  {
    name: '101 fields',
    raw: `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(101)}\r\n`,
    status: 'HTTP/1.1 431 ',
  },
  {
    name: 'a bad chunk',
    raw: 'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n',
    status: 'HTTP/1.1 400 ',
  },
];

function ask(port: number, { raw, status }: Kind): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('close', () => {
      if (answer.startsWith(status)) resolve();
      else reject(new Error(`expected ${status}, got ${JSON.stringify(answer.slice(0, 60))}`));
    });
    socket.write(raw, 'latin1');
  });
}

async function askMany(port: number, kind: Kind, count: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await ask(port, kind);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Microseconds of processor time that the process has taken, in user and in kernel mode. */
function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name of the program, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks * 10_000;
}

async function measure(server: ServerProcess, kind: Kind, count: number): Promise<number> {
  const before = processorTime(server.pid);
  await askMany(server.port, kind, count);
  return processorTime(server.pid) - before;
}

const memory = async (server: ServerProcess) => `${Math.round((await server.rss()) / MIB)} MiB`;

const server = await startServer('../../faults/servers/plain');
try {
  const spent = new Map<Kind, number>([SERVED, ...REFUSED].map((kind) => [kind, 0]));
  for (const kind of spent.keys()) await askMany(server.port, kind, 1_000);
  const each = Math.ceil(TOTAL / ROUNDS / REFUSED.length);
  console.log(`${each * ROUNDS * REFUSED.length} requests refused, ${AT_ONCE} at once; resident memory:`);
  console.log(`  start   ${await memory(server)}`);
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of spent.keys()) spent.set(kind, spent.get(kind)! + (await measure(server, kind, each)));
    if (round === ROUNDS / 2 - 1) console.log(`  middle  ${await memory(server)}`);
  }
  console.log(`  end     ${await memory(server)}`);

  const cost = (kind: Kind) => spent.get(kind)! / (each * ROUNDS);
  console.log('\nprocessor time of the server for one request on a connection of its own:');
  for (const kind of spent.keys()) {
    const ratio = (cost(kind) / cost(SERVED)).toFixed(2);
    console.log(`  ${kind.name.padEnd(12)} ${cost(kind).toFixed(0).padStart(5)} µs ${ratio.padStart(7)}`);
    if (cost(kind) > MOST * cost(SERVED)) process.exitCode = 1;
  }
} finally {
  await server.stop();
}
