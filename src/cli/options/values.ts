/** Parses the values of options. Each error names the option and the value. */
import { isIP } from 'node:net';
import { parseHostName } from '../../site/access/host-name.ts';
import { parseUser } from '../../site/access/users.ts';
import { parseByteSize } from '../../site/config/byte-size.ts';
import { parseDuration } from '../../site/config/duration.ts';
import { MAX_WORKERS } from '../../workers/options.ts';
import { UsageError } from './usage-error.ts';

const DEFAULT_PORT = 4221;
/** A longer delay before a stop is certainly a mistake. */
const MAX_DELAY_MS = 3_600_000;

/**
 * RFC 8246 §2 wants a lifetime beside `immutable`, and a year is the common one. Not `public`: shared caches would then reuse
 * content that needs a password (RFC 9111 §3.5).
 */
const IMMUTABLE = 'max-age=31536000, immutable';

/** @param variable the value of `PORT`, which counts if there is no option. */
export function parsePort(text: string | undefined, variable?: string): number {
  if (text !== undefined) return parsePortOf('--port', text);
  return variable ? parsePortOf('PORT', variable) : DEFAULT_PORT;
}

/** @param name the option, or the variable, that has the value. */
export function parsePortOf(name: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new UsageError(`${name}: expected an integer from 0 to 65535, got "${text}"; 0 picks a free port`);
}

/** A name or an address, without the brackets that IPv6 addresses have in URLs. */
export function parseHost(text: string): string {
  if (/^\[.*\]$/.test(text) && isIP(text.slice(1, -1)) === 6) return text.slice(1, -1);
  if (isIP(text) !== 0 || !/[:/[\]]/.test(text)) return text;
  const url = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  const { hostname, port } = URL.canParse(url) ? new URL(url) : { hostname: '', port: '' };
  const instead = hostname === '' ? '' : `; use --host ${hostname}${port && ` --port ${port}`}`;
  throw new UsageError(
    `--host: expected a name or an address without scheme and port, got "${text}"${instead}`,
  );
}

/** Where probes or metrics are answered. */
export interface PortAddress {
  readonly port: number;
  /** `undefined`: the host of the site. */
  readonly hostname: string | undefined;
}

/** `9090`, `127.0.0.1:9090` or `[::1]:9090`. */
export function parsePortAddress(
  option: 'health-port' | 'metrics-port',
  text: string | undefined,
): PortAddress | undefined {
  if (text === undefined) return undefined;
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65535)
    throw new UsageError(`--${option}: expected a port such as 9090 or 127.0.0.1:9090, got "${text}"`);
  return { port: Number(port), hostname: host === undefined ? undefined : parseHost(host) };
}

const LOG_FORMATS = ['text', 'common', 'combined', 'json'] as const;
export type LogFormatName = (typeof LOG_FORMATS)[number];

export function parseLogFormat(text: string | undefined): LogFormatName | undefined {
  if (text === undefined) return undefined;
  const format = LOG_FORMATS.find((name) => name === text);
  if (format === undefined)
    throw new UsageError(`--log-format: expected one of ${LOG_FORMATS.join(', ')}, got "${text}"`);
  return format;
}

/** A number of workers, or threads. */
export function parseCount(
  option: 'workers' | 'threads',
  text: string | undefined,
): number | 'auto' | undefined {
  if (text === undefined || text === 'auto') return text;
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= MAX_WORKERS) return Number(text);
  throw new UsageError(`--${option}: expected an integer from 1 to ${MAX_WORKERS} or "auto", got "${text}"`);
}

/** The `Cache-Control` for `--cache`. */
export function parseCache(text: string): string {
  if (/^\d{1,9}$/.test(text)) {
    // `max-age=0` alone would allow stale responses while the server is unreachable.
    return Number(text) === 0 ? 'no-cache' : `max-age=${Number(text)}`;
  }
  if (text === 'immutable') return IMMUTABLE;
  if (text === 'no-cache' || text === 'no-store') return text;
  throw new UsageError(
    `--cache: expected a number of seconds, immutable, no-cache or no-store, got "${text}"`,
  );
}

/** Checks a size, and returns it as text. */
export function parseMaxSize(text: string): string {
  if (parseByteSize(text) === undefined)
    throw new UsageError(`--max-size: expected a size such as 500MB or 2GiB, got "${text}"`);
  return text;
}

export function parseAllowedHost(text: string): string {
  try {
    return parseHostName(text);
  } catch (error) {
    throw new UsageError(`--allow-host: ${(error as Error).message}`);
  }
}

/** Milliseconds, from `5` or `5s` for five seconds, `500ms`, or `2m`. */
export function parseDrainDelay(text: string | undefined): number {
  if (text === undefined) return 0;
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds > MAX_DELAY_MS)
    throw new UsageError(`--drain-delay: expected a time up to an hour, such as 5s or 500ms, got "${text}"`);
  return milliseconds;
}

/** Never repeats the value: it may be a password. */
export function parseAuth(text: string): string {
  try {
    parseUser(text);
    return text;
  } catch (error) {
    throw new UsageError(`--auth: ${(error as Error).message}`);
  }
}
