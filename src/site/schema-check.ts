/**
 * JSON Schema (draft 7), as much of it as `config-schema.ts` uses: whether a value fits, and where it does not, in words.
 * A keyword that is not known here throws: a schema that promises more than is checked would be a lie.
 */
import { closestWord } from './closest-word.ts';

type JsonType = 'string' | 'boolean' | 'integer' | 'null' | 'array' | 'object';

export interface Schema {
  readonly type?: JsonType;
  readonly enum?: readonly (string | number | boolean)[];
  /** The expression is searched for, as JSON Schema has it. Goes with `errorMessage`. */
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
  /** What editors say, and we too: `a path that begins with "/"`. */
  readonly errorMessage?: string;
  /** A secret: what is there is never repeated. */
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
  /** `redirects[2].status`; empty for the value as a whole. */
  readonly path: string;
  readonly message: string;
}

/** Everything that is wrong with `value`, in the order in which it stands there. */
export function schemaProblems(schema: Schema, value: unknown, path = ''): Problem[] {
  for (const keyword of Object.keys(schema)) {
    if (!KNOWN_KEYWORDS.has(keyword)) throw new TypeError(`schemaProblems: no such keyword: ${keyword}`);
  }
  const misfit: Problem[] = [
    { path, message: `expected ${expectation(schema)}, but there is ${shown(value, schema)}` },
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

/** Of several schemas, the one that is meant is the one of the right type: what is wrong with that is worth saying. */
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
  // The choice as a whole has its own words, unless the fault lies deeper.
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
      const close = closestWord(name, Object.keys(properties));
      const advice =
        close === undefined ? `there are ${Object.keys(properties).join(', ')}` : `did you mean "${close}"?`;
      problems.push({ path: at, message: `unknown; ${advice}` });
    } else if (additionalProperties !== undefined) {
      problems.push(...schemaProblems(additionalProperties, member, at));
    }
  }
  for (const name of required) {
    if (!Object.hasOwn(value, name)) problems.push({ path: memberPath(path, name), message: 'missing' });
  }
  return problems;
}

/** `a.b`, or `a["b c"]` where the name is not one. */
export function memberPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** What a schema asks for, in words. */
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
      return `a whole number${from}${maximum === undefined ? '' : ` to ${maximum}`}`;
    }
    case 'string':
      return schema.minLength === undefined ? 'a text' : 'a text that is not empty';
    case 'array':
      return schema.minItems === undefined ? 'a list' : 'a list that is not empty';
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
  if (writeOnly) return 'something else';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
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
