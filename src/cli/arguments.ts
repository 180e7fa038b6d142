/** The command line, from words to what is meant. */
import type { ProxyOptions } from '../index.ts';
import { closestWord } from '../site/config/closest-word.ts';
import type { SiteConfig, UploadConfig } from '../site/config/site-config.ts';
import { type GetCommand, readGetWords } from './get/get-words.ts';
import { isTopic, TOPICS, type Topic } from './help.ts';
import {
  parseAllowedHost,
  parseAuth,
  parseCache,
  parseCount,
  parseDrainDelay,
  parseMaxConnections,
  parseMaxSize,
  parsePort,
} from './option-values.ts';
import { type OptionName, readWords, UsageError, type Words } from './option-words.ts';
import { type Encryption, encryptionOptions, redirectOption } from './serve/encryption.ts';
import { proxyOptions, type UnixSocket, unixSocket } from './serve/listen-options.ts';

export { UsageError };

export interface ServeCommand {
  readonly command: 'serve' | 'demo';
  /** The folder to serve, or where the demo keeps files; `undefined` was not said. */
  readonly directory: string | undefined;
  readonly port: number;
  readonly host: string;
  /** A unix socket instead of a port. */
  readonly unix: UnixSocket | undefined;
  /** Where the certificate comes from; `undefined` is plain HTTP. */
  readonly encryption: Encryption | undefined;
  /** A second port, for plain HTTP, that sends clients to the first. */
  readonly redirectHttp: number | undefined;
  /** Whom to believe about the client; `undefined` is nobody. */
  readonly proxy: ProxyOptions | undefined;
  /** Names by which requests may come in, besides those that are this machine's. */
  readonly allowHosts: readonly string[];
  /** `undefined`: when standard output is a terminal. */
  readonly log: boolean | undefined;
  /** How many processes serve, and how many threads in each; both `undefined`: this one does. */
  readonly workers: number | 'auto' | undefined;
  readonly threads: number | 'auto' | undefined;
  /** Whether a browser is opened. */
  readonly open: boolean;
  /** The config file; `undefined` is `serval.json` in the current folder, if there is one. */
  readonly config: string | undefined;
  /** Whether /livez, /readyz and /healthz are answered, and not files of those names. */
  readonly health: boolean;
  /** In milliseconds: how long all goes on after SIGTERM, while /readyz says no. */
  readonly drainDelay: number;
  /** `undefined`: any number. */
  readonly maxConnections: number | undefined;
  /** What the options say about the site. It counts more than the config file. */
  readonly site: SiteConfig;
}

