/** Types and signatures as TypeScript writes them, from TypeDoc's JSON. */
import type { Reflection, TypeNode } from './reflections.ts';

export function typeText(type: TypeNode | undefined): string {
  if (type === undefined) return 'unknown';
  switch (type.type) {
    case 'intrinsic':
    case 'unknown':
      return type.name ?? 'unknown';
    case 'reference':
      return `${type.name}${argumentsText(type.typeArguments)}`;
    case 'literal':
      return typeof type.value === 'string' ? `'${type.value}'` : String(type.value);
    case 'union':
      return (type.types ?? []).map(memberText).join(' | ');
    case 'intersection':
      return (type.types ?? []).map(memberText).join(' & ');
    case 'array':
      return `${grouped(type.elementType)}[]`;
    case 'typeOperator':
      return `${type.operator} ${typeText(type.targetType as TypeNode)}`;
    case 'tuple':
      return `[${(type.elements ?? []).map(typeText).join(', ')}]`;
    case 'namedTupleMember':
      return `${type.name}${type.isOptional === true ? '?' : ''}: ${typeText(type.element)}`;
    case 'optional':
      return `${typeText(type.elementType)}?`;
    case 'rest':
      return `...${typeText(type.elementType)}`;
    case 'indexedAccess':
      return `${typeText(type.objectType)}[${typeText(type.indexType)}]`;
    case 'query':
      return `typeof ${typeText(type.queryType)}`;
    case 'predicate':
      return `${type.asserts === true ? 'asserts ' : ''}${type.name}${type.targetType ? ` is ${typeText(type.targetType)}` : ''}`;
    case 'reflection':
      return reflectionText(type.declaration);
    default:
      throw new Error(`tools/site/api/type-text.ts: a type "${type.type}" of TypeDoc has no text yet`);
  }
}

/** `name<T>(a: A, b?: B): C`, or with another mark before the result. */
export function signatureText(signature: Reflection, name: string, mark = ': '): string {
  const parameters = (signature.parameters ?? []).map(parameterText).join(', ');
  const result = signature.type === undefined ? '' : `${mark}${typeText(signature.type)}`;
  return `${name}${typeParametersText(signature.typeParameters)}(${parameters})${result}`;
}

export function typeParametersText(parameters: readonly Reflection[] | undefined): string {
  if (parameters === undefined || parameters.length === 0) return '';
  const each = parameters.map(
    ({ name, type, default: otherwise }) =>
      `${name}${type === undefined ? '' : ` extends ${typeText(type)}`}${otherwise === undefined ? '' : ` = ${typeText(otherwise)}`}`,
  );
  return `<${each.join(', ')}>`;
}

function parameterText({ name, flags, type, defaultValue }: Reflection): string {
  const isOptional = flags.isOptional === true || defaultValue !== undefined;
  // A parameter that is taken apart has no name of its own.
  const shown = name === '__namedParameters' ? 'options' : name;
  return `${flags.isRest === true ? '...' : ''}${shown}${isOptional ? '?' : ''}: ${typeText(type)}`;
}

const argumentsText = (types: readonly TypeNode[] | undefined): string =>
  types === undefined || types.length === 0 ? '' : `<${types.map(typeText).join(', ')}>`;

const isFunction = (type: TypeNode | undefined): boolean =>
  type?.type === 'reflection' && type.declaration?.signatures !== undefined;

/** In parentheses where it would be read differently without them. */
const memberText = (type: TypeNode): string => (isFunction(type) ? `(${typeText(type)})` : typeText(type));

function grouped(type: TypeNode | undefined): string {
  const text = typeText(type);
  return type !== undefined &&
    (['union', 'intersection', 'typeOperator'].includes(type.type) || isFunction(type))
    ? `(${text})`
    : text;
}

function reflectionText(declaration: Reflection | undefined): string {
  const { signatures = [], children = [], indexSignatures = [] } = declaration ?? {};
  const [only] = signatures;
  if (only !== undefined && signatures.length === 1 && children.length === 0)
    return signatureText(only, '', ' => ');
  const members = [
    ...signatures.map((signature) => signatureText(signature, '')),
    ...indexSignatures.map(
      ({ parameters = [], type }) => `[${parameters.map(parameterText).join(', ')}]: ${typeText(type)}`,
    ),
    ...children.map(memberOfReflection),
  ];
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`;
}

function memberOfReflection(member: Reflection): string {
  const [signature] = member.signatures ?? [];
  if (signature !== undefined) return signatureText(signature, member.name);
  const { isReadonly, isOptional } = member.flags;
  return `${isReadonly === true ? 'readonly ' : ''}${member.name}${isOptional === true ? '?' : ''}: ${typeText(member.type)}`;
}
