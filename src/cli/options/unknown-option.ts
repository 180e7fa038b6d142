/** What to say about an option that `serval` does not have, which may be one of another program. */
import { closestWord } from '../../site/config/closest-word.ts';
import { isNegatable, isOption, OPTION_NAMES } from './option-table.ts';
import { UsageError } from './usage-error.ts';

/** Options of other programs (serve, http-server, Python, Caddy, Vite, nginx), and what to use instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  ...{ address: '--host', hostname: '--host', bind: '--host', a: '--host', b: '--host' },
  ...{ listen: '--port', l: '--port' },
  ...{ single: '--spa', fallback: '--spa', rewrite: '--spa' },
  ...{ browse: '--listing', d: '--listing', 'directory-listing': '--listing', autoindex: '--listing' },
  ...{ symlinks: '--follow-links', S: '--follow-links' },
  ...{ u: '--no-compress', 'no-compression': '--no-compress' },
  ...{ 'no-cache': '--cache no-cache', 'cache-control': '--cache', 'max-age': '--cache' },
  ...{
    C: '--cors',
    L: '--no-log',
    'no-request-logging': '--no-log',
    'access-log': '--log',
    silent: '--no-log',
  },
  ...{ username: '--auth', password: '--auth', 'basic-auth': '--auth', user: '--auth' },
  ...{ cluster: '--workers', instances: '--workers', processes: '--workers', i: '--workers' },
  ...{ socket: '--unix', 'trust-proxy': '--trust', 'allowed-hosts': '--allow-host' },
  ...{
    'keep-alive': '--idle-timeout',
    'keep-alive-timeout': '--idle-timeout',
    timeout: '--idle-timeout',
    t: '--idle-timeout',
  },
  ...{ healthcheck: '--health', 'max-body-size': '--max-size', 'max-http-header-size': '--max-header-size' },
  ...{ V: '--version' },
};

/** Options of other programs that need no replacement. */
const NEEDLESS: Readonly<Record<string, string>> = {
  ...{ gzip: 'files are compressed by default', g: 'files are compressed by default' },
  ...{ brotli: 'files are compressed by default', compression: 'files are compressed by default' },
  ...{ etag: 'files always have an ETag', e: 'files always have an ETag' },
  ...{ n: 'nothing is copied to the clipboard', 'no-clipboard': 'nothing is copied to the clipboard' },
  ...{ 'no-port-switching': 'the port is never switched' },
  root: 'write the folder without an option, as in "serval dist"',
  dir: 'write the folder without an option, as in "serval dist"',
};

export function unknownOption(name: string, rawName: string): UsageError {
  const needless = own(NEEDLESS, name);
  if (needless !== undefined) return new UsageError(`unknown option "${rawName}": ${needless}`);
  const advice = adviceFor(name, rawName);
  return new UsageError(`unknown option "${rawName}"; ${advice ?? '"serval --help" lists the options'}`);
}

function adviceFor(name: string, rawName: string): string | undefined {
  const elsewhere = own(ELSEWHERE, name);
  if (elsewhere !== undefined) return `did you mean ${elsewhere}?`;
  if (!rawName.startsWith('--')) return undefined;
  if (name.startsWith('no-') && isOption(name.slice(3)))
    return `--${name.slice(3)} can not be turned off, but left out`;
  const negated = OPTION_NAMES.filter(isNegatable).map((option) => `no-${option}`);
  const close = closestWord(name, [...OPTION_NAMES, ...negated]);
  return close && `did you mean --${close}?`;
}

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
