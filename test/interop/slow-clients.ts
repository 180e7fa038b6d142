/**
 * A thousand slow clients of each kind, and whether anybody else notices.
 *
 *     node build/test/interop/slow-clients.js [connections]
 *
 * and, with segments as a network has them (those of a loopback are 64 KiB, which costs the kernel megabytes a client):
 *
 *     sudo unshare -n sh -c 'ip link set lo mtu 1500 up; exec node build/test/interop/slow-clients.js'
 *
 * The clients are those of the program `slowhttptest`, which has to be installed (Debian has a package of that name). While
 * they do their worst, a probe asks for a page twenty times a second. Prints a table, and fails when a probe was not
 * answered, or when a slow connection outlived its deadline.
 */
import { spawn } from 'node:child_process';
import net from 'node:net';
import process from 'node:process';
import type { Lives, Memory } from '../faults/servers/watched.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

const CONNECTIONS = process.argv[2] ?? '1000';
/** Connections a second: more, and the clients' own work is what keeps the probe waiting on a small machine. */
const RATE = '200';
/** Seconds that each mode may take. */
const LENGTH = 40;
const TIMEOUT = 5_000;
/** What may come behind a timeout: two ticks of the sweep, and the time for which a client is listened to at the end. */
const LATE = (2 * TIMEOUT) / 8 + 5_000 + 500;
const PROBE_EVERY = 50;
const PROBE_PATIENCE = 3_000;
const MIB = 2 ** 20;

interface Mode {
  readonly name: string;
  readonly flags: readonly string[];
  readonly path: string;
  /** How long one of its connections may live, in milliseconds. */
  readonly deadline: number;
}

const MODES: readonly Mode[] = [
  {
    name: 'slow headers (-H)',
    flags: ['-H', '-i', '3', '-x', '24', '-t', 'GET'],
    path: '/',
    deadline: TIMEOUT + LATE,
  },
  {
    name: 'slow body (-B)',
    flags: ['-B', '-i', '10', '-x', '10', '-s', '8192', '-t', 'POST'],
    path: '/length',
    deadline: TIMEOUT + LATE,
  },
  { name: 'ranges (-R)', flags: ['-R', '-a', '10', '-b', '3000'], path: '/', deadline: TIMEOUT + LATE },
  {
    name: 'slow read (-X)',
    flags: ['-X', '-w', '1', '-y', '512', '-n', '5', '-z', '32', '-k', '3'],
    path: '/stream?n=200&size=65536',
    // What the kernel took once may look like progress at the first look; then it is the idle time's turn, or the last words'.
    deadline: 3 * TIMEOUT + LATE,
  },
];

/** How long it took to be answered on a connection of one's own, in milliseconds; Infinity when it failed. */
function probe(port: number): Promise<number> {
  return new Promise((resolve) => {
    const start = performance.now();
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = '';
    const settle = () => {
      clearTimeout(timer);
      socket.destroy();
      const isRight = /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nhello$/.test(answer);
      resolve(isRight ? performance.now() - start : Number.POSITIVE_INFINITY);
    };
    const timer = setTimeout(settle, PROBE_PATIENCE);
    socket.on('error', settle);
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('end', settle);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  });
}

/** @returns what it complained of, or `undefined`. */
function slowhttptest(flags: readonly string[], url: string): Promise<string | undefined> {
  const child = spawn(
    'slowhttptest',
    [...flags, '-c', CONNECTIONS, '-r', RATE, '-l', String(LENGTH), '-p', '3', '-v', '0', '-u', url],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const timer = setTimeout(() => child.kill(), (LENGTH + 5) * 1_000);
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', () => {
      clearTimeout(timer);
      resolve(stderr === '' ? undefined : stderr.trim());
    });
  });
}

function percentile(sorted: readonly number[], part: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)];
  return (value ?? Number.NaN).toFixed(1);
}

async function run(server: ServerProcess, mode: Mode): Promise<string[]> {
  const inUse = async () => {
    const { buffers, heap } = await server.command<Memory>('memory');
    return buffers + heap;
  };
  const inUseBefore = await inUse();
  const before = await server.rss();
  await server.command('lives');
  const latencies: Promise<number>[] = [];
  let peak = before;
  let open = 0;
  const probing = setInterval(() => latencies.push(probe(server.port)), PROBE_EVERY);
  const watching = setInterval(async () => {
    peak = Math.max(peak, await server.rss());
    open = Math.max(open, await server.command<number>('connections'));
  }, 200);
  const complaint = await slowhttptest(mode.flags, `http://127.0.0.1:${server.port}${mode.path}`);
  if (complaint !== undefined) console.error(`${mode.name}: ${complaint}`);
  clearInterval(probing);
  clearInterval(watching);
  const times = (await Promise.all(latencies)).sort((a, b) => a - b);
  for (let second = 0; second < 20 && (await server.command<number>('connections')) > 0; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  const left = await server.command<number>('connections');
  const { opened, closed, longest } = await server.command<Lives>('lives');
  const failed = times.filter((time) => time === Number.POSITIVE_INFINITY).length;
  const slow = opened - times.length;
  const isClosedInTime = left === 0 && closed === opened && longest <= mode.deadline;
  if (failed > 0 || !isClosedInTime || slow < Number(CONNECTIONS)) process.exitCode = 1;
  const mib = (octets: number) => String(Math.round(octets / MIB));
  return [
    mode.name,
    `${slow}`,
    `${open}`,
    `${isClosedInTime ? 'all' : `NOT, ${left} left`}`,
    `${(longest / 1_000).toFixed(1)} of ${(mode.deadline / 1_000).toFixed(1)}`,
    `${times.length}`,
    `${failed}`,
    percentile(times, 0.5),
    percentile(times, 0.99),
    `${mib(before)}/${mib(peak)}/${mib(await server.rss())}`,
    `${mib(inUseBefore)}/${mib(await inUse())}`,
  ];
}

const server = await startServer('../../faults/servers/watched', {
  serve: { timeouts: { headers: TIMEOUT, idle: TIMEOUT, receive: TIMEOUT, send: TIMEOUT } },
});
try {
  const rows = [
    [
      'mode',
      'slow',
      'at once',
      'closed in time',
      'longest, s',
      'probes',
      'failed',
      'p50, ms',
      'p99, ms',
      'RSS before/peak/after, MiB',
      'in use before/after, MiB',
    ],
  ];
  for (const mode of MODES) rows.push(await run(server, mode));
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
} finally {
  await server.stop();
}
