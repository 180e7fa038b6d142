/** The options there are, and which words of a command line belong to which. */
import { parseArgs } from 'node:util';
import { closestWord } from '../site/config/closest-word.ts';

/** The command line can't be understood. The message is one line for the person who typed it. */
export class UsageError extends Error {}

interface Option {
  /** `maybe`: only behind an equals sign. `--spa dist` is an option and a folder. */
  readonly value: 'none' | 'one' | 'maybe' | 'many';
  readonly short?: string;
}

const OPTIONS = {
  port: { value: 'one', short: 'p' },
  host: { value: 'one' },
  'allow-host': { value: 'many' },
  open: { value: 'none', short: 'o' },
  config: { value: 'one', short: 'c' },
  log: { value: 'none' },
  'no-log': { value: 'none' },
  help: { value: 'maybe', short: 'h' },
  version: { value: 'none', short: 'v' },
  spa: { value: 'maybe', short: 's' },
  'clean-urls': { value: 'none' },
  listing: { value: 'none' },
  dotfiles: { value: 'none' },
  'follow-links': { value: 'none' },
  cache: { value: 'one' },
  'no-compress': { value: 'none' },
  cors: { value: 'none' },
  auth: { value: 'many' },
  upload: { value: 'none' },
  overwrite: { value: 'none' },
  'max-size': { value: 'one' },
  directory: { value: 'one' },
  workers: { value: 'one' },
  threads: { value: 'one' },
  health: { value: 'none' },
  'drain-delay': { value: 'one' },
  'max-connections': { value: 'one' },
  unix: { value: 'one' },
  'unix-mode': { value: 'one' },
  tls: { value: 'none' },
  cert: { value: 'one' },
  key: { value: 'one' },
  acme: { value: 'many' },
  'acme-email': { value: 'one' },
  'acme-directory': { value: 'one' },
  'redirect-http': { value: 'one' },
  trust: { value: 'many' },
  'proxy-protocol': { value: 'none' },
  forwarded: { value: 'none' },
  'x-forwarded': { value: 'none' },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

export interface Words {
  /** A later mention of an option replaces an earlier one; empty for one without a value. */
  readonly options: ReadonlyMap<OptionName, string>;
  /** All the values of those that can be repeated. */
  readonly lists: ReadonlyMap<OptionName, readonly string[]>;
  readonly positionals: readonly string[];
}

/**
 * parseArgs finds the words' places; what is wrong with them is said here, in one line and by name.
 *
 * @throws {UsageError}
 */
export function readWords(words: readonly string[]): Words {
  const { tokens } = parseArgs({ args: [...words], options: forParseArgs(), strict: false, tokens: true });
  const options = new Map<OptionName, string>();
  const lists = new Map<OptionName, readonly string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value = '' } = token;
    if (!isOption(name)) throw unknownOption(name, rawName);
    const written = token.value !== undefined;
    switch ((OPTIONS[name] as Option).value) {
      case 'none':
        if (written) throw new UsageError(`${rawName} takes no value, but there is "${value}".`);
        break;
      case 'maybe':
        if (written && value === '') throw new UsageError(`${rawName}= has nothing behind it.`);
        break;
      default:
        // "--port --log" is a value forgotten, not a value; "--port=-1" is meant and wrong.
        if (value === '' || (!token.inlineValue && value.startsWith('-'))) {
          throw new UsageError(`${rawName} needs a value${value ? `, but "${value}" follows` : ''}.`);
        }
        lists.set(name, [...(lists.get(name) ?? []), value]);
    }
    // Of --log and --no-log the last one counts.
    if (name === 'log') options.delete('no-log');
    options.set(name, value);
  }
  return { options, lists, positionals };
}

function forParseArgs(): Record<string, { type: 'boolean' | 'string'; short?: string }> {
  const entries = Object.entries<Option>(OPTIONS).map(([name, { value, short }]) => [
    name,
    { type: value === 'one' || value === 'many' ? 'string' : 'boolean', ...(short && { short }) },
  ]);
  return Object.fromEntries(entries);
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

/** What other programs call it, where that is far from our name. */
const ELSEWHERE: Readonly<Record<string, OptionName>> = {
  address: 'host',
  hostname: 'host',
  listen: 'port',
  single: 'spa',
  symlinks: 'follow-links',
  username: 'auth',
  cluster: 'workers',
  instances: 'workers',
  processes: 'workers',
  socket: 'unix',
  'trust-proxy': 'trust',
};

function unknownOption(name: string, rawName: string): UsageError {
  const close = rawName.startsWith('--')
    ? Object.hasOwn(ELSEWHERE, name)
      ? ELSEWHERE[name]
      : closestWord(name, OPTION_NAMES)
    : undefined;
  const advice = close === undefined ? '"serval --help" shows them all.' : `did you mean --${close}?`;
  return new UsageError(`unknown option "${rawName}"; ${advice}`);
}
