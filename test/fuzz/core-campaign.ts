/** Mutates messages and examines them, for a time or a number of executions; keeps messages that take a new path. */
import { type Failure, failureOf } from './broken.ts';
import { CoreTarget } from './core-target.ts';
import type { Coverage } from './coverage.ts';
import { REQUEST_VOCABULARY, type Vocabulary } from './dictionary.ts';
import { minimise } from './minimise.ts';
import { MOST_OCTETS, Mutator } from './mutator.ts';
import { Pool } from './pool.ts';
import { Random } from './random.ts';
import { Counts, Progress } from './report.ts';
import { IDLE, newWatched, watch } from './watchdog.ts';

/** The fuzzed code. */
export interface FuzzTarget {
  /** After `examine`: the path of decoding. */
  readonly signature: number;
  /** After `examine`: how it ended. */
  readonly outcome: string;
  /** @throws {Broken} for a broken invariant. */
  examine(input: Buffer): void;
  /** All checks at once. @returns more of the signature. */
  examineClosely(input: Buffer): number;
  failure(input: Buffer): Failure | undefined;
}

export interface CoreOptions {
  /** Default: the decoder of requests. */
  readonly target?: (random: Random) => FuzzTarget;
  readonly vocabulary?: Vocabulary;
  readonly seed: number;
  readonly corpus: readonly Buffer[];
  /** The campaign ends with the first of these. */
  readonly milliseconds: number;
  readonly executions: number;
  /** Finds messages that reach new code, from time to time. */
  readonly coverage?: Coverage;
  readonly quiet?: boolean;
}

export interface CoreOutcome {
  readonly executions: number;
  readonly seconds: number;
  readonly signatures: ReadonlySet<number>;
  readonly outcomes: Counts;
  readonly failure?: Failure & { readonly message: Buffer };
  readonly pool: Pool;
}

/** Executions between two checks of the clock. */
const BATCH = 1_024;
/** Executions between two checks of the coverage, and the number of messages that are checked. */
const COVERAGE_EVERY = 512 * BATCH;
const COVERAGE_MESSAGES = 512;

export async function fuzzCore(options: CoreOptions): Promise<CoreOutcome> {
  const random = new Random(options.seed);
  const target = options.target?.(random) ?? new CoreTarget(random);
  const mutator = new Mutator(random, options.vocabulary ?? REQUEST_VOCABULARY);
  const pool = new Pool(options.corpus, random);
  const progress = new Progress(`seed ${options.seed}`);
  const signatures = new Set<number>();
  const outcomes = new Counts();
  const candidates: Buffer[] = [];
  const watched = newWatched(MOST_OCTETS, options.seed);
  let executions = 0;
  let last: Buffer = Buffer.alloc(0);

  const failed = async (message: Buffer, failure: Failure): Promise<CoreOutcome> => {
    const fails = (candidate: Buffer) => target.failure(candidate)?.invariant === failure.invariant;
    const smallest = fails(message) ? await minimise(message, fails) : Buffer.from(message);
    return { ...outcome(), failure: { ...failure, ...target.failure(smallest), message: smallest } };
  };
  const outcome = (): CoreOutcome => ({
    executions,
    seconds: progress.seconds,
    signatures,
    outcomes,
    pool,
  });
  const batch = (): void => {
    for (let i = 0; i < BATCH; i++) {
      last = mutator.mutate(pool.pick(), pool.pick());
      watched.message.set(last);
      watched.progress[1] = last.length;
      watched.progress[0] = executions;
      target.examine(last);
      executions++;
      outcomes.add(target.outcome);
      const { signature } = target;
      if (signatures.has(signature)) {
        if ((executions & 1_023) === 0 && options.coverage !== undefined) candidates.push(Buffer.from(last));
        continue;
      }
      signatures.add(signature);
      pool.add(last);
      // Worth a closer look: a message near it may take another path only there.
      signatures.add(target.examineClosely(last));
    }
  };

  const endWatch = watch(watched);
  const finished = async (result: CoreOutcome): Promise<CoreOutcome> => {
    await endWatch();
    return result;
  };
  for (const message of options.corpus) {
    const failure = target.failure(message);
    if (failure !== undefined) return finished(await failed(message, failure));
  }
  let nextCoverage = COVERAGE_EVERY;
  while (executions < options.executions && progress.seconds * 1_000 < options.milliseconds) {
    const failure = failureOf(batch);
    watched.progress[0] = IDLE;
    if (failure !== undefined) return finished(await failed(Buffer.from(last), failure));
    if (options.coverage !== undefined && executions >= nextCoverage) {
      nextCoverage += COVERAGE_EVERY;
      const messages = [...candidates.splice(0), ...pool.found.slice(-COVERAGE_MESSAGES)];
      for (const index of await options.coverage.reaches(messages)) pool.add(messages[index]!);
    }
    if (options.quiet !== true) progress.tell(executions, `${signatures.size} signatures`);
  }
  return finished(outcome());
}
