/** The words of `--header`: as with curl, a line sets a field, and a name with a bare colon takes a default field away. */
import type { FetchInit } from '../../client/index.ts';
import { HOP_BY_HOP } from '../../semantics/connection/hop-by-hop.ts';
import { isFieldValue, isToken, withoutOWS } from '../../semantics/field-syntax.ts';
import { UsageError } from '../options/usage-error.ts';

type Omitted = NonNullable<FetchInit['omit']>[number];

export interface FieldWords {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly omitted: readonly Omitted[];
}

const OMITTABLE: readonly string[] = [
  'accept',
  'accept-encoding',
  'content-type',
  'user-agent',
] satisfies Omitted[];

/** RFC 9112 §3.2 and §6: a request has a Host, and the client itself says how the content is framed. */
const REQUIRED: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding']);

/** @throws {UsageError} */
export function readFieldWords(lines: readonly string[]): FieldWords {
  const fields: [name: string, value: string][] = [];
  const omitted = new Set<string>();
  for (const line of lines) {
    if (line.startsWith('@'))
      throw new UsageError(`--header "${line}": a file with fields is not supported.`);
    const end = /[:;]/.exec(line)?.index ?? line.length;
    const name = line.slice(0, end);
    const lower = name.toLowerCase();
    const value = withoutOWS(line, end + 1);
    // `Name;` is an empty field. `Name: ` is what a script makes of an empty variable, and curl takes it for `Name:`.
    const isEmpty = line[end] === ';' && value === '';
    if (!isToken(name) || !isFieldValue(value) || end === line.length || (line[end] === ';' && !isEmpty))
      throw new UsageError(
        `--header ${JSON.stringify(line)}: expected a field line, as in "Accept: text/plain".`,
      );
    if (isEmpty || value !== '') fields.push([checkedName(name, lower, value), value]);
    else if (REQUIRED.has(lower))
      throw new UsageError(`--header "${name}:": a request can't do without this field.`);
    else omitted.add(lower);
  }
  return { fields, omitted: [...omitted].filter((name): name is Omitted => OMITTABLE.includes(name)) };
}

/** The client drops fields about the hop, because it decides about them itself. */
function checkedName(name: string, lower: string, value: string): string {
  const isSent = !HOP_BY_HOP.has(lower) || (lower === 'connection' && value.toLowerCase() === 'close');
  if (!isSent)
    throw new UsageError(`--header "${name}": this field is about the connection, and can't be set.`);
  return name;
}
