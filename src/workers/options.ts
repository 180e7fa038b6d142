/** The options of `supervise`: their shapes, defaults and checks. */
import { availableParallelism } from 'node:os';
import { checkInteger, checkMembers, checkObject, checkType, refusal } from '../options/checks.ts';
import { ADDRESS_OPTIONS, type Address, addressesOf, type CheckedAddress } from './address.ts';
import type { SupervisorEvent } from './events.ts';

export interface SuperviseOptions extends Address {
  /** Several addresses, instead of `port`, `hostname`, `path` or `fd`. */
  listen?: readonly Address[];
  /** How many connections may wait to be accepted. Default 511. */
  backlog?: number;
  /** The number of processes. Default `"auto"`: the available parallelism, divided by `threads`. */
  workers?: number | 'auto';
  /** How many threads in each process run the module. Default 1. `"auto"`: the available parallelism, divided by `workers`. */
  threads?: number | 'auto';
  /** The arguments of the module, `process.argv.slice(2)`. Default none. */
  args?: readonly string[];
  /** Environment variables, in addition to those of this process. */
  env?: Readonly<Record<string, string>>;
  /** Options for node itself. Default: those of this process, without `--inspect` and `--eval`. */
  execArgv?: readonly string[];
  /** A JSON value that the module reads with `workerData()`. */
  data?: unknown;
  /** How long the open connections of a draining worker may still bring requests, in milliseconds. Default 10,000. */
  grace?: number;
  /**
   * How long workers continue as before after the supervisor was asked to drain, in milliseconds. Their servers are already
   * `draining`, so `serval/health` reports that they are not ready. Does not apply to reloads. Default 0.
   */
  drainDelay?: number;
  /** Milliseconds after the grace until a worker that is still busy is killed; 0: never. Default 30,000. */
  killTimeout?: number;
  /** How long a worker may take to listen, in milliseconds; 0 disables. Default 30,000. */
  readyTimeout?: number;
  /** How long an event loop may be blocked before its worker is replaced, in milliseconds; 0 disables. Default 30,000. */
  hangTimeout?: number;
  /** Whether SIGTERM and SIGINT drain, a second one stops at once, and SIGHUP reloads. Default false. */
  signals?: boolean;
  /** Called with each event in the life of the workers. */
  onEvent?: (event: SupervisorEvent) => void;
}

/** The options that a reload can change; the others keep their values. */
export type Reload = Pick<SuperviseOptions, 'args' | 'env' | 'data'>;

export interface WorkerSettings {
  readonly listen: readonly CheckedAddress[];
  readonly backlog: number;
  readonly workers: number;
  readonly threads: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly execArgv: readonly string[];
  readonly data: unknown;
  readonly grace: number;
  readonly drainDelay: number;
  readonly killTimeout: number;
  readonly readyTimeout: number;
  readonly hangTimeout: number;
  readonly signals: boolean;
  readonly onEvent: (event: SupervisorEvent) => void;
}

const DEFAULTS = {
  backlog: 511,
  grace: 10_000,
  drainDelay: 0,
  killTimeout: 30_000,
  readyTimeout: 30_000,
  hangTimeout: 30_000,
};

/** The longest timeout of a timer: a longer one would expire at once. */
export const MAX_MS = 2 ** 31 - 1;

/** No machine has a use for more, so a higher number is a mistake. */
export const MAX_WORKERS = 1024;

const OPTIONS: readonly string[] = [
  ...ADDRESS_OPTIONS,
  ...['listen', 'backlog', 'workers', 'threads', 'args', 'env', 'execArgv', 'data'],
  ...['grace', 'drainDelay', 'killTimeout', 'readyTimeout', 'hangTimeout', 'signals', 'onEvent'],
];

