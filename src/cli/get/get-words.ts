/** The words behind `serval get`, and what they mean. They are curl's where curl has them. */
import { parseArgs } from 'node:util';
import { isToken } from '../../semantics/field-syntax.ts';
import { closestWord } from '../../site/config/closest-word.ts';
import { UsageError } from '../options/usage-error.ts';
import { type FieldWords, readFieldWords } from './field-words.ts';

/** A part of the content: the text itself, or what is in a file (`-` for standard input). */
export interface DataPart {
  readonly kind: 'text' | 'file';
  readonly value: string;
  /** Line breaks and NUL of the file are sent as well. */
  readonly isBinary: boolean;
}

export interface GetCommand extends FieldWords {
  readonly urls: readonly string[];
  readonly method: string | undefined;
  /** Joined by `&`; empty for none. */
  readonly data: readonly DataPart[];
  /** The files to send to the first URLs, `-` for standard input; the other URLs are requested without content. */
  readonly uploads: readonly string[];
  /** `name:password`, or a name whose password is asked for. */
  readonly user: string | undefined;
  /** The files for the first URLs; the content of others goes to standard output, as with `-`. */
  readonly outputs: readonly string[];
  readonly verbose: boolean;
  /** The heads of the responses go before the content. */
  readonly include: boolean;
  readonly follow: boolean;
  /** A status from 400 on gives an exit code and no content. */
  readonly fail: boolean;
  readonly silent: boolean;
  readonly compressed: boolean;
  /** Bytes that content may decode to for each byte received; 0 for any number. */
  readonly maxRatio: number | undefined;
  readonly unixSocket: string | undefined;
  readonly family: 0 | 4 | 6;
  /** Milliseconds; `undefined` disables. */
  readonly maxTime: number | undefined;
  readonly connectTimeout: number | undefined;
  readonly tls: TlsWords;
  /** As the option of `Client`. */
  readonly http2: boolean | 'prior-knowledge';
}

export interface TlsWords {
  /** Certificates are not verified. */
  readonly insecure: boolean;
  /** Files in PEM. */
  readonly authorities: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

const OPTIONS = {
  request: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd', multiple: true },
  'data-binary': { type: 'string', multiple: true },
  'data-raw': { type: 'string', multiple: true },
  'upload-file': { type: 'string', short: 'T', multiple: true },
  user: { type: 'string', short: 'u' },
  output: { type: 'string', short: 'o', multiple: true },
  verbose: { type: 'boolean', short: 'v' },
  include: { type: 'boolean', short: 'i' },
  head: { type: 'boolean', short: 'I' },
  location: { type: 'boolean', short: 'L' },
  fail: { type: 'boolean', short: 'f' },
  silent: { type: 'boolean', short: 's' },
  compressed: { type: 'boolean' },
  'max-ratio': { type: 'string' },
  'unix-socket': { type: 'string' },
  ipv4: { type: 'boolean', short: '4' },
  ipv6: { type: 'boolean', short: '6' },
  'max-time': { type: 'string', short: 'm' },
  'connect-timeout': { type: 'string' },
  insecure: { type: 'boolean', short: 'k' },
  cacert: { type: 'string' },
  cert: { type: 'string', short: 'E' },
  key: { type: 'string' },
  'http1.1': { type: 'boolean' },
  http2: { type: 'boolean' },
  'http2-prior-knowledge': { type: 'boolean' },
} as const;

export type GetOptionName = keyof typeof OPTIONS;

/** `-v` of `--verbose`, without the dash. */
export const GET_SHORT_FORMS: Readonly<Partial<Record<GetOptionName, string>>> = Object.fromEntries(
  Object.entries(OPTIONS).flatMap(([name, option]) => ('short' in option ? [[name, option.short]] : [])),
);

const VERSIONS = ['http1.1', 'http2', 'http2-prior-knowledge'] as const;

/**
 * @param words behind `get`.
 * @throws {UsageError}
 */
export function readGetWords(words: readonly string[]): GetCommand {
  const { values, positionals, tokens } = parse(words);
  const data = tokens.flatMap((token) => (token.kind === 'option' ? dataPart(token.name, token.value) : []));
  const { output: outputs = [], 'upload-file': uploads = [], ipv4 = false, ipv6 = false } = values;
  const method = values.request ?? (values.head ? 'HEAD' : undefined);
  if (positionals.length === 0) throw new UsageError('"get" needs a URL.');
  if (outputs.length > positionals.length)
    throw new UsageError(`--output "${outputs[positionals.length]}": there is no URL for it.`);
  if (uploads.length > positionals.length)
    throw new UsageError(`--upload-file "${uploads[positionals.length]}": there is no URL for it.`);
  if (data.length > 0 && uploads.length > 0)
    throw new UsageError('--data and --upload-file: a request has only one content.');
  if (values.head && data.length + uploads.length > 0)
    throw new UsageError('--head sends no content; --data and --upload-file do.');
  if (method !== undefined && !isToken(method))
    throw new UsageError(`--request "${method}": expected a method, such as PUT.`);
  if (ipv4 && ipv6) throw new UsageError('--ipv4 and --ipv6 exclude each other.');
  const versions = VERSIONS.filter((name) => values[name]);
  if (versions.length > 1) throw new UsageError(`--${versions.join(' and --')} exclude each other.`);
  if ((values.cert === undefined) !== (values.key === undefined))
    throw new UsageError('--cert and --key go together.');
  return {
    ...readFieldWords(values.header ?? []),
    urls: positionals.map(withScheme),
    method,
    data,
    uploads,
    user: values.user,
    outputs,
    verbose: values.verbose ?? false,
    include: values.include ?? values.head ?? false,
    follow: values.location ?? false,
    fail: values.fail ?? false,
    silent: values.silent ?? false,
    compressed: values.compressed ?? false,
    maxRatio: parseRatio(values['max-ratio']),
    unixSocket: values['unix-socket'],
    family: ipv4 ? 4 : ipv6 ? 6 : 0,
    maxTime: parseSeconds('--max-time', values['max-time']),
    connectTimeout: parseSeconds('--connect-timeout', values['connect-timeout']),
    tls: {
      insecure: values.insecure ?? false,
      authorities: values.cacert,
      certificate: values.cert,
      key: values.key,
    },
    http2: values['http2-prior-knowledge'] ? 'prior-knowledge' : !values['http1.1'] && values.http2 !== false,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: OPTIONS,
      allowPositionals: true,
      allowNegative: true,
      tokens: true,
    });
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

function dataPart(option: string, value = ''): DataPart[] {
  if (option !== 'data' && option !== 'data-binary' && option !== 'data-raw') return [];
  const isFile = value.startsWith('@') && option !== 'data-raw';
  const isBinary = option === 'data-binary';
  return [{ kind: isFile ? 'file' : 'text', value: isFile ? value.slice(1) : value, isBinary }];
}

function parseRatio(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--max-ratio "${text}": expected an integer from 0 on.`);
  return Number(text);
}

function parseSeconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text) || Number(text) === 0)
    throw new UsageError(`${option} "${text}": expected a number of seconds above 0.`);
  return Math.round(Number(text) * 1_000);
}
