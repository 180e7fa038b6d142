/** The settings of a site, and `serval.json`, in which they are written. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isFieldValue } from '../semantics/field-syntax.ts';
import { mediaTypeEssence } from '../semantics/media-type.ts';
import { ConfigError } from './config-error.ts';
import { CONFIG_SCHEMA } from './config-schema.ts';
import { type CorsOptions, corsProblem } from './cors.ts';
import { fieldProblem, type HeaderRule } from './header-rules.ts';
import { parseOctetSize } from './octet-size.ts';
import { parsePattern } from './path-pattern.ts';
import { compileRedirect, type Redirect } from './redirects.ts';
import { memberPath, type Problem, schemaProblems } from './schema-check.ts';
import { parseUser } from './users.ts';

/** What each member means is said in config-schema.ts. */
export interface SiteConfig {
  readonly $schema?: string;
  readonly root?: string;
  readonly index?: string | false;
  readonly spa?: boolean | string;
  readonly cleanUrls?: boolean;
  readonly notFound?: string;
  readonly listing?: boolean;
  readonly dotfiles?: boolean;
  readonly symlinks?: 'within' | 'anywhere';
  readonly cacheControl?: string | false;
  readonly mediaTypes?: Readonly<Record<string, string>>;
  readonly compress?: boolean;
  readonly precompressed?: boolean;
  readonly headers?: readonly HeaderRule[];
  readonly redirects?: readonly Redirect[];
  readonly cors?: boolean | CorsOptions;
  readonly auth?: readonly string[];
  readonly upload?: boolean | UploadConfig;
}

export interface UploadConfig {
  readonly overwrite?: boolean;
  /** As parseOctetSize reads it. */
  readonly maxSize?: string;
}

/**
 * Reads and checks a config file. `root` comes back as an absolute path.
 *
 * @throws {ConfigError}
 */
export async function readConfig(file: string): Promise<SiteConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigError(code === 'ENOENT' ? `there is no config file ${file}` : `${file}: ${message}`);
  }
  const value = parseJson(text, file);
  const problems = configProblems(value);
  if (problems.length > 0) {
    const lines = problems.map(({ path, message }) => `${path === '' ? '' : `${path}: `}${message}`);
    if (lines.length === 1) throw new ConfigError(`${file}: ${lines[0]}`);
    throw new ConfigError(
      `${file} has ${lines.length} mistakes:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    );
  }
  const config = value as SiteConfig;
  return config.root === undefined ? config : { ...config, root: resolve(dirname(file), config.root) };
}

/** The config with what the command line says instead; a choice about uploads keeps the others. */
export function withOptions(config: SiteConfig, options: SiteConfig): SiteConfig {
  const merged = { ...config, ...options };
  if (typeof config.upload !== 'object' || typeof options.upload !== 'object') return merged;
  return { ...merged, upload: { ...config.upload, ...options.upload } };
}

/** Everything that is wrong with a config: first its shape, and once that is right, what it means. */
export function configProblems(value: unknown): Problem[] {
  const problems = schemaProblems(CONFIG_SCHEMA, value);
  return problems.length > 0 ? problems : meaningProblems(value as SiteConfig);
}

function meaningProblems(config: SiteConfig): Problem[] {
  const problems: Problem[] = [];
  const report = (path: string, message: string | undefined): void => {
    if (message !== undefined) problems.push({ path, message });
  };
  for (const [i, { source, headers }] of config.headers?.entries() ?? []) {
    report(
      `headers[${i}].source`,
      complaintOf(() => parsePattern(source)),
    );
    for (const [name, value] of Object.entries(headers)) {
      report(memberPath(`headers[${i}].headers`, name), fieldProblem(name, value));
    }
  }
  for (const [i, redirect] of config.redirects?.entries() ?? []) {
    const [, member, message] = splitComplaint(complaintOf(() => compileRedirect(redirect)));
    report(`redirects[${i}].${member}`, message);
  }
  if (typeof config.cors === 'object') {
    const [, member, message] = splitComplaint(corsProblem(config.cors));
    report(`cors.${member}`, message);
  }
  const names = new Set<string>();
  for (const [i, user] of config.auth?.entries() ?? []) {
    report(
      `auth[${i}]`,
      complaintOf(() => {
        const { name } = parseUser(user);
        if (names.has(name)) throw new TypeError(`the user "${name}" is there twice`);
        names.add(name);
      }),
    );
  }
  for (const [extension, type] of Object.entries(config.mediaTypes ?? {})) {
    const valid = mediaTypeEssence(type) !== undefined && isFieldValue(type);
    report(memberPath('mediaTypes', extension), valid ? undefined : `"${type}" is not a media type`);
  }
  const { cacheControl, upload } = config;
  if (typeof cacheControl === 'string' && !isFieldValue(cacheControl)) {
    report('cacheControl', "it has characters that can't be sent");
  }
  if (
    typeof upload === 'object' &&
    upload.maxSize !== undefined &&
    parseOctetSize(upload.maxSize) === undefined
  ) {
    report('upload.maxSize', `"${upload.maxSize}" is not a size`);
  }
  return problems;
}

/** `destination: not a path` is about the member `destination`. */
function splitComplaint(complaint = ''): readonly (string | undefined)[] {
  return /^([\w[\]]+): (.*)$/s.exec(complaint) ?? [];
}

function complaintOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function parseJson(text: string, file: string): unknown {
  // A byte order mark is no JSON (RFC 8259 §8.1), and some editors write one.
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    const { message } = error as Error;
    const at = /at position (\d+)/.exec(message)?.[1];
    const before = at === undefined ? undefined : json.slice(0, Number(at)).split('\n');
    const place = before === undefined ? '' : `:${before.length}:${before.at(-1)!.length + 1}`;
    throw new ConfigError(`${file}${place} is not JSON: ${message}`);
  }
}