export interface HashCommand {
  readonly command: 'hash';
  readonly user: string | undefined;
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
  | { readonly command: 'trust' }
  | { readonly command: 'version' };

/** Words in the place of a folder that mean something else. A folder called like that is written `./demo`. */
const COMMANDS = ['demo', 'get', 'hash', 'help', 'trust'];

/** Not 0.0.0.0: what a developer serves is nobody else's business until they say so. */
const DEFAULT_HOST = '127.0.0.1';

/** Options that make sense for the demo too. All the others are about a folder that is served. */
const DEMO_OPTIONS: readonly OptionName[] = [
  'port',
  'host',
  'allow-host',
  'log',
  'no-log',
  'open',
  'directory',
  'workers',
  'threads',
  'health',
  'drain-delay',
  'max-connections',
  ...(['tls', 'cert', 'key', 'acme', 'acme-email', 'acme-directory', 'redirect-http'] as const),
  ...(['unix', 'unix-mode', 'trust', 'proxy-protocol', 'forwarded', 'x-forwarded'] as const),
];

/**
 * @param words without the runtime and the script.
 * @throws {UsageError}
 */
export function parseArguments(words: readonly string[]): Command {
  // Its options are curl's, and mean other things than ours.
  if (words[0] === 'get' && !isAboutHelp(words.slice(1)))
    return { command: 'get', get: readGetWords(words.slice(1)) };
  const read = readWords(words);
  const { options, positionals } = read;
  const first = positionals[0];
  const command = first !== undefined && COMMANDS.includes(first) ? first : 'serve';
  if (options.has('help') || command === 'help') return helpCommand(read, command);
  if (options.has('version')) return { command: 'version' };
  if (command === 'hash') return hashCommand(read);
  if (command === 'trust') {
    const [option] = options.keys();
    const word = option === undefined ? positionals[1] : `--${option}`;
    if (word !== undefined)
      throw new UsageError(`"trust" takes nothing, but there is "${word}"; the folder is ./trust.`);
    return { command: 'trust' };
  }

  const demo = command === 'demo';
  const surplus = positionals[1];
  if (surplus !== undefined) {
    throw new UsageError(
      demo
        ? `"demo" takes no folder, but there is "${surplus}"; the demo keeps files in --directory "${surplus}".`
        : `one folder at a time: there is "${first}", and then "${surplus}".`,
    );
  }
  const directory = options.get('directory');
  if (!demo && directory !== undefined) {
    throw new UsageError(
      `--directory "${directory}" belongs to "serval demo"; a folder is served by its name alone.`,
    );
  }
  const foreign = demo ? [...options.keys()].find((name) => !DEMO_OPTIONS.includes(name)) : undefined;
  if (foreign !== undefined)
    throw new UsageError(`--${foreign} is for a folder; the demo has nothing to do with it.`);
  const encryption = encryptionOptions(read);
  if (first === '') throw new UsageError('the folder to serve is named "", which is no name.');
  return {
    command: demo ? 'demo' : 'serve',
    directory: demo ? directory : first,
    port: parsePort(options.get('port')),
    host: options.get('host') ?? DEFAULT_HOST,
    unix: unixSocket(read),
    encryption,
    redirectHttp: redirectOption(read, encryption),
    proxy: proxyOptions(read),
    allowHosts: (read.lists.get('allow-host') ?? []).map(parseAllowedHost),
    log: options.has('no-log') ? false : options.has('log') ? true : undefined,
    workers: parseCount('workers', options.get('workers')),
    threads: parseCount('threads', options.get('threads')),
    open: options.has('open'),
    config: options.get('config'),
    health: options.has('health'),
    drainDelay: parseDrainDelay(options.get('drain-delay')),
    maxConnections: parseMaxConnections(options.get('max-connections')),
    site: siteOptions(read),
  };
}

const isAboutHelp = (words: readonly string[]): boolean =>
  words.length === 1 && (words[0] === '--help' || words[0] === '-h');

function helpCommand({ options, positionals }: Words, command: string): HelpCommand {
  const words = command === 'help' ? positionals.slice(1) : [];
  const asked = options.get('help') || words[0] || (command === 'serve' || command === 'help' ? '' : command);
  if (asked === '') return { command: 'help', topic: undefined };
  if (words.length > 1 || !isTopic(asked)) {
    const close = closestWord(words.join(' ') || asked, TOPICS);
    const advice = close === undefined ? `there is ${TOPICS.join(', ')}` : `did you mean "${close}"?`;
    throw new UsageError(`no help about "${words.join(' ') || asked}"; ${advice}`);
  }
  return { command: 'help', topic: asked };
}

function hashCommand({ options, positionals }: Words): HashCommand {
  const [option] = options.keys();
  if (option !== undefined) throw new UsageError(`"hash" has no options, but there is --${option}.`);
  const [, user, surplus] = positionals;
  if (surplus !== undefined) {
    // Not repeated: it is probably the password, and this may end up in somebody's log.
    throw new UsageError('"hash" takes a name and nothing else; it asks for the password itself.');
  }
  if (user !== undefined && /[:\x00-\x1f\x7f]|^$/.test(user)) {
    throw new UsageError('the name of a user is not empty and has no colon and no control character.');
  }
  return { command: 'hash', user };
}

function siteOptions({ options, lists }: Words): SiteConfig {
  const spa = options.get('spa');
  const cache = options.get('cache');
  const auth = lists.get('auth');
  return {
    ...(spa !== undefined && { spa: spa === '' ? true : spa }),
    ...(options.has('clean-urls') && { cleanUrls: true }),
    ...(options.has('listing') && { listing: true }),
    ...(options.has('dotfiles') && { dotfiles: true }),
    ...(options.has('follow-links') && { symlinks: 'anywhere' as const }),
    ...(options.has('no-compress') && { compress: false }),
    ...(cache !== undefined && { cacheControl: parseCache(cache) }),
    ...(options.has('cors') && { cors: true }),
    ...(auth !== undefined && { auth: auth.map(parseAuth) }),
    ...(uploadOptions(options) ?? {}),
  };
}

function uploadOptions(options: Words['options']): { upload: UploadConfig } | undefined {
  const maxSize = options.get('max-size');
  if (!options.has('upload')) {
    for (const name of ['overwrite', 'max-size'] as const) {
      if (options.has(name)) throw new UsageError(`--${name} is about uploads: add --upload.`);
    }
    return undefined;
  }
  return {
    upload: {
      ...(options.has('overwrite') && { overwrite: true }),
      ...(maxSize !== undefined && { maxSize: parseMaxSize(maxSize) }),
    },
  };
}
