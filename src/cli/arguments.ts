/** Parses the command line into a command. */
import type { ProxyOptions } from '../index.ts';
import { closestWord } from '../site/config/closest-word.ts';
import type { SiteConfig } from '../site/config/site-config.ts';
import { isCommand, isShell, SHELLS, type Shell } from './commands.ts';
import { type GetCommand, readGetWords } from './get/get-words.ts';
import { isTopic, TOPICS, type Topic } from './help/topics.ts';
import { proxyOptions, type UnixSocket, unixSocket } from './options/listen-options.ts';
import { OPTIONS } from './options/option-table.ts';
import { serverOptions, siteOptions } from './options/site-options.ts';
import { type Encryption, encryptionOptions, hstsOption, redirectOption } from './options/tls-options.ts';
import { UsageError } from './options/usage-error.ts';
import {
  type LogFormatName,
  type PortAddress,
  parseAllowedHost,
  parseCount,
  parseDrainDelay,
  parseHost,
  parseLogFormat,
  parsePort,
  parsePortAddress,
} from './options/values.ts';
import { readWords, type Words } from './options/words.ts';

export { UsageError };

export interface ServeCommand {
  readonly command: 'serve' | 'demo';
  /** The folder to serve, or where the demo keeps files; `undefined` if not given. */
  readonly directory: string | undefined;
  readonly port: number;
  readonly host: string;
  /** A unix socket instead of a port. */
  readonly unix: UnixSocket | undefined;
  /** Where the certificate comes from; `'none'`: plain HTTP; `undefined`: as `serval.json` says. */
  readonly encryption: Encryption | 'none' | undefined;
  /** A second port, for plain HTTP, that redirects clients to the first. */
  readonly redirectHttp: number | undefined;
  /** Seconds for `Strict-Transport-Security`. */
  readonly hsts: number | undefined;
  /** The trusted proxy. */
  readonly proxy: ProxyOptions | undefined;
  /** Host names that are accepted, in addition to those of this machine. */
  readonly allowHosts: readonly string[];
  /** `undefined`: if standard output is a terminal. */
  readonly log: boolean | undefined;
  /** `undefined`: for people. */
  readonly logFormat: LogFormatName | undefined;
  /** The number of processes, and of threads in each. If both are `undefined`, this process serves. */
  readonly workers: number | 'auto' | undefined;
  readonly threads: number | 'auto' | undefined;
  /** Whether to open a browser. */
  readonly open: boolean;
  /** The config file; `undefined`: `serval.json` in the current folder, if it exists. */
  readonly config: string | undefined;
  /** Whether to answer /livez, /readyz and /healthz instead of serving files of those names. */
  readonly health: boolean;
  /** Answers them on a port of its own instead. */
  readonly healthPort: PortAddress | undefined;
  /** Answers /metrics; it may be the same port. */
  readonly metricsPort: PortAddress | undefined;
  /** Whether to start the inspector; `undefined`: for the demo. */
  readonly inspect: boolean | undefined;
  /** In milliseconds: how long to continue after SIGTERM while /readyz answers 503. */
  readonly drainDelay: number;
  /** The settings that the options give. They take precedence over the config file. */
  readonly site: SiteConfig;
}

export interface HashCommand {
  readonly command: 'hash';
  readonly user: string | undefined;
}

export interface TrustCommand {
  readonly command: 'trust';
  /** Whether to change the stores of this machine, instead of printing how. */
  readonly installs: boolean;
}

export interface HelpCommand {
  readonly command: 'help';
  readonly topic: Topic | undefined;
}

export type Command =
  | ServeCommand
  | HashCommand
  | HelpCommand
  | { readonly command: 'get'; readonly get: GetCommand }
  | { readonly command: 'completion'; readonly shell: Shell }
  | TrustCommand
  | { readonly command: 'version' };

/** Not 0.0.0.0: a developer's files should not be visible on the network by default. */
const DEFAULT_HOST = '127.0.0.1';

/**
 * @param words without the runtime and the script.
 * @throws {UsageError}
 */
export function parseArguments(words: readonly string[], env: NodeJS.ProcessEnv = process.env): Command {
  // The options of "get" are those of curl.
  if (words[0] === 'get' && !isAboutHelp(words.slice(1)))
    return { command: 'get', get: readGetWords(words.slice(1)) };
  // Only "trust" has this option.
  const isTrust = words[0] === 'trust';
  const read = readWords(isTrust ? words.filter((word) => word !== '--install') : words);
  const { options, flags, positionals } = read;
  const [first] = positionals;
  const command = isCommand(first) ? first : 'serve';
  if (options.has('help') || command === 'help') return helpCommand(read, command);
  if (flags.has('version') || command === 'version') return { command: 'version' };
  if (command === 'hash') return hashCommand(read);
  if (command === 'trust') return trustCommand(read, isTrust && words.includes('--install'));
  if (command === 'completion') return completionCommand(read);
  return serveCommand(read, command === 'demo', env);
}

