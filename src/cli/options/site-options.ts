/** The options that are settings of `serval.json` as well. */
import { parseByteSize } from '../../site/config/byte-size.ts';
import { parseDuration } from '../../site/config/duration.ts';
import type { LimitConfig, TimeoutConfig } from '../../site/config/server-config.ts';
import type { SiteConfig, UploadConfig } from '../../site/config/site-config.ts';
import type { OptionName } from './option-table.ts';
import { UsageError } from './usage-error.ts';
import { parseAuth, parseCache, parseMaxSize } from './values.ts';
import type { Words } from './words.ts';

/** @throws {UsageError} */
export function siteOptions(words: Words): SiteConfig {
  const { options, flags, lists } = words;
  const spa = flags.get('spa');
  const links = flags.get('follow-links');
  const cache = options.get('cache');
  const auth = lists.get('auth');
  return {
    ...(spa !== undefined && { spa: spa && (options.get('spa') || true) }),
    ...flagged(words, 'cleanUrls', 'clean-urls'),
    ...flagged(words, 'listing', 'listing'),
    ...flagged(words, 'dotfiles', 'dotfiles'),
    ...(links !== undefined && { symlinks: links ? ('anywhere' as const) : ('within' as const) }),
    ...flagged(words, 'compress', 'compress'),
    ...(cache !== undefined && { cacheControl: parseCache(cache) }),
    ...flagged(words, 'cors', 'cors'),
    ...(auth !== undefined && { auth: auth.map(parseAuth) }),
    ...uploadOptions(words),
    ...serverOptions(words),
  };
}

function flagged<Member extends keyof SiteConfig>(
  { flags }: Words,
  member: Member,
  name: 'clean-urls' | 'listing' | 'dotfiles' | 'compress' | 'cors',
): { [M in Member]?: boolean } {
  const value = flags.get(name);
  return value === undefined ? {} : ({ [member]: value } as { [M in Member]?: boolean });
}

function uploadOptions({ options, flags }: Words): { upload?: UploadConfig | false } {
  const upload = flags.get('upload');
  const overwrite = flags.get('overwrite');
  const removes = flags.get('upload-delete');
  const maxSize = options.get('max-size');
  if (!upload) {
    if (removes) throw new UsageError('--upload-delete: requires --upload');
    if (overwrite) throw new UsageError('--overwrite: requires --upload');
    if (maxSize !== undefined) throw new UsageError('--max-size: requires --upload');
    return upload === false ? { upload: false } : {};
  }
  return {
    upload: {
      ...(overwrite !== undefined && { overwrite }),
      ...(removes !== undefined && { delete: removes }),
      ...(maxSize !== undefined && { maxSize: parseMaxSize(maxSize) }),
    },
  };
}

const TIMEOUTS = {
  idle: 'idle-timeout',
  headers: 'header-timeout',
  receive: 'receive-timeout',
  send: 'send-timeout',
} as const satisfies Record<keyof TimeoutConfig, OptionName>;

const SIZES = { maxRequestLineSize: 'max-request-line', maxHeaderSize: 'max-header-size' } as const;
const COUNTS = { maxConnections: 'max-connections', maxRequestsPerConnection: 'max-requests' } as const;

/** For the demo as well, which has no other settings. */
export function serverOptions({ options }: Words): { timeouts?: TimeoutConfig; limits?: LimitConfig } {
  const timeouts = read(options, TIMEOUTS, (text) => {
    return parseDuration(text) === undefined ? 'a time such as 65s or 500ms' : text;
  });
  const sizes = read(options, SIZES, (text) => {
    return parseByteSize(text) === undefined ? 'a size such as 16K or 64KiB' : text;
  });
  const counts = read(options, COUNTS, (text) => {
    return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 'an integer from 1 to 999999999';
  });
  const limits = { ...sizes, ...counts };
  return {
    ...(Object.keys(timeouts).length > 0 && { timeouts }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

/** @param parse the value, or as another text what was expected. */
function read<Member extends string, Value extends string | number>(
  options: Words['options'],
  names: Readonly<Record<Member, OptionName>>,
  parse: (text: string) => Value | string,
): { [M in Member]?: Value } {
  const members: { [M in Member]?: Value } = {};
  for (const [member, name] of Object.entries(names) as [Member, OptionName][]) {
    const text = options.get(name);
    if (text === undefined) continue;
    const value = parse(text);
    if (typeof value === 'string' && value !== text)
      throw new UsageError(`--${name}: expected ${value}, got "${text}"`);
    members[member] = value as Value;
  }
  return members;
}
