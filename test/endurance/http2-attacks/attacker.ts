/** A thread whose connections repeat one attack until they are told to stop: each connection that ends is followed by another. */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { HTTP2_ATTACKS } from '../../conformance/attacks/http2/http2-attacks.ts';
import { join } from '../../http2/frames.ts';
import { RawHttp2Client } from '../../http2/raw-http2-client.ts';

export interface Orders {
  readonly attack: string;
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
}

export interface Spoils {
  readonly octets: number;
  readonly connections: number;
  /** How the connections ended, by the code of GOAWAY. */
  readonly ends: Readonly<Record<string, number>>;
}

/** Rounds that are sent in one write. */
const AT_ONCE = 64;
/** A client that has said everything waits this long for the server to end it. */
const PATIENCE_MS = 2_000;

const { attack: name, port, connections, seconds } = workerData as Orders;
const attack = HTTP2_ATTACKS.find((one) => one.name === name)!;
const until = performance.now() + seconds * 1_000;
const spoils = { octets: 0, connections: 0, ends: {} as Record<string, number> };

async function attackOnce(): Promise<void> {
  const client = await RawHttp2Client.connect({ port, ...attack });
  spoils.connections++;
  if (attack.isDeaf) client.socket.pause();
  client.send(attack.opening ?? new Uint8Array(0));
  const isOver = () => client.ended !== undefined || client.socket.destroyed || performance.now() > until;
  for (let number = 0; !isOver(); number++) {
    const octets = batch(number);
    if (octets.length === 0) break;
    client.send(octets);
    if (client.socket.writableNeedDrain) await Promise.race([client.writable(), sleep(100)]);
    else await turn();
  }
  const patience = performance.now() + PATIENCE_MS;
  while (!isOver() && performance.now() < patience) await sleep(20);
  client.socket.resume();
  if (performance.now() < until) await client.end(PATIENCE_MS).catch(() => '');
  const goAway = client.lines.findLast((line) => line.startsWith('GOAWAY'))?.split(' ')[2];
  const resets = client.lines.find((line) => line.startsWith('RST_STREAM'))?.split(' ')[2];
  const end = goAway ?? (client.ended === undefined ? `open, streams: ${resets ?? 'answered'}` : 'closed');
  if (performance.now() < until) spoils.ends[end] = (spoils.ends[end] ?? 0) + 1;
  spoils.octets += client.socket.bytesWritten;
  client.close();
}

/** The frames of the attack, many rounds at once, and made only once: the same for each connection. */
const batches: Uint8Array[] = [];

/** @returns nothing after the last round of an attack that the server survives. */
function batch(number: number): Uint8Array {
  const { code, settings, round, rounds } = attack;
  const most = code === undefined && settings !== undefined ? rounds : Infinity;
  const first = number * AT_ONCE;
  const count = Math.max(0, Math.min(AT_ONCE, most - first));
  batches[number] ??= join(...Array.from({ length: count }, (_, i) => round(first + i)));
  return batches[number];
}

await Promise.all(
  Array.from({ length: connections }, async () => {
    while (performance.now() < until) await attackOnce().catch(() => sleep(20));
  }),
);
parentPort!.postMessage(spoils satisfies Spoils);
