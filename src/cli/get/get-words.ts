/** The words behind `serval get`, to what is meant. They are curl's where curl has them. */
import { parseArgs } from 'node:util';
import { isFieldValue, isToken, withoutOWS } from '../../semantics/field-syntax.ts';
import { closestWord } from '../../site/config/closest-word.ts';
import { UsageError } from '../option-words.ts';

export interface GetCommand {
  readonly urls: readonly string[];
  readonly method: string | undefined;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Content as it stands, `@file`, or `@-` for standard input. */
  readonly data: string | undefined;
  /** A file to send, or `-` for standard input. */
  readonly upload: string | undefined;
  /** A file to write to; `undefined` and `-` are standard output. */
  readonly output: string | undefined;
  readonly verbose: boolean;
  /** The head of the response goes before its content. */
  readonly include: boolean;
  readonly follow: boolean;
  /** From 400 on there is no content and an exit code. */
  readonly fail: boolean;
  readonly silent: boolean;
  readonly compressed: boolean;
  readonly unixSocket: string | undefined;
  /** Milliseconds; `undefined` is for ever. */
  readonly maxTime: number | undefined;
  readonly connectTimeout: number | undefined;
}

const OPTIONS = {
  request: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd' },
  'upload-file': { type: 'string', short: 'T' },
  user: { type: 'string', short: 'u' },
  output: { type: 'string', short: 'o' },
  verbose: { type: 'boolean', short: 'v' },
  include: { type: 'boolean', short: 'i' },
  head: { type: 'boolean', short: 'I' },
  location: { type: 'boolean', short: 'L' },
  fail: { type: 'boolean', short: 'f' },
  silent: { type: 'boolean', short: 's' },
  compressed: { type: 'boolean' },
  'unix-socket': { type: 'string' },
  'max-time': { type: 'string', short: 'm' },
  'connect-timeout': { type: 'string' },
} as const;

/**
 * @param words behind `get`.
 * @throws {UsageError}
 */
export function readGetWords(words: readonly string[]): GetCommand {
  const { values, positionals } = parse(words);
  if (positionals.length === 0) throw new UsageError('"get" needs a URL.');
  const { data, 'upload-file': upload } = values;
  if (data !== undefined && upload !== undefined)
    throw new UsageError('--data and --upload-file are two contents for one request.');
  if (values.head && (data ?? upload) !== undefined)
    throw new UsageError('--head asks for a head; there is no content to send.');
  const method = values.request ?? (values.head ? 'HEAD' : undefined);
  if (method !== undefined && !isToken(method)) throw new UsageError(`--request "${method}" is no method.`);
  const fields = (values.header ?? []).map(parseField);
  const { user } = values;
  if (user !== undefined) fields.push(['Authorization', `Basic ${Buffer.from(user).toString('base64')}`]);
  return {
    urls: positionals.map(withScheme),
    method,
    fields,
    data,
    upload,
    output: values.output,
    verbose: values.verbose ?? false,
    include: values.include ?? values.head ?? false,
    follow: values.location ?? false,
    fail: values.fail ?? false,
    silent: values.silent ?? false,
    compressed: values.compressed ?? false,
    unixSocket: values['unix-socket'],
    maxTime: parseSeconds('--max-time', values['max-time']),
    connectTimeout: parseSeconds('--connect-timeout', values['connect-timeout']),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const message = (error as Error).message;
    const unknown = /^Unknown option '([^']+)'/.exec(message)?.[1];
    if (unknown === undefined) throw new UsageError(message.split('. ')[0]!.replace(/\n.*/s, ''));
    const close = unknown.startsWith('--') ? closestWord(unknown.slice(2), Object.keys(OPTIONS)) : undefined;
    const advice = close === undefined ? '"serval help get" shows them all.' : `did you mean --${close}?`;
    throw new UsageError(`unknown option "${unknown}" of "get"; ${advice}`);
  }
}

/** `example.org/a` and `:8080` are what people type. */
function withScheme(text: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return text;
  return text.startsWith(':') ? `http://localhost${text}` : `http://${text}`;
}

function parseField(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  const value = withoutOWS(line, colon + 1);
  if (!isToken(name) || !isFieldValue(value))
    throw new UsageError(`--header ${JSON.stringify(line)} is no field line, as in "Accept: text/plain".`);
  return [name, value];
}

function parseSeconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text) || Number(text) === 0)
    throw new UsageError(`${option} "${text}" is no number of seconds above 0.`);
  return Math.round(Number(text) * 1_000);
}
