/** The options of `supervise`: their shapes, defaults and checks. */
import { availableParallelism } from 'node:os';
import { checkInteger } from '../options/checks.ts';
import type { SupervisorEvent } from './events.ts';

/** Where to listen, in the words of `serve`. One of `path`, `fd`, or a port with a host name. */
export interface Address {
  /** Default 0: any free port, which `supervisor.addresses` tells. */
  port?: number;
  /** Default `"0.0.0.0"`, as of `serve`. */
  hostname?: string;
  /** With a wildcard IPv6 address: no IPv4. Default false. */
  ipv6Only?: boolean;
  /** A unix socket; its file is removed at the end. One that a dead server has left there is replaced. */
  path?: string;
  /** The permissions of that file, such as `0o660`. */
  mode?: number;
  /** A socket that is bound already, as systemd hands them over from 3 on. */
  fd?: number;
}

export interface SuperviseOptions extends Address {
  /** More than one address, instead of the one above. */
  listen?: readonly Address[];
  /** How many connections may wait to be accepted. Default 511. */
  backlog?: number;
  /** How many processes. Default `"auto"`: what the machine can run at once, divided by `threads`. */
  workers?: number | 'auto';
  /** How many threads in each process run the module. Default 1. `"auto"`: what the machine can run at once, divided by `workers`. */
  threads?: number | 'auto';
  /** The words after the module's name, `process.argv.slice(2)`. Default none. */
  args?: readonly string[];
  /** On top of the environment of this process. */
  env?: Readonly<Record<string, string>>;
  /** Options for node itself. Default those of this process, without `--inspect` and `--eval`, which are its alone. */
  execArgv?: readonly string[];
  /** What JSON can carry, for the module to ask for with `workerData()`. */
  data?: unknown;
  /** Milliseconds in which connections of a draining worker may still bring requests. Default 10,000. */
  grace?: number;
  /**
   * Milliseconds in which all goes on as before when it is told to end, while the servers of the workers are `draining`
   * already, which `serval/health` tells whoever asks. Not when it reloads. Default 0.
   */
  drainDelay?: number;
  /** Milliseconds after the grace until a worker that is still answering is killed; 0: never. Default 30,000. */
  killTimeout?: number;
  /** Milliseconds until a worker has to listen; 0 disables. Default 30,000. */
  readyTimeout?: number;
  /** Milliseconds for which an event loop may stand still before its worker is replaced; 0 disables. Default 30,000. */
  hangTimeout?: number;
  /** Whether SIGTERM and SIGINT drain, the second one stops at once, and SIGHUP reloads. Default false. */
  signals?: boolean;
  /** Hears of what happens to the workers. */
  onEvent?: (event: SupervisorEvent) => void;
}

/** What a new generation of workers can be started with; what is not given stays as it is. */
export type Reload = Pick<SuperviseOptions, 'args' | 'env' | 'data'>;

