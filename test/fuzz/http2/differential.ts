/** Sends the same scripts of frames to Serval and to `node:http2`, and reports differences that are not in the reviewed list. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Response, serve } from '../../../src/index.ts';
import type { DifferentialOutcome } from '../differential-campaign.ts';
import { minimise } from '../minimise.ts';
import { Mutator } from '../mutator.ts';
import { Random } from '../random.ts';
import { grouped, Progress } from '../report.ts';
import type { ServerOptions } from '../server-campaign.ts';
import { describe, UNDERSTOOD } from '../understood.ts';
import { converse, type Http2Outcome } from './conversation.ts';
import { http2DisagreementOf } from './disagreement.ts';
import { HTTP2_DISAGREEMENTS } from './known-disagreements.ts';
import { NodeHttp2Process } from './node-process.ts';
import { HTTP2_VOCABULARY, octetsOf } from './script.ts';

interface Class {
  count: number;
  /** The shortest script. */
  example: Buffer;
}

const CONCURRENCY = 16;
const LONG_SILENCE_MS = 1_000;
export const NODE_ENDS = 'the process of node ends';

export async function fuzzHttp2Differentially(options: ServerOptions): Promise<DifferentialOutcome> {
  const random = new Random(options.seed);
  const mutator = new Mutator(random, HTTP2_VOCABULARY);
  const progress = new Progress('http2-differential');
  const serval = serve(understand);
  const { port } = (await serval.listen({ hostname: '127.0.0.1', port: 0 })).address;
  await using node = new NodeHttp2Process();
  const classes = new Map<string, Class>();
  // The reviewed examples come first: a class that no longer occurs must leave the list.
  const given = [...HTTP2_DISAGREEMENTS.map(({ example }) => Buffer.from(example, 'hex')), ...options.corpus];
  let executions = 0;

  const askNode = async (octets: Uint8Array, silence?: number): Promise<Http2Outcome | undefined> => {
    const { ends } = node;
    const theirs = await converse(await node.port(), octets, silence);
    // The process may end a moment after the connection.
    if (theirs.connection === 'closed') await sleep(5);
    return node.ends === ends ? theirs : undefined;
  };
  let turn: Promise<unknown> = Promise.resolve();
  const classOf = async (script: Buffer): Promise<string | undefined> => {
    const octets = octetsOf(script);
    let ours = await converse(port, octets);
    let theirs = await askNode(octets);
    if (theirs === undefined || (ours.connection === 'waits') !== (theirs.connection === 'waits')) {
      // Another script may have ended the process, or the machine is slow: the script is sent again, alone and with more time.
      const alone = turn.then(async () => {
        ours = await converse(port, octets, LONG_SILENCE_MS);
        return askNode(octets, LONG_SILENCE_MS);
      });
      turn = alone;
      theirs = await alone;
    }
    return theirs === undefined ? NODE_ENDS : http2DisagreementOf(ours, theirs, octets);
  };
  const worker = async (): Promise<void> => {
    while (executions < options.executions && progress.seconds * 1_000 < options.milliseconds) {
      const index = executions++;
      const script = given[index] ?? Buffer.from(mutator.mutate(random.pick(given), random.pick(given)));
      const name = await classOf(script);
      progress.tell(executions, `${classes.size} classes`);
      if (name === undefined) continue;
      const known = classes.get(name);
      if (known === undefined) classes.set(name, { count: 1, example: script });
      else if (++known.count > 0 && script.length < known.example.length) known.example = script;
    }
  };

  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    const { seconds } = progress;
    const unexplained = [];
    for (const [name, { example }] of classes) {
      if (isKnown(name)) continue;
      const message = await minimise(example, async (candidate) => (await classOf(candidate)) === name, 300);
      unexplained.push({ invariant: 'disagreements are explained', detail: name, message });
    }
    return { executions, seconds, report: reportOf(classes), unexplained };
  } finally {
    serval.closed.catch(() => {});
    serval.destroy();
  }
}

async function understand(request: Request): Promise<Response> {
  const content = new Uint8Array(await request.arrayBuffer());
  const { pathname, search } = new URL(request.url);
  const fields = [...request.headers].filter(([name]) => name !== 'host');
  const understood = describe({ method: request.method, target: pathname + search, fields, content });
  return new Response(null, { headers: { [UNDERSTOOD]: understood } });
}

function isKnown(name: string): boolean {
  return HTTP2_DISAGREEMENTS.some((known) => known.name === name);
}

function reportOf(classes: ReadonlyMap<string, Class>): string {
  const lines: string[] = [`${classes.size} classes of disagreement`];
  for (const { name, section, sentence } of HTTP2_DISAGREEMENTS) {
    const seen = classes.get(name);
    const count = seen === undefined ? 'did not occur' : grouped(seen.count);
    lines.push(`  ${count.padStart(9)}  ${name}\n             ${section}: ${sentence}`);
  }
  for (const [name, { count, example }] of classes) {
    if (!isKnown(name))
      lines.push(`UNEXPLAINED  ${grouped(count)} times: ${name}\n${example.toString('hex')}`);
  }
  return lines.join('\n');
}
