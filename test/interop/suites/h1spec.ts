/** Runs the suite h1spec, a Deno program, against a server that echoes content. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { Response, serve } from '../../../src/index.ts';
import { type Command, UsageError } from '../../support/commands.ts';
import { findProgram } from '../../support/find-program.ts';

const HELP = `CHECKOUT

CHECKOUT is a clone of https://github.com/uNetworking/h1spec. Needs Deno; the environment variable DENO may name its binary.`;

export const h1spec: Command = {
  summary: 'the suite h1spec of uNetworking',
  help: HELP,
  async run([checkout]) {
    if (checkout === undefined) throw new UsageError('CHECKOUT is missing');
    const deno = findProgram(process.env['DENO'] ?? 'deno');
    if (deno === undefined) return ['Deno is not installed'];
    // The suite takes the first octets that it reads for the whole response, so head and content must leave in one write.
    const echo = async (request: Request) => new Response(await request.text());
    const server = serve(echo);
    const { port } = (await server.listen({ hostname: '127.0.0.1', port: 0 })).address;
    const words = [
      'run',
      '--no-lock',
      '--allow-net',
      join(checkout, 'http_test.ts'),
      '127.0.0.1',
      String(port),
    ];
    const [status] = await once(spawn(deno, words, { stdio: 'inherit' }), 'close');
    server.destroy();
    return status === 0 ? [] : [`h1spec ended with status ${status}`];
  },
};