export interface WorkerSettings {
  readonly listen: readonly Address[];
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

/** The most that a timer takes; with more, it would run out at once. */
export const MOST_MS = 2 ** 31 - 1;

/** More than any machine has any use for; a slip of the finger should not bring one down. */
export const MOST_WORKERS = 1024;

const ADDRESS_OPTIONS = ['port', 'hostname', 'ipv6Only', 'path', 'mode', 'fd'] as const;

const OPTIONS: ReadonlySet<string> = new Set([
  ...ADDRESS_OPTIONS,
  ...['listen', 'backlog', 'workers', 'threads', 'args', 'env', 'execArgv', 'data'],
  ...['grace', 'drainDelay', 'killTimeout', 'readyTimeout', 'hangTimeout', 'signals', 'onEvent'],
]);

/**
 * Checks options and fills in what is missing.
 *
 * @param parallelism how many threads the machine can run at once.
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function resolveSettings(
  options: SuperviseOptions,
  parallelism = availableParallelism(),
): WorkerSettings {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`options: not an object: ${options}`);
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name)) throw new TypeError(`options.${name}: there is no such option`);
  }
  for (const name of Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]) {
    checkInteger(`options.${name}`, options[name], 0, MOST_MS);
  }
  checkStrings('args', options.args);
  checkStrings('execArgv', options.execArgv);
  checkEnv(options.env);
  if (typeof (options.signals ?? false) !== 'boolean') {
    throw new TypeError(`options.signals: not a boolean: ${String(options.signals)}`);
  }
  if (typeof (options.onEvent ?? Function) !== 'function') {
    throw new TypeError(`options.onEvent: not a function: ${String(options.onEvent)}`);
  }
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

/** With the program on the command line, every worker would be that program again, and start workers. */
const FOR_THIS_ALONE = /^(?:--inspect.*|--input-type(?:=.*)?|--(?:eval|print)(?:=.*)?|-e|-p|-pe)$/s;
/** Their values may be words of their own. */
const WITH_VALUE = /^(?:--inspect-port|--input-type|--eval|--print|-e|-p|-pe)$/;

function ownExecArgv(): string[] {
  return process.execArgv.filter(
    (word, at, words) => !FOR_THIS_ALONE.test(word) && !WITH_VALUE.test(words[at - 1] ?? ''),
  );
}

/** How many processes of how many threads. Of both `"auto"`, processes: one that ends takes no other with it. */
export function resolveCounts(
  { workers = 'auto', threads = 1 }: Pick<SuperviseOptions, 'workers' | 'threads'>,
  parallelism: number,
): { workers: number; threads: number } {
  for (const [name, count] of Object.entries({ workers, threads })) {
    if (count !== 'auto') checkInteger(`options.${name}`, count, 1, MOST_WORKERS);
  }
  const share = (others: number): number => Math.max(1, Math.floor(parallelism / others));
  if (workers === 'auto')
    return threads === 'auto' ? { workers: share(1), threads: 1 } : { workers: share(threads), threads };
  return { workers, threads: threads === 'auto' ? share(workers) : threads };
}

/** @throws {TypeError | RangeError} */
export function checkWorkers(workers: number): void {
  checkInteger('options.workers', workers, 1, MOST_WORKERS);
}

/** @throws {TypeError} */
export function resolveReload(changes: Reload): Reload {
  for (const name of Object.keys(changes)) {
    if (!['args', 'env', 'data'].includes(name)) throw new TypeError(`reload: ${name}: it can't be changed`);
  }
  checkStrings('args', changes.args ?? []);
  checkEnv(changes.env);
  return defined(changes);
}

/** @throws {TypeError | RangeError} */
export function checkGrace(grace: number): void {
  checkInteger('options.grace', grace, 0, MOST_MS);
}

/** @throws {TypeError | RangeError} */
export function checkDelay(delay: number): void {
  checkInteger('options.delay', delay, 0, MOST_MS);
}

function addressesOf(options: SuperviseOptions): readonly Address[] {
  const own = Object.fromEntries(
    ADDRESS_OPTIONS.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as Address;
  const { listen } = options;
  if (listen === undefined) {
    checkAddress('options', own);
    return [own];
  }
  const [name] = Object.keys(own);
  if (name !== undefined)
    throw new TypeError(`options.${name}: there is options.listen, which has all addresses`);
  if (!Array.isArray(listen) || listen.length === 0) {
    throw new TypeError(`options.listen: not a list of addresses: ${String(listen)}`);
  }
  for (const [index, address] of listen.entries()) checkAddress(`options.listen[${index}]`, address);
  return listen;
}

function checkAddress(where: string, address: Address): void {
  if (typeof address !== 'object' || address === null)
    throw new TypeError(`${where}: not an object: ${address}`);
  const names = Object.keys(address) as (keyof Address)[];
  for (const name of names) {
    if (!ADDRESS_OPTIONS.includes(name)) throw new TypeError(`${where}.${name}: there is no such option`);
  }
  const { port, hostname, ipv6Only, path, mode, fd } = address;
  checkInteger(`${where}.port`, port, 0, 65_535);
  checkInteger(`${where}.fd`, fd, 0, MOST_MS);
  checkInteger(`${where}.mode`, mode, 0, 0o777);
  if (mode !== undefined && path === undefined)
    throw new TypeError(`${where}.mode: only a unix socket has one, and there is no path: ${mode}`);
  for (const [name, value] of Object.entries({ hostname, path })) {
    if (value !== undefined && typeof value !== 'string')
      throw new TypeError(`${where}.${name}: not a string: ${String(value)}`);
    // To the system, no name is every address.
    if (value === '') throw new TypeError(`${where}.${name}: empty`);
  }
  if (typeof (ipv6Only ?? false) !== 'boolean') {
    throw new TypeError(`${where}.ipv6Only: not a boolean: ${String(ipv6Only)}`);
  }
  const alone = fd !== undefined ? 'fd' : path !== undefined ? 'path' : undefined;
  const surplus =
    alone && names.find((name) => name !== alone && name !== 'mode' && address[name] !== undefined);
  if (surplus) throw new TypeError(`${where}.${alone}: it stands alone, yet there is ${surplus}`);
}

function checkStrings(name: string, values: readonly unknown[] | undefined): void {
  if (values === undefined) return;
  if (!Array.isArray(values)) throw new TypeError(`options.${name}: not a list: ${String(values)}`);
  for (const value of values) {
    if (typeof value !== 'string') throw new TypeError(`options.${name}: not a string: ${String(value)}`);
  }
}

function checkEnv(env: SuperviseOptions['env']): void {
  if (typeof (env ?? {}) !== 'object') throw new TypeError(`options.env: not an object: ${String(env)}`);
  checkStrings('env', Object.values(env ?? {}));
}

/** Members that are `undefined` count as absent, as in Web IDL dictionaries. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
