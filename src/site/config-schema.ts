/**
 * What may stand in `serval.json`, as a JSON Schema. This is the only place where that is said: the checker walks it, and
 * `schema/serval.schema.json`, which editors read, is written from it by `npm run docs`.
 */
import type { SiteConfig } from './config.ts';
import type { Schema } from './schema-check.ts';

const SOURCE: Schema = {
  type: 'string',
  minLength: 1,
  description:
    'The paths it is for. "*" stands for any characters of a segment, "**" for any number of segments, ":name" for one segment and ":name*" for any number of them (both are remembered), "{a,b}" for one of several.',
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
      description: 'Field values by name; null takes a field away.',
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
        'A path, or a URL with http:// or https://. The parameters of the source may stand in its path and its query.',
      examples: ['/new/:page', 'https://example.com/:path*'],
    },
    status: {
      enum: [301, 302, 303, 307, 308],
      default: 302,
      description:
        '301 and 308 are for good: browsers remember them. 307 and 308 keep the method and the content.',
    },
  },
};

const CORS: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    origins: {
      anyOf: [{ enum: ['*'] }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
      errorMessage: '"*" or a list of origins',
      default: '*',
      examples: [['https://app.example', 'http://localhost:3000']],
      description: 'Who may read. Nobody may upload from elsewhere.',
    },
    credentials: {
      type: 'boolean',
      default: false,
      description: 'Whether cookies and passwords may come along; needs a list of origins.',
    },
    maxAge: {
      type: 'integer',
      minimum: 0,
      maximum: 31_536_000,
      default: 86_400,
      description: 'For how many seconds browsers may remember what is allowed.',
    },
  },
};

const UPLOAD: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    overwrite: {
      type: 'boolean',
      default: false,
      description: 'Whether an upload may replace a file that is there.',
    },
    maxSize: {
      type: 'string',
      pattern: '^[0-9]+(\\.[0-9]+)? ?([KMGkmg]([Ii]?[Bb])?|[Bb])?$',
      errorMessage: 'a size such as "500MB" or "2GiB"',
      default: '1GiB',
      description: 'The largest file that is taken.',
    },
  },
};

const FILE_NAME: Schema = { type: 'string', minLength: 1 };

const PROPERTIES = {
  $schema: { type: 'string', description: 'Where this schema is, for editors.' },
  root: {
    type: 'string',
    minLength: 1,
    default: '.',
    description:
      'The folder to serve, from the folder of this file. A folder on the command line counts more.',
  },
  index: {
    anyOf: [FILE_NAME, { enum: [false] }],
    errorMessage: 'the name of a file or false',
    default: 'index.html',
    description: 'The file that is sent for a folder.',
  },
  spa: {
    anyOf: [{ type: 'boolean' }, FILE_NAME],
    default: false,
    description:
      'Whether navigations to paths that are no files are answered with index.html, or with the file that is named. What is missing and is no page stays 404.',
  },
  cleanUrls: {
    type: 'boolean',
    default: false,
    description: 'Whether /about is answered with about.html, and /about.html redirects to /about.',
  },
  notFound: {
    ...FILE_NAME,
    default: '404.html',
    description: 'The page that is sent with 404, if it exists.',
  },
  listing: {
    type: 'boolean',
    default: false,
    description: 'Whether a folder without an index shows what is in it.',
  },
  dotfiles: {
    type: 'boolean',
    default: false,
    description: 'Whether files whose names begin with a dot are served. /.well-known always is.',
  },
  symlinks: {
    enum: ['within', 'anywhere'],
    default: 'within',
    description: 'Where symbolic links may lead: within the root, or anywhere on this machine.',
  },
  cacheControl: {
    anyOf: [{ type: 'string', minLength: 1 }, { enum: [false] }],
    errorMessage: 'the value of a Cache-Control field or false',
    description:
      'Cache-Control for every file; false for none. Without it: "no-cache", and a year for names with a hash in them.',
    examples: ['max-age=3600'],
  },
  mediaTypes: {
    type: 'object',
    description: 'Media types by the extension of file names, beyond or instead of those that are known.',
    additionalProperties: { type: 'string', minLength: 1 },
    examples: [{ gltf: 'model/gltf+json' }],
  },
  compress: {
    type: 'boolean',
    default: true,
    description: 'Whether text is coded on the way (br, zstd, gzip), as clients ask.',
  },
  precompressed: {
    type: 'boolean',
    default: true,
    description:
      'Whether a file with .br, .zst or .gz behind its name is sent instead, to those who take it. With "upload", only if this says so: an upload could take the place of a file that it may not replace.',
  },
  headers: {
    type: 'array',
    items: HEADER_RULE,
    description: 'Fields for answers. All rules that match count; of two that set one field, the later.',
  },
  redirects: {
    type: 'array',
    items: REDIRECT,
    description: 'Where paths have moved. The first rule that matches counts.',
  },
  cors: {
    anyOf: [{ type: 'boolean' }, CORS],
    default: false,
    description: 'Whether scripts of other origins may read; true is for all of them.',
  },
  auth: {
    type: 'array',
    items: { type: 'string', writeOnly: true, errorMessage: 'name:hash, as "serval hash name" prints it' },
    minItems: 1,
    writeOnly: true,
    errorMessage: 'a list of name:hash, as "serval hash name" prints it',
    description:
      'Who may come in, each as name:hash. "serval hash name" asks for the password and prints that.',
  },
  upload: {
    anyOf: [{ type: 'boolean' }, UPLOAD],
    default: false,
    description: 'Whether files can be uploaded, by PUT and by a form in the listing.',
  },
} satisfies Record<keyof SiteConfig, Schema>;

export const CONFIG_SCHEMA: Schema = {
  description: 'Settings of the serval command for one site.',
  type: 'object',
  additionalProperties: false,
  properties: PROPERTIES,
};
