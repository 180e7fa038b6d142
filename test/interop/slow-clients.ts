/**
 * A thousand slow clients of each kind, and whether other clients notice.
 *
 * The slow clients are those of the program `slowhttptest` (a Debian package). Meanwhile a probe requests a page twenty times a
 * second. It is a fault when a probe has no response, or when a slow connection outlives its deadline.
 */
import { spawn } from 'node:child_process';
import net from 'node:net';
import type { Lives, Memory } from '../faults/servers/watched.ts';
import { type Command, wholeNumber } from '../support/commands.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

const HELP = `[CONNECTIONS]

  CONNECTIONS   slow clients of each kind (1000)

On a loopback interface, segments have 64 KiB, and the kernel spends megabytes on a slow reader. For segments as in a network:

  sudo unshare -n sh -c 'ip link set lo mtu 1500 up; exec node build/test/interop/main.js slow-clients'`;

/** Connections a second: with more, the work of the clients delays the probe on a small machine. */
const RATE = '200';
/** The most seconds for each mode. */
const LENGTH = 40;
const TIMEOUT = 5_000;
/** What may follow a timeout: two ticks of the sweep, and the lingering close. */
const LATE = (2 * TIMEOUT) / 8 + 5_000 + 500;
const PROBE_EVERY = 50;
const PROBE_PATIENCE = 3_000;
const MIB = 2 ** 20;

interface Mode {
  readonly name: string;
  readonly flags: readonly string[];
  readonly path: string;
  /** The longest life of a connection, in milliseconds. */
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
    // Data in the kernel's buffers can look like progress once; then the idle timeout or the lingering close follows.
    deadline: 3 * TIMEOUT + LATE,
  },
];

export const slowClients: Command = {
  summary: 'a thousand slow clients of each kind of slowhttptest, and whether other clients notice',
  help: HELP,
  async run([count = '1000']) {
    const connections = wholeNumber('CONNECTIONS', count, 1);
    const timeouts = { headers: TIMEOUT, idle: TIMEOUT, receive: TIMEOUT, send: TIMEOUT };
    const server = await startServer('../../faults/servers/watched', { serve: { timeouts } });
    const rows = [HEADINGS];
    const faults: string[] = [];
    try {
      for (const mode of MODES) {
        const judged = await judge(server, mode, connections);
        rows.push(judged.row);
        faults.push(...judged.faults);
      }
    } finally {
      await server.stop();
    }
    const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
    return faults;
  },
};

const HEADINGS = [
  ...['mode', 'slow', 'at once', 'closed in time', 'longest, s', 'probes', 'failed', 'p50, ms', 'p99, ms'],
  ...['RSS before/peak/after, MiB', 'in use before/after, MiB'],
];

/** @returns the milliseconds until the response on a new connection; Infinity when it failed. */
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

/** @returns what it printed as an error, or `undefined`. */
function slowhttptest(
  flags: readonly string[],
  connections: number,
  url: string,
): Promise<string | undefined> {
  const child = spawn(
    'slowhttptest',
    [...flags, '-c', String(connections), '-r', RATE, '-l', String(LENGTH), '-p', '3', '-v', '0', '-u', url],
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

interface Judged {
  readonly row: string[];
  readonly faults: string[];
}

async function judge(server: ServerProcess, mode: Mode, connections: number): Promise<Judged> {
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
  const complaint = await slowhttptest(
    mode.flags,
    connections,
    `http://127.0.0.1:${server.port}${mode.path}`,
  );
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
  const faults: string[] = [];
  if (failed > 0) faults.push(`${mode.name}: ${failed} probes failed`);
  if (!isClosedInTime) faults.push(`${mode.name}: connections outlived their deadline`);
  if (slow < connections) faults.push(`${mode.name}: only ${slow} slow connections were opened`);
  const mib = (bytes: number) => String(Math.round(bytes / MIB));
  const row = [
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
  return { row, faults };
}
