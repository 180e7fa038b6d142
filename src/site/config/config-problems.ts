/** Finds what is wrong with a config: first its shape, and once that is right, its values. */
import { isFieldValue } from '../../semantics/field-syntax.ts';
import { mediaTypeEssence } from '../../semantics/media-type.ts';
import { corsProblem } from '../access/cors.ts';
import { parseUser } from '../access/users.ts';
import { fieldProblem } from '../rules/header-rules.ts';
import { parsePattern } from '../rules/path-pattern.ts';
import { compileRedirect } from '../rules/redirects.ts';
import { parseByteSize } from './byte-size.ts';
import { CONFIG_SCHEMA } from './config-schema.ts';
import { memberPath, type Problem, schemaProblems } from './schema-check.ts';
import { serverProblems } from './server-config.ts';
import type { SiteConfig } from './site-config.ts';
import { tlsProblems } from './tls-config.ts';

export function configProblems(value: unknown): Problem[] {
  const problems = schemaProblems(CONFIG_SCHEMA, value);
  return problems.length > 0 ? problems : valueProblems(value as SiteConfig);
}

function valueProblems(config: SiteConfig): Problem[] {
  const problems: Problem[] = [];
  const report = (path: string, message: string | undefined): void => {
    if (message !== undefined) problems.push({ path, message });
  };
  for (const [i, { source, headers }] of config.headers?.entries() ?? []) {
    report(
      `headers[${i}].source`,
      messageOf(() => parsePattern(source)),
    );
    for (const [name, value] of Object.entries(headers)) {
      report(memberPath(`headers[${i}].headers`, name), fieldProblem(name, value));
    }
  }
  for (const [i, redirect] of config.redirects?.entries() ?? []) {
    const [, member, message] = splitMessage(messageOf(() => compileRedirect(redirect)));
    report(`redirects[${i}].${member}`, message);
  }
  if (typeof config.cors === 'object') {
    const [, member, message] = splitMessage(corsProblem(config.cors));
    report(`cors.${member}`, message);
  }
  const names = new Set<string>();
  for (const [i, user] of config.auth?.entries() ?? []) {
    report(
      `auth[${i}]`,
      messageOf(() => {
        const { name } = parseUser(user);
        if (names.has(name)) throw new TypeError(`duplicate user "${name}"`);
        names.add(name);
      }),
    );
  }
  for (const [extension, type] of Object.entries(config.mediaTypes ?? {})) {
    const isValid = mediaTypeEssence(type) !== undefined && isFieldValue(type);
    report(memberPath('mediaTypes', extension), isValid ? undefined : `expected a media type, got "${type}"`);
  }
  const { cacheControl, upload } = config;
  if (typeof cacheControl === 'string' && !isFieldValue(cacheControl)) {
    report('cacheControl', 'contains characters that a header value cannot contain');
  }
  if (
    typeof upload === 'object' &&
    upload.maxSize !== undefined &&
    parseByteSize(upload.maxSize) === undefined
  ) {
    report('upload.maxSize', `expected a size of at least 1 byte, got "${upload.maxSize}"`);
  }
  return [...problems, ...serverProblems(config), ...tlsProblems(config)];
}

/** Splits `destination: expected a path` into the member and what is wrong with it. */
function splitMessage(message = ''): readonly (string | undefined)[] {
  return /^([\w[\]]+): (.*)$/s.exec(message) ?? [];
}

/** The message of what `check` throws. */
function messageOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
