/**
 * Runs examples in this process, one after the other, and asks each server that one starts:
 *
 *     node run-examples.js FILE.js…
 *
 * The working folder has what they use, and they listen at any free port. Prints a line of JSON for each.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import type { Server } from '../../src/index.ts';
import { noteOpenServers } from '../../src/server/open-servers.ts';

export interface Ran {
  readonly name: string;
  /** The statuses of the answers to `GET /`, or 101 for a WebSocket that has opened. */
  readonly statuses: readonly number[];
  readonly faults: readonly string[];
}

const PATIENCE_MS = 10_000;

let faults: string[] = [];
let opened: Server[] = [];

noteOpenServers((server) => opened.push(server as Server));
for (const event of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(event, (error: unknown) => faults.push(textOf(error)));
// Certificates of the test's own authority.
process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';

for (const file of process.argv.slice(2)) console.log(JSON.stringify(await ran(file)));
process.exit();

async function ran(file: string): Promise<Ran> {
  faults = [];
  opened = [];
  const statuses: number[] = [];
  const code = readFileSync(file, 'utf8');
  try {
    const late = sleep(PATIENCE_MS, 'late', { ref: false });
    if ((await Promise.race([import(pathToFileURL(file).href), late])) === 'late')
      throw new Error(`it does not end within ${PATIENCE_MS} ms`);
    for (const server of opened) {
      await server.ready;
      // A server without an address in its options does not listen.
      if (server.url === undefined) continue;
      statuses.push(
        code.includes('upgradeWebSocket') || code.includes('/crossws/')
          ? await opens(server.url, code)
          : await answers(server.url),
      );
    }
  } catch (error) {
    faults.push(textOf(error));
  }
  for (const server of opened) {
    server.closed.catch(() => {});
    server.destroy();
  }
  return { name: basename(file, '.js'), statuses, faults };
}

async function answers(url: string): Promise<number> {
  return (await fetch(url, { redirect: 'manual' })).status;
}

/** Opens a WebSocket with the protocols that the example names, at the path that it names. */
function opens(url: string, code: string): Promise<number> {
  const [, protocol] = /protocol: \["([^"]*)"\]/.exec(code) ?? [];
  const path = code.includes('"/ws"') ? 'ws' : '';
  const socket = new WebSocket(url.replace('http', 'ws') + path, protocol ?? []);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
}

function textOf(error: unknown): string {
  const { message = String(error), cause } = error as Error;
  return cause === undefined ? message : `${message}: ${textOf(cause)}`;
}
