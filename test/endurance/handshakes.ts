/**
 * Attacks the TLS handshake of a server, and measures whether other clients are still served: each probe is a new connection with
 * a full handshake and one request. It prints the memory of the server before, during and after each attack.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { certificateAuthority } from '../support/certificates.ts';
import { type Command, wholeNumber } from '../support/commands.ts';
import { inMs, markdownTable, thousands } from '../support/markdown-table.ts';
import { RawConnection } from '../support/raw-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { type Attack, attacks, keepUp } from './handshakes/attacks.ts';

const HELP = `[options]

  --seconds NUMBER   of each attack (10)`;

const NAME = 'a.test';
const PROBE_EVERY_MS = 50;
const PATIENCE_MS = 5_000;
const MIB = 2 ** 20;
/** 1,000 handshakes at once, at most 100 KiB each, and what the garbage collector has not looked at yet. */
const MOST_RISE_MIB = 160;

export const handshakes: Command = {
  summary: 'garbage, silence, slow and broken TLS handshakes: are other clients served, and how much memory?',
  help: HELP,
  async run(words) {
    const options = { seconds: { type: 'string', default: '10' } } as const;
    const { values } = parseArgs({ args: [...words], options });
    const seconds = wholeNumber('--seconds', values.seconds, 1);
    const { cert, key } = certificateAuthority().issue([NAME]);
    const server = await startServer('routes', { serve: { tls: { cert, key } } });
    const faults: string[] = [];
    const lines: string[][] = [];
    try {
      for (let warmUp = 0; warmUp < 20; warmUp++) await probe(server);
      for (const attack of await attacks(NAME)) {
        const { failed, line, rise } = await under(attack, server, seconds);
        lines.push(line);
        console.error(line.join('  '));
        if (failed > 0) faults.push(`${attack.name}: ${failed} probes failed`);
        if (rise > MOST_RISE_MIB) faults.push(`${attack.name}: the server grew by ${rise.toFixed(0)} MiB`);
      }
      if (server.stderr() !== '') faults.push(`the server printed: ${server.stderr().slice(0, 500)}`);
    } finally {
      await server.stop();
    }
    const headings = ['attack', 'at once', 'connections', 'probes', 'failed', 'p50', 'p99', 'memory, MiB'];
    console.log(markdownTable(headings, ['---', ...Array<string>(7).fill('--:')], lines));
    return faults;
  },
};

async function under(attack: Attack, server: ServerProcess, seconds: number) {
  const before = await server.rss();
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const opening = keepUp(attack, server.port, stop.signal);
  const times: number[] = [];
  let failed = 0;
  let most = before;
  const deadline = performance.now() + seconds * 1_000;
  while (performance.now() < deadline) {
    const time = await probe(server);
    if (time === undefined) failed++;
    else times.push(time);
    most = Math.max(most, await server.rss());
    await sleep(PROBE_EVERY_MS);
  }
  stop.abort();
  const opened = await opening;
  await sleep(1_000);
  const after = await server.rss();
  times.sort((a, b) => a - b);
  const at = (share: number) => inMs(times[Math.floor((times.length - 1) * share)] ?? Number.NaN);
  const memory = [before, most, after].map((octets) => (octets / MIB).toFixed(0)).join(' → ');
  const line = [
    attack.name,
    ...[attack.connections, opened, times.length + failed, failed].map(thousands),
    ...[at(0.5), at(0.99), memory],
  ];
  return { failed, line, rise: (most - before) / MIB };
}

/** @returns the milliseconds of a handshake and a request; `undefined` if there was no response in time. */
async function probe({ port }: ServerProcess): Promise<number | undefined> {
  const began = performance.now();
  const asking = (async () => {
    const tls = { ca: certificateAuthority().cert, servername: NAME };
    const connection = await RawConnection.connect({ port, tls });
    await connection.send(`GET / HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`);
    const { text } = await connection.receiveAll();
    connection.close();
    return text.startsWith('HTTP/1.1 200') ? performance.now() - began : undefined;
  })().catch(() => undefined);
  return await Promise.race([asking, sleep(PATIENCE_MS, undefined, { ref: false })]);
}
