/** The options of `serval` and `serval demo`. Parsing, help pages, completion and the man page are made from this table. */

export interface Option {
  /**
   * `flag`: `--name` and `--no-name`. `one`: a value. `many`: a value, and the option can be repeated. `maybe`: a value only after
   * an equals sign, because `--spa dist` is an option and a folder.
   */
  readonly value: 'flag' | 'one' | 'many' | 'maybe';
  readonly short?: string;
  /** What help writes for the value, as in `--port <number>`. */
  readonly placeholder?: string;
  /** The help page that describes it. */
  readonly topic: OptionTopic;
  readonly description: string;
  /** The flag is on by default, so help shows `--no-name`. */
  readonly isOn?: true;
  /** It also applies to `serval demo`. */
  readonly demo?: true;
  /** For completion. */
  readonly completes?: 'file' | 'folder' | readonly string[];
}

export const OPTION_TOPICS = [
  ...[
    'start',
    'site',
    'cache',
    'share',
    'upload',
    'config',
    'workers',
    'operate',
    'limits',
    'proxy',
    'tls',
    'demo',
  ],
] as const;
export type OptionTopic = (typeof OPTION_TOPICS)[number];

const COUNTS = ['auto', '1', '2', '4', '8'];

const TABLE = {
  port: {
    ...{ value: 'one', short: 'p', placeholder: 'n', topic: 'start', demo: true },
    description: 'the port (4221, or $PORT); 0 picks a free one',
  },
  host: {
    ...{ value: 'one', placeholder: 'address', topic: 'start', demo: true },
    description: 'the address (127.0.0.1); 0.0.0.0 is the whole network',
    completes: ['127.0.0.1', '0.0.0.0', '::1', '::'],
  },
  open: {
    ...{ value: 'flag', short: 'o', topic: 'start', demo: true },
    description: 'open the page in a browser',
  },
  log: {
    ...{ value: 'flag', topic: 'start', demo: true },
    description: 'print a line for each request; on in a terminal',
  },
  help: {
    ...{ value: 'maybe', short: 'h', placeholder: 'topic', topic: 'start', demo: true },
    description: 'show this page, or the page about a topic',
  },
  version: {
    ...{ value: 'flag', short: 'v', topic: 'start', demo: true },
    description: 'print the version',
  },
  spa: {
    ...{ value: 'maybe', short: 's', placeholder: 'file', topic: 'site' },
    description:
      'a single-page app: navigations that match no file get index.html, or <file>; missing scripts and images still get 404',
    completes: 'file',
  },
  'clean-urls': {
    ...{ value: 'flag', topic: 'site' },
    description: '/about serves about.html; /about.html redirects to it',
  },
  listing: {
    ...{ value: 'flag', topic: 'site' },
    description:
      'folders without index.html list their files, as a page, or as JSON for clients that prefer it',
  },
  dotfiles: {
    ...{ value: 'flag', topic: 'site' },
    description: 'also serve .env, .git and other names with a dot',
  },
  'follow-links': {
    ...{ value: 'flag', topic: 'site' },
    description: 'allow symbolic links that lead out of the folder',
  },
  cache: {
    ...{ value: 'one', placeholder: 'seconds', topic: 'cache' },
    description: 'how long browsers keep files without asking; also immutable (a year), no-cache or no-store',
    completes: ['3600', 'immutable', 'no-cache', 'no-store'],
  },
  compress: {
    ...{ value: 'flag', topic: 'cache', isOn: true },
    description: 'send text as it is, without br, zstd or gzip',
  },
  auth: {
    ...{ value: 'many', placeholder: 'name:hash', topic: 'share' },
    description: 'ask for a name and a password; repeat it for each user',
  },
  cors: {
    ...{ value: 'flag', topic: 'share' },
    description: 'scripts of other sites may read the files',
  },
  'allow-host': {
    ...{ value: 'many', placeholder: 'name', topic: 'share', demo: true },
    description:
      'accept requests for this host name, such as that of a tunnel or proxy. Without --host, only localhost is accepted, so that no web site can read your files through your browser',
  },
  upload: {
    ...{ value: 'flag', topic: 'upload' },
    description: 'PUT stores a file; with --listing, pages have a form',
  },
  overwrite: {
    ...{ value: 'flag', topic: 'upload' },
    description: 'uploads may replace files; otherwise 409 or 412',
  },
  'upload-delete': {
    ...{ value: 'flag', topic: 'upload' },
    description: 'DELETE removes a file or an empty folder',
  },
  'max-size': {
    ...{ value: 'one', placeholder: 'size', topic: 'upload' },
    description: 'the largest file, such as 500MB or 2GiB (1GiB)',
    completes: ['100MB', '1GiB', '10GiB'],
  },
  config: {
    ...{ value: 'one', short: 'c', placeholder: 'file', topic: 'config' },
    description: 'the settings to use instead of ./serval.json',
    completes: 'file',
  },
  workers: {
    ...{ value: 'one', placeholder: 'n', topic: 'workers', demo: true },
    description: 'the number of processes; auto is one for each processor',
    completes: COUNTS,
  },
  threads: {
    ...{ value: 'one', placeholder: 'n', topic: 'workers', demo: true },
    description:
      'the threads of each process; less memory than processes, but they end together if one fails',
    completes: COUNTS,
  },
  health: {
    ...{ value: 'flag', topic: 'operate', demo: true },
    description: 'answer /livez, /readyz and /healthz: 200 or 503',
  },
  'health-port': {
    ...{ value: 'one', placeholder: 'address', topic: 'operate', demo: true },
    description:
      'answer them on another port only, such as 9090 or 127.0.0.1:9090, to hide them from the public',
  },
  'metrics-port': {
    ...{ value: 'one', placeholder: 'address', topic: 'operate', demo: true },
    description: 'answer /metrics for Prometheus on this port; it may be the one of --health-port',
  },
  'log-format': {
    ...{ value: 'one', placeholder: 'format', topic: 'operate', demo: true },
    description:
      'write the log as common, combined or json, with a request id and the duration; implies --log',
    completes: ['common', 'combined', 'json'],
  },
  inspect: {
    ...{ value: 'flag', topic: 'operate', demo: true },
    description: 'show connections and octets on a page (demo: on)',
  },
  'drain-delay': {
    ...{ value: 'one', placeholder: 'time', topic: 'operate', demo: true },
    description:
      'after SIGTERM, serve on for this time while /readyz already says 503 (0); such as 5s or 500ms',
    completes: ['5s', '10s'],
  },
  'idle-timeout': {
    ...{ value: 'one', placeholder: 'time', topic: 'limits', demo: true },
    description: 'keep-alive: how long an idle connection is kept (65s); 620s behind Google Cloud',
    completes: ['65s', '620s'],
  },
  'header-timeout': {
    ...{ value: 'one', placeholder: 'time', topic: 'limits', demo: true },
    description: 'how long the head of a request may take (30s)',
  },
  'receive-timeout': {
    ...{ value: 'one', placeholder: 'time', topic: 'limits', demo: true },
    description: 'how long an upload may pause (60s)',
  },
  'send-timeout': {
    ...{ value: 'one', placeholder: 'time', topic: 'limits', demo: true },
    description: 'how long a client may take no data (60s)',
  },
  'max-request-line': {
    ...{ value: 'one', placeholder: 'size', topic: 'limits', demo: true },
    description: 'method and URL (8K); beyond it 414',
  },
  'max-header-size': {
    ...{ value: 'one', placeholder: 'size', topic: 'limits', demo: true },
    description: 'all headers of a request (16K); beyond it 431',
  },
  'max-connections': {
    ...{ value: 'one', placeholder: 'n', topic: 'limits', demo: true },
    description: '511 more wait; others get 503 (no limit)',
  },
  'max-requests': {
    ...{ value: 'one', placeholder: 'n', topic: 'limits', demo: true },
    description: 'requests on one connection (no limit)',
  },
  tls: {
    ...{ value: 'flag', topic: 'tls', demo: true },
    description:
      'a certificate for development, signed by your own authority; "serval trust" tells how to trust it',
  },
  cert: {
    ...{ value: 'one', placeholder: 'file', topic: 'tls', demo: true },
    description: 'a certificate with its chain, as PEM; read again on SIGHUP, or when the file changes',
    completes: 'file',
  },
  key: {
    ...{ value: 'one', placeholder: 'file', topic: 'tls', demo: true },
    description: 'its private key, as PEM',
    completes: 'file',
  },
  acme: {
    ...{ value: 'many', placeholder: 'name', topic: 'tls', demo: true },
    description:
      "a certificate from Let's Encrypt for this host name, renewed automatically; repeatable. You agree to its terms",
  },
  'acme-email': {
    ...{ value: 'one', placeholder: 'address', topic: 'tls', demo: true },
    description: 'a contact address for the certificate authority',
  },
  'acme-directory': {
    ...{ value: 'one', placeholder: 'url', topic: 'tls', demo: true },
    description: 'another authority, or letsencrypt-staging',
    completes: ['letsencrypt', 'letsencrypt-staging'],
  },
  'redirect-http': {
    ...{ value: 'one', placeholder: 'port', topic: 'tls', demo: true },
    description: 'plain HTTP on this port redirects to HTTPS',
  },
  hsts: {
    ...{ value: 'one', placeholder: 'seconds', topic: 'tls', demo: true },
    description: 'how long browsers use only HTTPS for this host',
    completes: ['300', '31536000'],
  },
  trust: {
    ...{ value: 'many', placeholder: 'address', topic: 'proxy', demo: true },
    description:
      'the proxy to trust about the client; an address, 10.0.0.0/8, or unix for a unix socket; repeatable',
  },
  'proxy-protocol': {
    ...{ value: 'flag', topic: 'proxy', demo: true },
    description: 'it sends PROXY headers, version 1 or 2',
  },
  forwarded: {
    ...{ value: 'flag', topic: 'proxy', demo: true },
    description: 'it sets the header Forwarded',
  },
  'x-forwarded': {
    ...{ value: 'flag', topic: 'proxy', demo: true },
    description: 'it sets X-Forwarded-For, -Proto and -Host',
  },
  unix: {
    ...{ value: 'one', placeholder: 'path', topic: 'proxy', demo: true },
    description: 'listen on a unix socket instead of a port',
    completes: 'file',
  },
  'unix-mode': {
    ...{ value: 'one', placeholder: 'mode', topic: 'proxy', demo: true },
    description: 'its permissions, such as 660',
    completes: ['600', '660', '666'],
  },
  directory: {
    ...{ value: 'one', placeholder: 'path', topic: 'demo', demo: true },
    description: 'where files are kept (a new temporary folder)',
    completes: 'folder',
  },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof TABLE;

export type FlagName = {
  [Name in OptionName]: (typeof TABLE)[Name]['value'] extends 'flag' ? Name : never;
}[OptionName];

export const OPTIONS: Readonly<Record<OptionName, Option>> = TABLE;

export const OPTION_NAMES = Object.keys(TABLE) as readonly OptionName[];

export function isOption(name: string): name is OptionName {
  return Object.hasOwn(TABLE, name);
}

/** Whether `--no-name` exists as well. `--no-help` and `--no-version` would mean nothing. */
export function isNegatable(name: OptionName): boolean {
  const { value } = OPTIONS[name];
  return (value === 'flag' && name !== 'version') || name === 'spa';
}
