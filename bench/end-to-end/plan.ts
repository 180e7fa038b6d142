/** Makes a plan from the command line: which servers are measured, how often and how long. */
import { type BenchCase, CASES, type Place, QUICK_CASES, QUICK_PEERS } from './cases.ts';
import { type Durations, estimatedSeconds } from './durations.ts';
import { findRuntime, kindOf, type Runtime } from './runtimes.ts';
import { SERVERS, type ServerKind } from './servers.ts';

export interface Contender {
  /** `serval@node24`, `nginx`. */
  readonly key: string;
  readonly label: string;
  readonly server: ServerKind;
  readonly runtime: Runtime | undefined;
  readonly mostRounds: number;
}

export interface PlannedCase {
  readonly bench: BenchCase;
  readonly contenders: readonly Contender[];
  readonly rounds: number;
}

export interface Plan {
  readonly cases: readonly PlannedCase[];
  /** Requested parts that are not possible, one line each. */
  readonly skipped: readonly string[];
}

export interface Wishes {
  /** Empty: all. */
  readonly cases: readonly string[];
  /** `undefined`: all. Serval itself always takes part. */
  readonly peers: readonly string[] | undefined;
  /** Empty: those of each case. */
  readonly runtimes: readonly string[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly other: ServerKind | undefined;
}

const MAIN_RUNTIME = 'node24';
/** Rounds of servers without a target. */
const CONTEXT_ROUNDS = 3;

/** Serval in any of its forms. */
export const isOurs = (id: string) => id === 'serval' || id === 'other' || id.startsWith('hono-serval');

/** @throws {Error} for an unknown name. */
export function makePlan(wishes: Wishes, find: (spec: string) => Runtime = findRuntime): Plan {
  const skipped: string[] = [];
  const runtimes = new Map<string, Runtime | undefined>();
  const runtimeFor = (spec: string): Runtime | undefined => {
    if (!runtimes.has(spec)) {
      try {
        runtimes.set(spec, find(spec));
      } catch (error) {
        runtimes.set(spec, undefined);
        skipped.push((error as Error).message);
      }
    }
    return runtimes.get(spec);
  };

  const wanted = wishes.cases.length > 0 ? wishes.cases : wishes.quick ? QUICK_CASES : undefined;
  const peers = wishes.peers ?? (wishes.quick ? QUICK_PEERS : undefined);
  checkNames(
    wanted ?? [],
    CASES.map(({ id }) => id),
    'case',
  );
  checkNames(
    peers ?? [],
    SERVERS.map(({ id }) => id),
    'peer',
  );

  const cases = CASES.filter(({ id }) => wanted === undefined || wanted.includes(id)).map((bench) => {
    const contenders: Contender[] = [];
    for (const place of placesOf(bench, wishes)) {
      const server = place.server === 'other' ? wishes.other : SERVERS.find(({ id }) => id === place.server);
      if (server === undefined) throw new Error(`the case ${bench.id} names no server: ${place.server}`);
      if (peers !== undefined && !peers.includes(server.id) && !isOurs(server.id)) continue;
      const missing = server.missing?.();
      if (missing !== undefined) {
        skipped.push(missing);
        continue;
      }
      const runtime = server.on === 'native' ? undefined : runtimeFor(place.at);
      if (server.on === 'native' || runtime !== undefined) contenders.push(contender(server, runtime, place));
    }
    return { bench, contenders, rounds: Math.min(wishes.rounds, bench.mostRounds ?? Infinity) };
  });
  return { cases: cases.filter(({ contenders }) => contenders.length > 0), skipped: [...new Set(skipped)] };
}

/** The seconds that a plan will take. */
export function planSeconds({ cases }: Plan, durations: Durations): number {
  return cases.reduce((sum, { bench, contenders, rounds }) => {
    const samples = contenders.reduce((count, { mostRounds }) => count + Math.min(rounds, mostRounds), 0);
    return sum + samples * estimatedSeconds(bench, durations);
  }, 0);
}

/** The places of a case, with `main` replaced by the names of runtimes. */
function placesOf({ places, kind }: BenchCase, { runtimes, quick, other }: Wishes): Place[] {
  const asked = runtimes.length > 0 || quick;
  const all = runtimes.length > 0 ? runtimes : [MAIN_RUNTIME];
  const main = all.find((name) => kindOf(name) === 'node') ?? MAIN_RUNTIME;
  const result = places.flatMap((place): Place[] => {
    const on = SERVERS.find(({ id }) => id === place.server)?.on;
    if (place.at === 'main')
      return on === 'any' ? all.map((at) => ({ ...place, at })) : [{ ...place, at: main }];
    // Requested runtimes replace the runtimes that the case names.
    return asked && on === 'any' ? [] : [place];
  });
  if (other === undefined || kind === 'parse') return result;
  return result.flatMap((place) =>
    place.server === 'serval' ? [place, { ...place, server: 'other' }] : [place],
  );
}

function contender(server: ServerKind, runtime: Runtime | undefined, place: Place): Contender {
  // The names Bun.serve and Deno.serve include the runtime; those of Serval and the peers do not.
  const where =
    runtime === undefined || server.on === 'bun' || server.on === 'deno' ? '' : ` (${nameOf(runtime)})`;
  return {
    key: runtime === undefined ? server.id : `${server.id}@${runtime.name}`,
    label: `${server.label}${where}`,
    server,
    runtime,
    mostRounds: place.context === true ? CONTEXT_ROUNDS : Infinity,
  };
}

function nameOf({ kind, version, name }: Runtime): string {
  return { node: `Node ${version.split('.', 1)[0]}`, bun: 'Bun', deno: 'Deno' }[kind] ?? name;
}

function checkNames(names: readonly string[], known: readonly string[], what: string): void {
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`unknown ${what} "${name}"; known: ${known.join(', ')}`);
  }
}