/**
 * Checks options and fills in defaults.
 *
 * @param parallelism how many threads the machine can run at once.
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function resolveSettings(
  options: SuperviseOptions,
  parallelism = availableParallelism(),
): WorkerSettings {
  checkMembers('options', options, OPTIONS);
  for (const name of Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]) {
    checkInteger(`options.${name}`, options[name], 0, MAX_MS);
  }
  checkStrings('options.args', options.args);
  checkStrings('options.execArgv', options.execArgv);
  checkEnv(options.env);
  checkType('options.signals', options.signals, 'boolean');
  checkType('options.onEvent', options.onEvent, 'function');
  const { backlog, grace, drainDelay, killTimeout, readyTimeout, hangTimeout } = {
    ...DEFAULTS,
    ...defined(options),
  };
  return {
    listen: addressesOf(options),
    ...resolveCounts(options, parallelism),
    args: options.args ?? [],
    env: options.env ?? {},
    execArgv: options.execArgv ?? ownExecArgv(),
    data: options.data,
    ...{ backlog, grace, drainDelay, killTimeout, readyTimeout, hangTimeout },
    signals: options.signals ?? false,
    onEvent: options.onEvent ?? (() => {}),
  };
}

/** Not for workers: the inspector's port is taken, and a program from `--eval` would start workers of its own. */
const NOT_INHERITED = /^(?:--inspect.*|--input-type(?:=.*)?|--(?:eval|print)(?:=.*)?|-e|-p|-pe)$/s;
/** The value of these may be the next argument. */
const WITH_VALUE = /^(?:--inspect-port|--input-type|--eval|--print|-e|-p|-pe)$/;

function ownExecArgv(): string[] {
  return process.execArgv.filter(
    (word, at, words) => !NOT_INHERITED.test(word) && !WITH_VALUE.test(words[at - 1] ?? ''),
  );
}

/** Resolves `"auto"`. If both are `"auto"`, there are processes of one thread each: they fail independently. */
export function resolveCounts(
  { workers = 'auto', threads = 1 }: Pick<SuperviseOptions, 'workers' | 'threads'>,
  parallelism: number,
): { workers: number; threads: number } {
  for (const [name, count] of Object.entries({ workers, threads })) {
    if (count !== 'auto') checkInteger(`options.${name}`, count, 1, MAX_WORKERS);
  }
  const share = (others: number): number => Math.max(1, Math.floor(parallelism / others));
  if (workers === 'auto')
    return threads === 'auto' ? { workers: share(1), threads: 1 } : { workers: share(threads), threads };
  return { workers, threads: threads === 'auto' ? share(workers) : threads };
}

/** @throws {TypeError | RangeError} */
export function checkWorkers(workers: number): void {
  checkInteger('workers', workers, 1, MAX_WORKERS);
}

/** @throws {TypeError} */
export function resolveReload(changes: Reload): Reload {
  for (const name of Object.keys(changes)) {
    if (!['args', 'env', 'data'].includes(name))
      throw new TypeError(`options.${name}: a reload can change only args, env and data`);
  }
  checkStrings('options.args', changes.args);
  checkEnv(changes.env);
  return defined(changes);
}

/** @throws {TypeError | RangeError} */
export function checkDrain(grace: number, delay: number): void {
  checkInteger('options.grace', grace, 0, MAX_MS);
  checkInteger('options.delay', delay, 0, MAX_MS);
}

function checkStrings(name: string, values: readonly unknown[] | undefined): void {
  if (values === undefined) return;
  if (!Array.isArray(values)) throw new TypeError(refusal(name, 'an array of strings', values));
  for (const [index, value] of values.entries()) checkString(`${name}[${index}]`, value);
}

function checkEnv(env: SuperviseOptions['env']): void {
  checkObject('options.env', env);
  for (const [name, value] of Object.entries(env ?? {})) checkString(`options.env.${name}`, value);
}

function checkString(name: string, value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(refusal(name, 'a string', value));
}

/** Removes members that are `undefined`: they count as absent, as in Web IDL dictionaries. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
