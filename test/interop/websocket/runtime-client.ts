/** The WebSocket of a runtime, in a process of its own: `runtime-client.js <origin> [authority of its certificate]`. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { runCases, type StandardSocket } from './cases.ts';

const [origin = '', authority] = process.argv.slice(2);
const { WebSocket } = globalThis as unknown as {
  WebSocket: new (url: string, options: unknown) => StandardSocket;
};

// Bun takes authorities as an option; Node and Deno have got them from their environment.
const isBun = 'bun' in process.versions;
const optionsFor = (protocols: string[]): unknown =>
  isBun && authority !== undefined ? { protocols, tls: { ca: readFileSync(authority, 'utf8') } } : protocols;

await runCases(
  (path, protocols) => new WebSocket(origin + path, optionsFor(protocols)),
  (line) => console.log(line),
);
process.exit(0);
