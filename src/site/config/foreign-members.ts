/**
 * Members that users know from the configuration of other programs: serve and Vercel (`vercel.json`), Netlify, Firebase, nginx,
 * Caddy and http-server. For each, what to use in `serval.json`.
 */

const PROXY = 'serval serves files only';

const TOP_LEVEL: Readonly<Record<string, string>> = {
  // serve, Vercel, Firebase
  ...{ public: 'use "root"', outputDirectory: 'use "root"', publish: 'use "root"', distDir: 'use "root"' },
  ...{ directoryListing: 'use "listing"', autoindex: 'use "listing"', browse: 'use "listing"' },
  ...{ rewrites: 'for a single-page app use "spa"', routes: 'use "redirects", "headers" and "spa"' },
  ...{
    renderSingle: 'not supported',
    unlisted: 'not supported',
    trailingSlash: 'folders always end in a slash',
  },
  ...{ etag: 'files always have an ETag', regions: 'not supported', functions: 'not supported' },
  ...{
    builds: 'not supported',
    framework: 'not supported',
    buildCommand: 'not supported',
    crons: 'not supported',
  },
  hosting: 'write its members at the top level, with "root" for "public"',
  ignore: 'names with a dot are hidden by default; see "dotfiles"',
  // Netlify
  build: 'use "root" for its "publish"',
  // nginx, Caddy, Apache
  ...{
    location: 'use "headers" and "redirects", which have a "source"',
    locations: 'use "headers" and "redirects"',
  },
  ...{ try_files: 'use "spa" or "cleanUrls"', error_page: 'use "notFound"', errorPage: 'use "notFound"' },
  ...{ gzip: 'use "compress"', brotli: 'use "compress"', compression: 'use "compress"' },
  ...{ gzip_static: 'use "precompressed"', brotli_static: 'use "precompressed"' },
  ...{ expires: 'use "cacheControl"', cache: 'use "cacheControl"', maxAge: 'use "cacheControl"' },
  ...{
    add_header: 'use "headers"',
    header: 'use "headers"',
    return: 'use "redirects"',
    rewrite: 'use "redirects"',
  },
  ...{ client_max_body_size: 'use "upload": { "maxSize": … }', maxSize: 'use "upload": { "maxSize": … }' },
  ...{ auth_basic: 'use "auth"', auth_basic_user_file: 'use "auth"', users: 'use "auth"' },
  ...{
    keepalive_timeout: 'use "timeouts": { "idle": … }',
    keepAliveTimeout: 'use "timeouts": { "idle": … }',
  },
  ...{ server_name: 'use --allow-host', allowedHosts: 'use --allow-host', types: 'use "mediaTypes"' },
  ...{ mimeTypes: 'use "mediaTypes"', mime: 'use "mediaTypes"' },
  // What belongs on the command line
  ...{ port: 'use --port', listen: 'use --port and --host', host: 'use --host', hostname: 'use --host' },
  ...{ workers: 'use --workers', worker_processes: 'use --workers', open: 'use --open', log: 'use --log' },
  ...{
    health: 'use --health',
    metrics: 'use --metrics-port',
    unix: 'use --unix',
    trust: 'use --trust',
    access_log: 'use --log',
  },
  // http-server
  ...{ showDir: 'use "listing"', autoIndex: 'use "index"', d: 'use "listing"', i: 'use "index"' },
  ...{ ext: 'use "cleanUrls"', e: 'use "cleanUrls"', defaultExt: 'use "cleanUrls"' },
  ...{ c: 'use "cacheControl"', g: 'use "compress"', b: 'use "compress"', showDotfiles: 'use "dotfiles"' },
  ...{ username: 'use "auth"', password: 'use "auth"; "serval hash" makes the hash' },
  ...{ p: 'use --port', a: 'use --host', o: 'use --open', s: 'use --no-log', silent: 'use --no-log' },
  ...{
    t: 'use "timeouts": { "idle": … }',
    timeout: 'use "timeouts": { "idle": … }',
    P: PROXY,
    U: 'use --log',
  },
  ...{ S: 'use "tls", or "cert" and "key"', C: 'use "cert"', K: 'use "key"', https: 'use "tls"' },
  ...{
    ssl: 'use "tls", or "cert" and "key"',
    robots: 'write a file robots.txt',
    mimetypes: 'use "mediaTypes"',
  },
  // nginx
  ...{ ssl_certificate: 'use "cert"', ssl_certificate_key: 'use "key"', http2: 'leave it out, HTTPS has it' },
  ...{ server: 'write its members at the top level', http: 'write its members at the top level' },
  ...{ alias: 'use "root"', upstream: PROXY, default_type: 'use "mediaTypes"', charset: 'leave it out' },
  ...{ sendfile: 'leave it out', deny: 'use "auth"', allow: 'use "auth"', limit_req: 'not supported' },
  ...{ log_format: 'use --log', error_log: 'leave it out', disable_symlinks: 'use "symlinks"' },
  // Caddy
  ...{ file_server: 'use "root", and "listing" for browse', reverse_proxy: PROXY, php_fastcgi: PROXY },
  ...{ encode: 'use "compress"', redir: 'use "redirects"', uri: 'use "redirects"', respond: 'write a file' },
  ...{ handle: 'use "headers" and "redirects"', handle_path: 'use "headers" and "redirects"' },
  ...{ handle_errors: 'use "notFound"', route: 'use "headers" and "redirects"', templates: 'not supported' },
  ...{ basic_auth: 'use "auth"', basicauth: 'use "auth"', hide: 'hidden by default; see "dotfiles"' },
  ...{
    bind: 'use --host',
    email: 'use "acme": { "email": … }',
    request_body: 'use "upload": { "maxSize": … }',
  },
  ...{ import: 'not supported', apps: 'write the members for files at the top level' },
  ...{
    proxy: 'serval serves files only; for a trusted proxy in front use --trust',
    proxy_pass: PROXY,
  },
};

const IN_REDIRECT: Readonly<Record<string, string>> = {
  ...{ from: 'use "source"', path: 'use "source"', src: 'use "source"', regex: 'use "source"' },
  ...{ to: 'use "destination"', target: 'use "destination"', dest: 'use "destination"' },
  ...{ type: 'use "status"', statusCode: 'use "status"', code: 'use "status"' },
  permanent: 'use "status": 308, or 307 for false',
  ...{ force: 'redirects always take precedence over files', has: 'not supported', missing: 'not supported' },
};

const IN_HEADER_RULE: Readonly<Record<string, string>> = {
  ...{ for: 'use "source"', path: 'use "source"', src: 'use "source"', values: 'use "headers"' },
  ...{ has: 'not supported', missing: 'not supported', continue: 'all matching rules apply' },
};

const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': TOP_LEVEL,
  'redirects[]': IN_REDIRECT,
  'headers[]': IN_HEADER_RULE,
};

/**
 * @param path the path of the object, as in `redirects[2]`.
 * @returns what to use instead of the member, or `undefined` if it is unknown here too.
 */
export function foreignMemberAdvice(path: string, name: string): string | undefined {
  const table = TABLES[path.replace(/\[\d+\]/g, '[]')];
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
