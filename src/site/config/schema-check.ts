/**
 * Checks a value against the part of JSON Schema (draft 7) that `config-schema.ts` uses, and reports each error in words.
 * An unknown keyword throws: a schema must not promise more than is checked.
 */
import { closestWord } from './closest-word.ts';
import { foreignMemberAdvice } from './foreign-members.ts';

type JsonType = 'string' | 'boolean' | 'integer' | 'null' | 'array' | 'object';

export interface Schema {
  readonly type?: JsonType;
  readonly enum?: readonly (string | number | boolean)[];
  /** A regular expression, not anchored, as in JSON Schema. Needs an `errorMessage`. */
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
  readonly anyOf?: readonly Schema[];

  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** Completes "expected …", in editors as well as here. */
  readonly errorMessage?: string;
  /** The value is a secret: no message repeats it. */
  readonly writeOnly?: boolean;
}

const KNOWN_KEYWORDS: ReadonlySet<string> = new Set<keyof Schema>([
  'type',
  'enum',
  'pattern',
  'minLength',
  'minimum',
  'maximum',
  'items',
  'minItems',
  'properties',
  'required',
  'additionalProperties',
  'anyOf',
  'description',
  'default',
  'examples',
  'errorMessage',
  'writeOnly',
]);

export interface Problem {
  /** Such as `redirects[2].status`; empty for the whole value. */
  readonly path: string;
  readonly message: string;
}

/** Finds all errors in `value`, in the order of its members. */
export function schemaProblems(schema: Schema, value: unknown, path = ''): Problem[] {
  for (const keyword of Object.keys(schema)) {
    if (!KNOWN_KEYWORDS.has(keyword)) throw new TypeError(`schemaProblems: unknown keyword: ${keyword}`);
  }
  const misfit: Problem[] = [
    { path, message: `expected ${expectation(schema)}, got ${shown(value, schema)}` },
  ];
  if (schema.anyOf !== undefined) return choiceProblems(schema, value, path, misfit);
  if (schema.type !== undefined && !hasType(schema.type, value)) return misfit;
  if (schema.enum !== undefined && !schema.enum.some((choice) => choice === value)) return misfit;
  if (typeof value === 'string') {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) return misfit;
    if (schema.minLength !== undefined && [...value].length < schema.minLength) return misfit;
  }
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)) return misfit;
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return misfit;
    const { items } = schema;
    if (items === undefined) return [];
    return value.flatMap((item, i) => schemaProblems(items, item, `${path}[${i}]`));
  }
  return isObject(value) ? objectProblems(schema, value, path) : [];
}

/** If exactly one of several schemas has the type of the value, its errors are reported, since it is probably meant. */
function choiceProblems(
  { anyOf = [], errorMessage }: Schema,
  value: unknown,
  path: string,
  misfit: readonly Problem[],
): Problem[] {
  const meant = anyOf.filter(({ type }) => type === undefined || hasType(type, value));
  const results = meant.map((choice) => schemaProblems(choice, value, path));
  if (results.some((problems) => problems.length === 0)) return [];
  if (results.length !== 1) return [...misfit];
  // The message of the choice as a whole, unless the error is in a member.
  const deeper = results[0]!.some((problem) => problem.path !== path);
  return errorMessage === undefined || deeper ? results[0]! : [...misfit];
}

function objectProblems(schema: Schema, value: Record<string, unknown>, path: string): Problem[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const problems: Problem[] = [];
  for (const [name, member] of Object.entries(value)) {
    const at = memberPath(path, name);
    if (Object.hasOwn(properties, name)) {
      problems.push(...schemaProblems(properties[name]!, member, at));
    } else if (additionalProperties === false) {
      problems.push({
        path: at,
        message: `unknown member; ${adviceFor(path, name, Object.keys(properties))}`,
      });
    } else if (additionalProperties !== undefined) {
      problems.push(...schemaProblems(additionalProperties, member, at));
    }
  }
  for (const name of required) {
    if (!Object.hasOwn(value, name)) problems.push({ path: memberPath(path, name), message: 'required' });
  }
  return problems;
}

function adviceFor(path: string, name: string, known: readonly string[]): string {
  const foreign = foreignMemberAdvice(path, name);
  if (foreign !== undefined) return foreign;
  const close = closestWord(name, known);
  return close === undefined ? `known members: ${known.join(', ')}` : `did you mean "${close}"?`;
}

/** `a.b`, or `a["b c"]` if the name is not an identifier. */
export function memberPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** What a schema requires, in words that complete "expected …". */
export function expectation(schema: Schema): string {
  if (schema.errorMessage !== undefined) return schema.errorMessage;
  if (schema.anyOf !== undefined) return alternatives(schema.anyOf.map(expectation));
  if (schema.enum !== undefined) return alternatives(schema.enum.map((choice) => JSON.stringify(choice)));
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer': {
      const { minimum, maximum } = schema;
      const from = minimum === undefined ? '' : ` from ${minimum}`;
      return `an integer${from}${maximum === undefined ? '' : ` to ${maximum}`}`;
    }
    case 'string':
      return schema.minLength === undefined ? 'a string' : 'a non-empty string';
    case 'array':
      return schema.minItems === undefined ? 'an array' : 'a non-empty array';
    case 'object':
      return 'an object';
    default:
      return String(schema.type);
  }
}

function alternatives(texts: readonly string[]): string {
  const unique = [...new Set(texts)];
  return unique.length < 2 ? unique.join() : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`;
}

const MAX_SHOWN = 60;

function shown(value: unknown, { writeOnly }: Schema): string {
  if (writeOnly) return 'another value';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function hasType(type: JsonType, value: unknown): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
