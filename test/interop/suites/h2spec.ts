/** Runs the suite h2spec, a Go program, against a server on a clear port and one with TLS. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Handler, Response, serve } from '../../../src/index.ts';
import { certificatePair } from '../../support/certificates.ts';
import { type Command, UsageError } from '../../support/commands.ts';
import { findProgram } from '../../support/find-program.ts';
import { markdownTable } from '../../support/markdown-table.ts';

const HELP = `PROGRAM

PROGRAM is the program h2spec, built from https://github.com/summerwind/h2spec.`;

/** A handler that does not read the content, one that sends it back, and one that waits for all of it. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  'reads nothing': () => new Response('hello'),
  streams: (request: Request) => new Response(request.body ?? 'hello'),
  collects: async (request: Request) => new Response(`hello ${await request.text()}`),
};

export const h2spec: Command = {
  summary: 'the suite h2spec of summerwind, clear and over TLS',
  help: HELP,
  async run([program]) {
    if (program === undefined) throw new UsageError('PROGRAM is missing');
    const file = findProgram(program);
    if (file === undefined) return [`${program} is not a program`];
    const rows: string[][] = [];
    const faults: string[] = [];
    for (const [name, handler] of Object.entries(HANDLERS)) {
      for (const wire of ['h2c', 'h2'] as const) {
        const server = serve(handler);
        const tls = wire === 'h2' ? { tls: certificatePair('localhost') } : {};
        const { port } = (await server.listen({ hostname: '127.0.0.1', port: 0, ...tls })).address;
        const { summary, failures } = await runSuite(file, [
          ...['--strict', '--host', '127.0.0.1', '--port', String(port)],
          ...(wire === 'h2' ? ['--tls', '--insecure'] : []),
        ]);
        server.closed.catch(() => {});
        server.destroy();
        rows.push([wire, name, summary]);
        faults.push(...failures.map((failure) => `${wire}, ${name}: ${failure}`));
      }
    }
    console.log(markdownTable(['wire', 'the handler', 'result'], ['---', '---', '---'], rows));
    return faults;
  },
};

async function runSuite(file: string, words: readonly string[]) {
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [status] = await once(child, 'close');
  const summary = /^\d+ tests, .*$/m.exec(output)?.[0] ?? `status ${status}`;
  const report = output.slice(output.lastIndexOf('Failures:'));
  const failures = output.includes('Failures:')
    ? [...report.matchAll(/^ *× (.*)$/gm)].map(([, line]) => line!)
    : [];
  return { summary, failures: status === 0 || failures.length > 0 ? failures : [summary] };
}
