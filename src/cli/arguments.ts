/** The command line, from words to what is meant. */
import { parseArgs } from 'node:util';

export interface ServeCommand {
  readonly command: 'serve' | 'demo';
  /** The folder to serve, or where the demo keeps files; `undefined` is a fresh temporary folder. */
  readonly directory: string | undefined;
  readonly port: number;
  readonly host: string;
  /** `undefined`: when standard output is a terminal. */
  readonly log: boolean | undefined;
}

export type Command = ServeCommand | { readonly command: 'help' | 'demo-help' | 'version' };

/** The command line can't be understood. The message is one line for the person who typed it. */
export class UsageError extends Error {}

const OPTIONS = {
  port: { type: 'string', short: 'p' },
  host: { type: 'string' },
  directory: { type: 'string' },
  log: { type: 'boolean' },
  'no-log': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

type OptionName = keyof typeof OPTIONS;

const DEFAULT_PORT = 4221;
/** Not 0.0.0.0: what a developer serves is nobody else's business until they say so. */
const DEFAULT_HOST = '127.0.0.1';

/**
 * @param words without the runtime and the script.
 * @throws {UsageError}
 */
export function parseArguments(words: readonly string[]): Command {
  const { options, positionals } = readWords(words);
  const demo = positionals[0] === 'demo';
  if (options.has('help')) return { command: demo ? 'demo-help' : 'help' };
  if (options.has('version')) return { command: 'version' };

  const surplus = positionals[1];
  if (surplus !== undefined) {
    throw new UsageError(
      demo
        ? `"demo" takes no folder, but there is "${surplus}"; the demo keeps files in --directory "${surplus}".`
        : `one folder at a time: there is "${positionals[0]}", and then "${surplus}".`,
    );
  }
  const directory = options.get('directory');
  if (!demo && directory !== undefined) {
    throw new UsageError(
      `--directory "${directory}" belongs to "serval demo"; a folder is served by its name alone.`,
    );
  }
  if (positionals[0] === '') throw new UsageError('the folder to serve is named "", which is no name.');
  return {
    command: demo ? 'demo' : 'serve',
    directory: demo ? directory : (positionals[0] ?? '.'),
    port: parsePort(options.get('port')),
    host: options.get('host') ?? DEFAULT_HOST,
    log: options.has('no-log') ? false : options.has('log') ? true : undefined,
  };
}

interface Words {
  /** A later mention of an option replaces an earlier one. */
  readonly options: ReadonlyMap<OptionName, string>;
  readonly positionals: readonly string[];
}

/** parseArgs finds the words' places; what is wrong with them is said here, in one line and by name. */
function readWords(words: readonly string[]): Words {
  const { tokens } = parseArgs({ args: [...words], options: OPTIONS, strict: false, tokens: true });
  const options = new Map<OptionName, string>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name)) throw new UsageError(`unknown option "${rawName}"; "serval --help" shows them all.`);
    const written = value !== undefined;
    if (OPTIONS[name].type === 'boolean') {
      if (written) throw new UsageError(`${rawName} takes no value, but there is "${value}".`);
      // Of --log and --no-log the last one counts.
      if (name === 'log') options.delete('no-log');
      options.set(name, '');
      continue;
    }
    // "--port --log" is a value forgotten, not a value; "--port=-1" is meant and wrong.
    if (!written || value === '' || (!token.inlineValue && value.startsWith('-'))) {
      throw new UsageError(`${rawName} needs a value${value ? `, but "${value}" follows` : ''}.`);
    }
    options.set(name, value);
  }
  return { options, positionals };
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

function parsePort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) {
    throw new UsageError(
      `--port "${text}" is not a port: it is a whole number from 0 to 65535, and 0 means any free one.`,
    );
  }
  return Number(text);
}
