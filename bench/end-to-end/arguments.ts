/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';

export interface BenchArguments {
  readonly cases: readonly string[];
  readonly peers: readonly string[] | undefined;
  readonly runtimes: readonly string[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly merge: boolean;
  readonly shared: boolean;
  readonly list: boolean;
  readonly help: boolean;
  readonly against: string | undefined;
  readonly results: string | undefined;
  readonly warmUp: number;
  readonly counted: number;
}

/** The command line is not valid. */
export class UsageError extends Error {}

const USUAL = { rounds: 5, warmUp: 2, counted: 4 };
const QUICK = { rounds: 2, warmUp: 1, counted: 3 };

const OPTIONS = {
  case: { type: 'string', multiple: true },
  peers: { type: 'string', multiple: true },
  runtimes: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  quick: { type: 'boolean' },
  merge: { type: 'boolean' },
  shared: { type: 'boolean' },
  list: { type: 'boolean' },
  against: { type: 'string' },
  results: { type: 'string' },
  'warm-up': { type: 'string' },
  seconds: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws {UsageError} */
export function parseArguments(words: readonly string[]): BenchArguments {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(words);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const peers = values.peers === undefined ? undefined : names(values.peers);
  const quick = values.quick === true;
  const { rounds, warmUp, counted } = quick ? QUICK : USUAL;
  return {
    cases: names(values.case ?? []),
    peers: peers?.includes('none') ? [] : peers,
    runtimes: names(values.runtimes ?? []),
    rounds: wholeNumber('rounds', values.rounds, rounds),
    quick,
    merge: values.merge === true,
    shared: values.shared === true,
    list: values.list === true,
    help: values.help === true,
    against: values.against,
    results: values.results,
    warmUp: wholeNumber('warm-up', values['warm-up'], warmUp),
    counted: wholeNumber('seconds', values.seconds, counted),
  };
}

function parse(words: readonly string[]) {
  return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: false }).values;
}

function names(lists: readonly string[]): string[] {
  return lists.flatMap((list) => list.split(',')).filter((name) => name !== '');
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000) {
    throw new UsageError(`--${name}: expected an integer from 1 to 1000, got "${text}"`);
  }
  return value;
}
