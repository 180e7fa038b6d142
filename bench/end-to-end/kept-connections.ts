/**
 * The client of the idle cases, in a process of its own.
 *
 *     node kept-connections.js <port> <bytes of a response>      reads `open <count>` and `count` from stdin
 *
 * The request is in `BENCH_REQUEST`. A connection is kept from its response until the server closes it.
 */
import net from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';

const PATIENCE_MS = 20_000;
/** More at once would exceed the listener's backlog. */
const AT_ONCE = 100;

const [port, answerOctets] = process.argv.slice(2).map(Number) as [number, number];
const request = Buffer.from(process.env['BENCH_REQUEST'] ?? '', 'latin1');
let open = 0;

function openOne(): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0;
    const socket = net.connect({ host: '127.0.0.1', port }, () => socket.write(request));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no response within ${PATIENCE_MS} ms`)));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received < answerOctets) return;
      socket.setTimeout(0);
      open++;
      socket.once('close', () => {
        open--;
      });
      resolve();
    });
  });
}

async function openAll(count: number): Promise<string> {
  try {
    for (let left = count; left > 0; left -= AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, openOne));
    }
    return 'opened';
  } catch (error) {
    return (error as Error).message;
  }
}

const lines = createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  const [command, count] = line.split(' ');
  console.log(command === 'open' ? await openAll(Number(count)) : String(open));
});
lines.on('close', () => process.exit(0));
