/** Assigns the words of a command line to options and positionals. */
import { parseArgs } from 'node:util';
import { type FlagName, isNegatable, isOption, OPTIONS, type OptionName } from './option-table.ts';
import { unknownOption } from './unknown-option.ts';
import { UsageError } from './usage-error.ts';

export interface Words {
  /** By option, without flags; empty for a `maybe` without a value. A later mention replaces an earlier one. */
  readonly options: ReadonlyMap<OptionName, string>;
  /** `--name` and `--no-name`. */
  readonly flags: ReadonlyMap<FlagName | 'spa', boolean>;
  /** All values of options that can be repeated. */
  readonly lists: ReadonlyMap<OptionName, readonly string[]>;
  readonly positionals: readonly string[];
}

/**
 * `parseArgs` splits the words; this function reports errors, in one line and by name.
 *
 * @throws {UsageError}
 */
export function readWords(words: readonly string[]): Words {
  const { tokens } = parseArgs({ args: [...words], options: FOR_PARSE_ARGS, strict: false, tokens: true });
  const options = new Map<OptionName, string>();
  const flags = new Map<FlagName | 'spa', boolean>();
  const lists = new Map<OptionName, readonly string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { rawName, value = '' } = token;
    const { name, isNegated } = nameOf(token.name, rawName, value);
    const isWritten = token.value !== undefined;
    const kind = isNegated ? 'flag' : OPTIONS[name].value;
    switch (kind) {
      case 'flag':
        if (isWritten) throw new UsageError(`${rawName}: takes no value, got "${value}"`);
        if (isNegated) options.delete(name);
        flags.set(name as FlagName, !isNegated);
        continue;
      case 'maybe':
        if (isWritten && value === '') throw new UsageError(`${rawName}=: expected a value after "="`);
        if (name === 'spa') flags.set('spa', true);
        break;
      default:
        // In "--port --log" the value is missing; "--port=-1" has a wrong value.
        if (value === '') throw new UsageError(`${rawName}: expected a value`);
        if (!token.inlineValue && value.startsWith('-'))
          throw new UsageError(`${rawName}: expected a value, got the option "${value}"`);
        lists.set(name, [...(lists.get(name) ?? []), value]);
    }
    options.set(name, value);
  }
  return { options, flags, lists, positionals };
}

/** @throws {UsageError} for an unknown option. */
function nameOf(name: string, rawName: string, value: string): { name: OptionName; isNegated: boolean } {
  // Other programs use -V; -v is the usual one of Node's.
  if (rawName === '-V') return { name: 'version', isNegated: false };
  // With http-server, -c is the lifetime of caches.
  if (rawName === '-c' && /^-?\d+$/.test(value)) {
    const cache = value === '-1' ? 'no-cache' : value;
    throw new UsageError(`-c: expected a config file, got "${value}"; for caching use --cache ${cache}`);
  }
  if (isOption(name)) return { name, isNegated: false };
  const positive = name.slice('no-'.length);
  if (name.startsWith('no-') && isOption(positive) && isNegatable(positive))
    return { name: positive, isNegated: true };
  throw unknownOption(name, rawName);
}

const FOR_PARSE_ARGS = Object.fromEntries(
  Object.entries(OPTIONS).map(([name, { value, short }]) => {
    const type: 'string' | 'boolean' = value === 'one' || value === 'many' ? 'string' : 'boolean';
    return [name, { type, ...(short !== undefined && { short }) }];
  }),
);
