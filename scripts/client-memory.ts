/**
 * Whether a client that streams keeps what passes through it: a gibibyte down, and a gibibyte up, and by how much its resident
 * memory rises; then aborts at random, and how many sockets are left.
 *
 *     node build/scripts/client-memory.js [MiB] [aborts]
 *
 * Fails when the memory rises by 64 MiB or more, when octets are lost, or when a socket is left.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../src/client/client.ts';
import { abortAtRandom } from '../test/client/abort-at-random.ts';
import { startServer } from '../test/support/server-process.ts';

const MIB = 2 ** 20;
const MOST_RISE = 64;
const SIZE = Number(process.argv[2] ?? 1_024);
const ABORTS = Number(process.argv[3] ?? 10_000);
const PIECE = 64 * 1024;

/** The highest resident memory while something runs, over what it was before, in MiB. */
async function riseDuring(work: () => Promise<void>): Promise<number> {
  global.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 10);
  await work();
  clearInterval(timer);
  return (most - before) / MIB;
}

function check(what: string, isSo: boolean): void {
  console.log(`${isSo ? 'ok   ' : 'WRONG'}  ${what}`);
  if (!isSo) process.exitCode = 1;
}

const server = await startServer('../../../scripts/servers/volume');
const client = new Client();
const url = `http://127.0.0.1:${server.port}`;
try {
  // Once before it counts: what the runtime takes for itself the first time is not the client's.
  for (const octets of [16 * MIB, SIZE * MIB]) {
    const isWarmUp = octets < SIZE * MIB;
    let received = 0;
    const start = performance.now();
    const down = await riseDuring(async () => {
      const response = await client.fetch(`${url}/?octets=${octets}`);
      for await (const piece of response.body!) received += piece.length;
    });
    const rate = (received / MIB / ((performance.now() - start) / 1_000)).toFixed(0);
    if (!isWarmUp)
      check(
        `${SIZE} MiB down: ${rate} MiB/s, memory rose by ${down.toFixed(1)} MiB`,
        received === octets && down < MOST_RISE,
      );
    let sent = 0;
    let counted = '';
    const begun = performance.now();
    const up = await riseDuring(async () => {
      const piece = new Uint8Array(PIECE).fill(0x78);
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (sent >= octets) return controller.close();
          sent += piece.length;
          controller.enqueue(piece);
        },
      });
      counted = await (await client.fetch(url, { method: 'PUT', body })).text();
    });
    const upRate = (sent / MIB / ((performance.now() - begun) / 1_000)).toFixed(0);
    if (!isWarmUp)
      check(
        `${SIZE} MiB up: ${upRate} MiB/s, memory rose by ${up.toFixed(1)} MiB`,
        Number(counted) === octets && up < MOST_RISE,
      );
  }
  await client.close();

  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const before = sockets();
  const { completed, aborted, wrong } = await abortAtRandom(ABORTS, Date.now() % 1_000_000);
  for (let i = 0; i < 100 && sockets() > before; i++) await sleep(20);
  check(
    `${ABORTS} exchanges aborted at random: ${aborted} aborted, ${completed} complete, ${wrong.length} wrong, ${sockets() - before} sockets left`,
    wrong.length === 0 && sockets() <= before,
  );
  for (const what of wrong.slice(0, 5)) console.log(`       ${what}`);
} finally {
  await server.stop();
}
