/** Asks two servers about mutated messages, and sorts how their answers differ into classes. */
import type { Failure } from './broken.ts';
import { minimise } from './minimise.ts';
import { Mutator } from './mutator.ts';
import { Random } from './random.ts';
import { grouped, Progress } from './report.ts';
import type { ServerOptions } from './server-campaign.ts';

export interface DifferentialOutcome {
  readonly executions: number;
  readonly seconds: number;
  readonly report: string;
  readonly unexplained: readonly (Failure & { readonly message: Buffer })[];
}

/** A class of disagreement that was reviewed. */
interface Known {
  readonly name: string;
  readonly section: string;
  readonly sentence: string;
}

export interface Comparison {
  readonly name: string;
  /** Words for the mutator. Default: its own. */
  readonly vocabulary?: ConstructorParameters<typeof Mutator>[1];
  readonly known: readonly Known[];
  /** The reviewed examples: a class that no longer occurs must leave the list. */
  readonly examples: readonly Buffer[];
  /** @returns the class of the disagreement; `undefined` if the servers agree. */
  classOf(message: Buffer): Promise<string | undefined>;
  /** An example as the report shows it. */
  show(example: Buffer): string;
  /** Attempts to make an example shorter. Default: as in `minimise`. */
  readonly attempts?: number;
}

interface Class {
  count: number;
  /** The shortest message. */
  example: Buffer;
}

const CONCURRENCY = 16;

export async function findDisagreements(
  comparison: Comparison,
  options: ServerOptions,
): Promise<DifferentialOutcome> {
  const { known: reviewed, classOf } = comparison;
  const random = new Random(options.seed);
  const mutator = new Mutator(random, comparison.vocabulary);
  const progress = new Progress(comparison.name);
  const classes = new Map<string, Class>();
  const given = [...comparison.examples, ...options.corpus];
  let executions = 0;

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
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));

  const { seconds } = progress;
  const isKnown = (name: string): boolean => reviewed.some((known) => known.name === name);
  const unexplained = [];
  for (const [name, { example }] of classes) {
    if (isKnown(name)) continue;
    const isSame = async (candidate: Buffer): Promise<boolean> => (await classOf(candidate)) === name;
    const message = await minimise(example, isSame, comparison.attempts);
    unexplained.push({ invariant: 'disagreements are explained', detail: name, message });
  }
  const lines: string[] = [`${classes.size} classes of disagreement`];
  for (const { name, section, sentence } of reviewed) {
    const seen = classes.get(name);
    const count = seen === undefined ? 'did not occur' : grouped(seen.count);
    lines.push(`  ${count.padStart(9)}  ${name}\n             ${section}: ${sentence}`);
  }
  for (const [name, { count, example }] of classes) {
    if (!isKnown(name))
      lines.push(`UNEXPLAINED  ${grouped(count)} times: ${name}\n${comparison.show(example)}`);
  }
  return { executions, seconds, report: lines.join('\n'), unexplained };
}
