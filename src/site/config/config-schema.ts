/**
 * The JSON Schema of `serval.json`, and the only definition of its members: `schema-check.ts` checks against it, and
 * `npm run docs` writes `schema/serval.schema.json`, which editors read, from it.
 */
import type { HstsOptions } from '../../index.ts';
import type { Schema } from './schema-check.ts';
import type { LimitConfig, TimeoutConfig } from './server-config.ts';
import type { SiteConfig } from './site-config.ts';
import type { AcmeConfig } from './tls-config.ts';

const SOURCE: Schema = {
  type: 'string',
  minLength: 1,
  description:
    'The paths that the rule applies to. "*" matches any characters within a segment, "**" any number of segments, ":name" one segment and ":name*" any number of segments (both are captured), "{a,b}" one of several.',
  examples: ['/assets/**', '/**/*.{js,css}', '/blog/:slug'],
};

const HEADER_RULE: Schema = {
  type: 'object',
  required: ['source', 'headers'],
  additionalProperties: false,
  properties: {
    source: SOURCE,
    headers: {
      type: 'object',
      errorMessage: 'an object such as { "X-Frame-Options": "DENY" }',
      description: 'Header values by name; null removes a header.',
      additionalProperties: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
  },
};

const REDIRECT: Schema = {
  type: 'object',
  required: ['source', 'destination'],
  additionalProperties: false,
  properties: {
    source: SOURCE,
    destination: {
      type: 'string',
      minLength: 1,
      description:
        'A path, or a URL with http:// or https://. Its path and query may contain the parameters of the source.',
      examples: ['/new/:page', 'https://example.com/:path*'],
    },
    status: {
      enum: [301, 302, 303, 307, 308],
      default: 302,
      description:
        '301 and 308 are permanent: browsers remember them. 307 and 308 keep the method and the content.',
    },
  },
};

const CORS: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    origins: {
      anyOf: [{ enum: ['*'] }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
      errorMessage: '"*" or an array of origins',
      default: '*',
      examples: [
        ['https://app.example', 'https://*.app.example', 'http://localhost:3000', 'capacitor://localhost'],
      ],
      description:
        'The origins whose scripts may read responses. Uploads from other origins are always refused.',
    },
    credentials: {
      type: 'boolean',
      default: false,
      description: 'Whether requests may carry cookies and passwords. Requires an array of origins.',
    },
    maxAge: {
      type: 'integer',
      minimum: 0,
      maximum: 31_536_000,
      default: 86_400,
      description: 'How many seconds browsers may cache a preflight response.',
    },
  },
};

const SIZE_PATTERN = '^[0-9]+(\\.[0-9]+)? ?([KMGkmg]([Ii]?[Bb])?|[Bb])?$';

const UPLOAD: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    overwrite: {
      type: 'boolean',
      default: false,
      description: 'Whether an upload may replace an existing file.',
    },
    delete: {
      type: 'boolean',
      default: false,
      description: 'Whether clients can delete files and empty folders, by DELETE and in the listing.',
    },
    maxSize: {
      type: 'string',
      pattern: SIZE_PATTERN,
      errorMessage: 'a size such as "500MB" or "2GiB"',
      default: '1GiB',
      description: 'The largest file that is accepted.',
    },
  },
};

const time = (description: string, value: string): Schema => ({
  type: 'string',
  pattern: '^[0-9]+(\\.[0-9]{1,3})? ?(ms|s|m|h)?$',
  errorMessage: 'a time such as "65s" or "500ms"',
  default: value,
  description,
});

const size = (description: string, value: string): Schema => ({
  type: 'string',
  pattern: SIZE_PATTERN,
  errorMessage: 'a size such as "16K" or "64KiB"',
  default: value,
  description,
});

const TIMEOUTS: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    idle: time('How long a kept connection waits for its next request (keep-alive).', '65s'),
    headers: time('How long the head of a request may take.', '30s'),
    receive: time('How long the content of a request may pause.', '60s'),
    send: time('How long a client may take no data.', '60s'),
  } satisfies Record<keyof TimeoutConfig, Schema>,
};

const LIMITS: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    maxRequestLineSize: size('The method and the URL of a request. Beyond it: 414.', '8K'),
    maxHeaderSize: size('All headers of a request. Beyond it: 431.', '16K'),
    maxConnections: {
      type: 'integer',
      minimum: 1,
      description: 'Connections at once, in each worker; more of them wait. Without it there is no limit.',
    },
    maxRequestsPerConnection: {
      type: 'integer',
      minimum: 1,
      description: 'Requests on one connection; then it is closed. Without it there is no limit.',
    },
  } satisfies Record<keyof LimitConfig, Schema>,
};

const ACME: Schema = {
  type: 'object',
  required: ['names'],
  additionalProperties: false,
  properties: {
    names: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      minItems: 1,
      description: 'The host names of the certificate.',
      examples: [['example.com', 'www.example.com']],
    },
    email: { type: 'string', minLength: 1, description: 'A contact address for the certificate authority.' },
    directory: {
      type: 'string',
      minLength: 1,
      default: 'letsencrypt',
      description: 'The directory URL of another authority, or "letsencrypt-staging".',
    },
  } satisfies Record<keyof AcmeConfig, Schema>,
};

const HSTS_SECONDS: Schema = { type: 'integer', minimum: 0 };