function serveCommand(read: Words, isDemo: boolean, env: NodeJS.ProcessEnv): ServeCommand {
  const { options, flags, lists, positionals } = read;
  const [first, surplus] = positionals;
  if (surplus !== undefined) {
    throw new UsageError(
      isDemo
        ? `"demo" takes no folder, got "${surplus}"; use --directory "${surplus}" to keep files there`
        : `expected one folder, got "${first}" and "${surplus}"`,
    );
  }
  const directory = options.get('directory');
  if (!isDemo && directory !== undefined)
    throw new UsageError(
      `--directory: only for "serval demo"; use "serval ${directory}" to serve the folder`,
    );
  if (isDemo) checkDemoOptions(read);
  if (first === '') throw new UsageError('expected a folder, got ""');
  return {
    command: isDemo ? 'demo' : 'serve',
    directory: isDemo ? directory : first,
    port: parsePort(options.get('port'), options.has('unix') ? undefined : env['PORT']),
    host: parseHost(options.get('host') ?? DEFAULT_HOST),
    unix: unixSocket(read),
    encryption: encryptionOptions(read),
    redirectHttp: redirectOption(read),
    hsts: hstsOption(read),
    proxy: proxyOptions(read),
    allowHosts: (lists.get('allow-host') ?? []).map(parseAllowedHost),
    log: flags.get('log'),
    logFormat: parseLogFormat(options.get('log-format')),
    workers: parseCount('workers', options.get('workers')),
    threads: parseCount('threads', options.get('threads')),
    open: flags.get('open') ?? false,
    config: options.get('config'),
    health: flags.get('health') ?? false,
    healthPort: parsePortAddress('health-port', options.get('health-port')),
    metricsPort: parsePortAddress('metrics-port', options.get('metrics-port')),
    inspect: read.flags.get('inspect'),
    drainDelay: parseDrainDelay(options.get('drain-delay')),
    site: isDemo ? serverOptions(read) : siteOptions(read),
  };
}

function checkDemoOptions({ options, flags }: Words): void {
  for (const name of [...options.keys(), ...flags.keys()]) {
    if (OPTIONS[name].demo === undefined) throw new UsageError(`--${name}: not available for "serval demo"`);
  }
}

const isAboutHelp = (words: readonly string[]): boolean =>
  words.length === 1 && (words[0] === '--help' || words[0] === '-h');

function helpCommand({ options, positionals }: Words, command: string): HelpCommand {
  // `serval --help limits` as well as `serval help limits`.
  const words = command === 'help' ? positionals.slice(1) : positionals.slice(0, 1).filter(isTopic);
  const isGeneral = command === 'serve' || command === 'help' || command === 'version';
  const topic = options.get('help') || words.join(' ') || (isGeneral ? '' : command);
  if (topic === '') return { command: 'help', topic: undefined };
  if (!isTopic(topic)) {
    const close = closestWord(topic, TOPICS);
    const advice = close === undefined ? `topics: ${TOPICS.join(', ')}` : `did you mean "${close}"?`;
    throw new UsageError(`unknown help topic "${topic}"; ${advice}`);
  }
  return { command: 'help', topic };
}

function hashCommand({ options, flags, positionals }: Words): HashCommand {
  const [option] = [...options.keys(), ...flags.keys()];
  if (option !== undefined) throw new UsageError(`--${option}: not available for "serval hash"`);
  const [, user, surplus] = positionals;
  // The surplus word is not repeated: it is probably the password, and the message may end up in a log.
  if (surplus !== undefined)
    throw new UsageError('"hash" takes only a name as an argument; it asks for the password');
  if (user !== undefined && /[:\x00-\x1f\x7f]|^$/.test(user))
    throw new UsageError('hash: expected a non-empty name without colons and control characters');
  return { command: 'hash', user };
}

function trustCommand({ options, flags, positionals }: Words, installs: boolean): TrustCommand {
  const [option] = [...options.keys(), ...flags.keys()];
  if (option !== undefined) throw new UsageError(`--${option}: not available for "serval trust"`);
  const [, surplus] = positionals;
  if (surplus !== undefined)
    throw new UsageError(`"trust" takes no arguments, got "${surplus}"; to serve a folder use ./trust`);
  return { command: 'trust', installs };
}

function completionCommand({ positionals }: Words): Command {
  const [, shell, surplus] = positionals;
  if (shell === undefined || !isShell(shell) || surplus !== undefined) {
    const got = positionals.slice(1).join(' ');
    throw new UsageError(`completion: expected one of ${SHELLS.join(', ')}, got "${got}"`);
  }
  return { command: 'completion', shell };
}
