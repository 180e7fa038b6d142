/**
 * A WebSocket in a process of its own: `runtime-client.js <own|serval> <origin> [authority of its certificate]`. It is the runtime's own, or
 * Serval's on that runtime.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { runCases, type StandardSocket } from './cases.ts';

const [whose, origin = '', authority] = process.argv.slice(2);
const isServal = whose === 'serval';
const { WebSocket } = (isServal ? await import('../../../src/client/index.ts') : globalThis) as unknown as {
  WebSocket: new (url: string, options: unknown) => StandardSocket;
};

// Bun and Serval take authorities as an option; Node and Deno have got them from their environment.
const takesTls = isServal || 'bun' in process.versions;
const optionsFor = (protocols: string[]): unknown =>
  takesTls && authority !== undefined
    ? { protocols, tls: { ca: readFileSync(authority, 'utf8') } }
    : protocols;

await runCases(
  (path, protocols) => new WebSocket(origin + path, optionsFor(protocols)),
  (line) => console.log(line),
);
process.exit(0);
