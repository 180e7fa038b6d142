/** The values of options, from text to what is meant; each error names the option and the value. */
import { parseHostName } from '../site/access/host-name.ts';
import { parseUser } from '../site/access/users.ts';
import { parseByteSize } from '../site/config/byte-size.ts';
import { MAX_WORKERS } from '../workers/options.ts';
import { UsageError } from './option-words.ts';

const DEFAULT_PORT = 4221;
/** Nobody waits that long for a program to stop: it is a mistake. */
const LONGEST_DELAY_MS = 3_600_000;

/**
 * RFC 8246 §2 wants a lifetime beside `immutable`; a year is what everybody writes. Not `public`: it would have shared
 * caches hand out what needs a password (RFC 9111 §3.5).
 */
const IMMUTABLE = 'max-age=31536000, immutable';

export function parsePort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) {
    throw new UsageError(
      `--port "${text}" is not a port: it is a whole number from 0 to 65535, and 0 means any free one.`,
    );
  }
  return Number(text);
}

/** How many workers, or threads. */
export function parseCount(
  option: 'workers' | 'threads',
  text: string | undefined,
): number | 'auto' | undefined {
  if (text === undefined || text === 'auto') return text;
  if (!/^[1-9]\d{0,3}$/.test(text) || Number(text) > MAX_WORKERS) {
    throw new UsageError(
      `--${option} "${text}": it takes a whole number from 1 to ${MAX_WORKERS}, or auto: as many as there are processors.`,
    );
  }
  return Number(text);
}

/** The Cache-Control that `--cache` asks for. */
export function parseCache(text: string): string {
  if (/^\d{1,9}$/.test(text)) {
    // Nothing may be used without asking: `max-age=0` alone would let it be used when the server is away.
    return Number(text) === 0 ? 'no-cache' : `max-age=${Number(text)}`;
  }
  if (text === 'immutable') return IMMUTABLE;
  if (text === 'no-cache' || text === 'no-store') return text;
  throw new UsageError(`--cache "${text}": it takes a number of seconds, immutable, no-cache or no-store.`);
}

/** The size as it stands there, for the site to read. */
export function parseMaxSize(text: string): string {
  if (parseByteSize(text) === undefined) {
    throw new UsageError(`--max-size "${text}" is not a size; one looks like 500MB or 2GiB.`);
  }
  return text;
}

export function parseAllowedHost(text: string): string {
  try {
    return parseHostName(text);
  } catch (error) {
    throw new UsageError(`--allow-host: ${(error as Error).message}.`);
  }
}

/** Milliseconds, from `5` or `5s` for five seconds, `500ms`, or `2m`. */
export function parseDrainDelay(text: string | undefined): number {
  if (text === undefined) return 0;
  const [, digits, unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(text) ?? [];
  const milliseconds = Number(digits) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
  if (digits === undefined || milliseconds > LONGEST_DELAY_MS) {
    throw new UsageError(
      `--drain-delay "${text}" is not a time of up to an hour; one looks like 5, 5s or 500ms.`,
    );
  }
  return milliseconds;
}

/** `undefined` is no limit. */
export function parseMaxConnections(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new UsageError(`--max-connections "${text}" is not a whole number from 1 on.`);
  }
  return Number(text);
}

/** Never repeats the value: it may be a password. */
export function parseAuth(text: string): string {
  try {
    parseUser(text);
    return text;
  } catch (error) {
    throw new UsageError(`--auth: ${(error as Error).message}.`);
  }
}
