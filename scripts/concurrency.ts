/**
 * Whether slow requests hold up fast ones: 500 connections at once, half of them on a handler that waits a second.
 *
 *     node build/scripts/concurrency.js
 *
 * Prints the times of each half, from the first octet of the request to the last of the answer. Fails when a request did.
 */
import net from 'node:net';
import process from 'node:process';
import { type ServerProcess, startServer } from '../test/support/server-process.ts';

const CONNECTIONS = 500;
const WAIT_MS = 1_000;
const PATIENCE_MS = 20_000;

interface Outcome {
  readonly milliseconds: number;
  /** Why it failed, or `undefined`. */
  readonly failure: string | undefined;
}

function connect(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function request(socket: net.Socket, path: string, expected: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const start = performance.now();
    let answer = '';
    const settle = (failure?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ milliseconds: performance.now() - start, failure });
    };
    const timer = setTimeout(() => settle(`no answer within ${PATIENCE_MS} ms`), PATIENCE_MS);
    socket.on('error', (error) => settle(error.message));
    socket.on('close', () => settle('the connection was closed'));
    socket.on('data', (text) => {
      answer += text;
      if (!answer.endsWith(`\r\n\r\n${expected}`)) return;
      settle(answer.startsWith('HTTP/1.1 200 ') ? undefined : answer.split('\r\n', 1)[0]);
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  });
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const times = outcomes
    .filter(({ failure }) => failure === undefined)
    .map(({ milliseconds }) => milliseconds)
    .sort((a, b) => a - b);
  const cells = [
    times.length,
    percentile(times, 0.5).toFixed(1),
    percentile(times, 0.99).toFixed(1),
    outcomes.length - times.length,
  ];
  return [name.padEnd(18), ...cells.map((cell) => String(cell).padStart(9))].join('');
}

async function measure(server: ServerProcess): Promise<{ fast: Outcome[]; slow: Outcome[] }> {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(server.port)));
  const isSlow = (index: number) => index % 2 === 1;
  const outcomes = await Promise.all(
    sockets.map((socket, index) =>
      isSlow(index) ? request(socket, `/slow?ms=${WAIT_MS}`, 'slow') : request(socket, '/', 'hello'),
    ),
  );
  return {
    fast: outcomes.filter((_, index) => !isSlow(index)),
    slow: outcomes.filter((_, index) => isSlow(index)),
  };
}

const server = await startServer('routes');
try {
  const { fast, slow } = await measure(server);
  console.log(
    `${CONNECTIONS} connections at once, half of them on a handler that waits ${WAIT_MS} ms; times in ms`,
  );
  console.log(
    ['half'.padEnd(18), ...['answered', 'p50', 'p99', 'failed'].map((name) => name.padStart(9))].join(''),
  );
  console.log(row('at once', fast));
  console.log(row(`after ${WAIT_MS} ms`, slow));
  const failures = new Set(
    [...fast, ...slow].flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
  );
  for (const failure of failures) console.error(`failed: ${failure}`);
  if (failures.size > 0) process.exitCode = 1;
} finally {
  await server.stop();
}
