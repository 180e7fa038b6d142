/** Sends the same messages to Serval and to `node:http`, and reports differences that are not in the reviewed list. */
import { DEFAULT_LIMITS } from '../../src/http1/limits.ts';
import { startServer } from '../support/server-process.ts';
import { escapeOctets } from '../support/transcript.ts';
import type { Failure } from './broken.ts';
import { askPatiently } from './client.ts';
import { disagreementOf, type MessageFacts, outcomesIn } from './exchanges.ts';
import { KNOWN_DISAGREEMENTS } from './known-disagreements.ts';
import { minimise } from './minimise.ts';
import { Mutator } from './mutator.ts';
import { startNodeApplication } from './node-application.ts';
import { Observation, observe } from './observation.ts';
import { Random } from './random.ts';
import { grouped, Progress } from './report.ts';
import { APPLICATION, type ServerOptions } from './server-campaign.ts';

export interface DifferentialOutcome {
  readonly executions: number;
  readonly seconds: number;
  readonly report: string;
  readonly unexplained: readonly (Failure & { readonly message: Buffer })[];
}

interface Class {
  count: number;
  /** The shortest message. */
  example: Buffer;
}

const CONCURRENCY = 16;
const WHOLE = { cuts: [], aborts: false };

export async function fuzzDifferentially(options: ServerOptions): Promise<DifferentialOutcome> {
  const random = new Random(options.seed);
  const mutator = new Mutator(random);
  const progress = new Progress('differential');
  const serval = await startServer(APPLICATION, { onlyDescribes: true });
  const node = await startNodeApplication();
  const classes = new Map<string, Class>();
  // The reviewed examples come first: a class that no longer occurs must leave the list.
  const given = [
    ...KNOWN_DISAGREEMENTS.map(({ example }) => Buffer.from(example, 'latin1')),
    ...options.corpus,
  ];
  let executions = 0;

  const classOf = async (message: Buffer): Promise<string | undefined> => {
    const [ours, theirs] = await Promise.all([
      askPatiently(serval.port, message, WHOLE),
      askPatiently(node.port, message, WHOLE),
    ]);
    const answers = outcomesIn(ours.octets.toString('latin1'));
    return disagreementOf(answers, outcomesIn(theirs.octets.toString('latin1')), factsOf(message));
  };
  const worker = async (): Promise<void> => {
    while (executions < options.executions && progress.seconds * 1_000 < options.milliseconds) {
      const index = executions++;
      const message = given[index] ?? Buffer.from(mutator.mutate(random.pick(given), random.pick(given)));
      const name = await classOf(message);
      progress.tell(executions, `${classes.size} classes`);
      if (name === undefined) continue;
      const known = classes.get(name);
      if (known === undefined) classes.set(name, { count: 1, example: message });
      else if (++known.count > 0 && message.length < known.example.length) known.example = message;
    }
  };

  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    const { seconds } = progress;
    const unexplained = [];
    for (const [name, { example }] of classes) {
      if (isKnown(name)) continue;
      const message = await minimise(example, async (candidate) => (await classOf(candidate)) === name);
      unexplained.push({ invariant: 'disagreements are explained', detail: name, message });
    }
    return { executions, seconds, report: reportOf(classes), unexplained };
  } finally {
    node.stop();
    await serval.stop();
  }
}

function factsOf(message: Buffer): MessageFacts {
  const seen = new Observation();
  observe(seen, [message], DEFAULT_LIMITS);
  const text = message.toString('latin1');
  return {
    reason: seen.rejection?.reason ?? (hasHostOfNoUrl(text) ? 'HostSyntax' : 'Incomplete'),
    breaksOff: seen.rejection === undefined && seen.inHead,
    isBroken: seen.rejection !== undefined,
    hasPreface: text.includes('PRI '),
    hasConnect: text.includes('CONNECT '),
    hasUpgrade: /upgrade/i.test(text),
  };
}

/** The server refuses hosts that RFC 3986 allows and the URL Standard does not: `1.2.3.4.5`, `a5.0`. The decoder accepts them. */
function hasHostOfNoUrl(text: string): boolean {
  const hosts = [...text.matchAll(/\r\nHost:[ \t]*([^\r]*)/gi)].map(([, host]) => host!.trimEnd());
  return hosts.some((host) => !URL.canParse(`http://${host}`));
}

function isKnown(name: string): boolean {
  return KNOWN_DISAGREEMENTS.some((known) => known.name === name);
}

function reportOf(classes: ReadonlyMap<string, Class>): string {
  const lines: string[] = [`${classes.size} classes of disagreement`];
  for (const { name, section, sentence } of KNOWN_DISAGREEMENTS) {
    const seen = classes.get(name);
    const count = seen === undefined ? 'did not occur' : grouped(seen.count);
    lines.push(`  ${count.padStart(9)}  ${name}\n             ${section}: ${sentence}`);
  }
  for (const [name, { count, example }] of classes) {
    if (!isKnown(name)) lines.push(`UNEXPLAINED  ${grouped(count)} times: ${name}\n${escapeOctets(example)}`);
  }
  return lines.join('\n');
}