const HSTS: Schema = {
  type: 'object',
  required: ['maxAge'],
  additionalProperties: false,
  properties: {
    maxAge: { ...HSTS_SECONDS, description: 'Seconds. 0 makes browsers forget it.', examples: [31_536_000] },
    includeSubDomains: {
      type: 'boolean',
      default: false,
      description: 'Whether it also applies to all names below this host.',
    },
    preload: {
      type: 'boolean',
      default: false,
      description:
        'Whether browsers may ship the name in their own list. Requires includeSubDomains and a year.',
    },
  } satisfies Record<keyof HstsOptions, Schema>,
};

const FILE_NAME: Schema = { type: 'string', minLength: 1 };

const PROPERTIES = {
  $schema: { type: 'string', description: 'The path of this schema, for editors.' },
  root: {
    type: 'string',
    minLength: 1,
    default: '.',
    description:
      'The folder to serve, relative to the folder of this file. A folder on the command line takes precedence.',
  },
  index: {
    anyOf: [FILE_NAME, { enum: [false] }],
    errorMessage: 'a file name or false',
    default: 'index.html',
    description: 'The file that is served for a folder.',
  },
  spa: {
    anyOf: [{ type: 'boolean' }, FILE_NAME],
    default: false,
    description:
      'Whether navigations to paths that match no file get index.html, or the named file. Missing images, scripts and the like still get 404.',
  },
  cleanUrls: {
    type: 'boolean',
    default: false,
    description: 'Whether /about serves about.html, and /about.html redirects to /about.',
  },
  notFound: {
    ...FILE_NAME,
    default: '404.html',
    description: 'The page that 404 responses carry, if it exists.',
  },
  listing: {
    type: 'boolean',
    default: false,
    description: 'Whether a folder without an index file shows a list of its files.',
  },
  dotfiles: {
    type: 'boolean',
    default: false,
    description: 'Whether to serve files whose names begin with a dot. /.well-known is always served.',
  },
  symlinks: {
    enum: ['within', 'anywhere'],
    default: 'within',
    description: 'Where symbolic links may point: within the root, or anywhere on this machine.',
  },
  cacheControl: {
    anyOf: [{ type: 'string', minLength: 1 }, { enum: [false] }],
    errorMessage: 'a Cache-Control value or false',
    description:
      'Cache-Control for every file; false sends none. Default: "no-cache", and a year for names that contain a hash.',
    examples: ['max-age=3600'],
  },
  mediaTypes: {
    type: 'object',
    description: 'Media types by file name extension, in addition to the built-in ones or replacing them.',
    additionalProperties: { type: 'string', minLength: 1 },
    examples: [{ gltf: 'model/gltf+json' }],
  },
  compress: {
    type: 'boolean',
    default: true,
    description: 'Whether text is compressed (br, zstd, gzip) for clients that accept it.',
  },
  precompressed: {
    type: 'boolean',
    default: true,
    description:
      'Whether app.js.br, app.js.zst or app.js.gz is sent instead of app.js, to clients that accept it. With "upload" the default is false: otherwise an upload could stand in for a file that it must not replace.',
  },
  headers: {
    type: 'array',
    items: HEADER_RULE,
    description: 'Response headers by path. All matching rules apply; the last one that sets a header wins.',
  },
  redirects: {
    type: 'array',
    items: REDIRECT,
    description: 'Redirects by path. The first matching rule applies.',
  },
  cors: {
    anyOf: [{ type: 'boolean' }, CORS],
    default: false,
    description: 'Whether scripts of other origins may read responses (CORS); true allows all origins.',
  },
  auth: {
    type: 'array',
    items: { type: 'string', writeOnly: true, errorMessage: 'name:hash, as "serval hash name" prints it' },
    minItems: 1,
    writeOnly: true,
    errorMessage: 'an array of name:hash, as "serval hash name" prints it',
    description:
      'The users that have access, each as name:hash. "serval hash name" asks for a password and prints name:hash.',
  },
  upload: {
    anyOf: [{ type: 'boolean' }, UPLOAD],
    default: false,
    description: 'Whether clients can upload files, by PUT and by a form in the listing.',
  },
  tls: {
    type: 'boolean',
    default: false,
    description:
      'Whether to use HTTPS with a certificate for development, signed by your own authority; "serval trust" tells how to trust it.',
  },
  cert: {
    ...FILE_NAME,
    description:
      'The file of a certificate with its chain, as PEM, relative to the folder of this file. It is read again when it changes.',
  },
  key: { ...FILE_NAME, description: 'The file of its private key, as PEM.' },
  acme: {
    ...ACME,
    description:
      "A certificate from Let's Encrypt, or another authority, renewed automatically. You agree to its terms of service.",
  },
  redirectHttp: {
    type: 'integer',
    minimum: 0,
    maximum: 65_535,
    description: 'A second port, for plain HTTP, that redirects to HTTPS. Requires tls, cert or acme.',
    examples: [80],
  },
  hsts: {
    anyOf: [HSTS_SECONDS, HSTS],
    errorMessage: 'a number of seconds, or an object such as { "maxAge": 31536000 }',
    description:
      'How long browsers use only HTTPS for this host (Strict-Transport-Security), in seconds. Requires cert or acme.',
    examples: [31_536_000],
  },
  timeouts: { ...TIMEOUTS, description: 'How long the server waits for clients; "0" disables.' },
  limits: { ...LIMITS, description: 'How much the server accepts from clients.' },
} satisfies Record<keyof SiteConfig, Schema>;

export const CONFIG_SCHEMA: Schema = {
  description: 'Settings of the serval command for one site.',
  type: 'object',
  additionalProperties: false,
  properties: PROPERTIES,
};
